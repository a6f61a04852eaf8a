-- Confirmed packages of repositories and how many packages depend on each; one row per repository and package.
select
    pairs.repository,
    packages.ecosystem,
    packages.name,
    packages.dependent_packages_count
from dependents.repository_packages as pairs
inner join dependents.packages as packages
    on pairs.ecosystem = packages.ecosystem
    and pairs.name = packages.name
where
    pairs.is_confirmed
    and pairs.repository in (
        select unnest(from_json($repositories::json, '["VARCHAR"]'))
    )
order by packages.dependent_packages_count desc nulls last, packages.ecosystem, packages.name
