-- The catalogue that code is compared with: all of it, with what is wanted marked (the resources of
-- the wanted formats; all of them where none is named).
create temp table wanted_formats (format varchar);

create temp view searched_resources as
select
    id,
    package_id as dataset_id,
    url,
    not exists (from wanted_formats)
    or coalesce(
        lower(trim(format)) in (select wanted_formats.format from wanted_formats),
        false
    ) as is_wanted
from clean_ckan_api.ckan_clean_all_resources
order by id;

create temp view searched_datasets as
select
    id,
    name,
    url
from clean_ckan_api.ckan_clean_datasets
order by id;
