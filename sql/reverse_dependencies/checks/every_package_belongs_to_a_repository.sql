-- A package without a repository would count dependents for data that no repository uses.
select packages.ecosystem, packages.name
from packages
left join repository_packages
    on packages.ecosystem = repository_packages.ecosystem
    and packages.name = repository_packages.name
where repository_packages.repository is null
