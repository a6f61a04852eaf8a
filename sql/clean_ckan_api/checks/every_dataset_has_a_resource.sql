-- A dataset without a usable resource cannot be found in code and would count as unused.
select
    datasets.id,
    datasets.name
from ckan_clean_datasets as datasets
left join ckan_clean_all_resources as resources on datasets.id = resources.package_id
where resources.id is null
