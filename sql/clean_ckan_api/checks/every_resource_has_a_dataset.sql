-- A resource without its dataset could be mentioned in code and credited to no one.
select
    resources.id,
    resources.package_id
from ckan_clean_all_resources as resources
left join ckan_clean_datasets as datasets on resources.package_id = datasets.id
where datasets.id is null
