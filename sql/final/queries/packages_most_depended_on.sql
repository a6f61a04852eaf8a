-- Confirmed packages of repositories that mention data, by the packages that depend on them.
select
    ecosystem,
    name,
    registry_url,
    repositories,
    datasets,
    dependent_packages_count
from final_packages
where is_confirmed and counted_as = 'original'
order by dependent_packages_count desc nulls last, datasets desc, ecosystem, name
limit 20
