-- What of the catalogue is searched for: the resources of the wanted formats (of all, where none is
-- named) and their datasets.
create temp table wanted_formats (format varchar);

create temp view searched_resources as
select
    id,
    package_id as dataset_id,
    url
from clean_ckan_api.ckan_clean_all_resources
where
    not exists (from wanted_formats)
    or lower(trim(format)) in (select wanted_formats.format from wanted_formats)
order by id;

create temp view searched_datasets as
select
    id,
    name,
    url
from clean_ckan_api.ckan_clean_datasets
where id in (select dataset_id from searched_resources)
order by id;
