-- A pair that points nowhere would vanish from one join and stay in another.
select repository_packages.repository, repository_packages.ecosystem, repository_packages.name
from repository_packages
left join repositories on repository_packages.repository = repositories.repository
left join packages
    on repository_packages.ecosystem = packages.ecosystem
    and repository_packages.name = packages.name
where repositories.repository is null or packages.name is null
