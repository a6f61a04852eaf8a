-- Why the clean tables cannot be all that the raw ones hold; one row per reason.
with usable as (
    select
        id_of(resources.dataset_id) as dataset_id,
        id_of(resources.id) as id
    from ckan_api.ckan_resources as resources
    inner join newest_datasets on resources.record_number = newest_datasets.record_number
    where id_of(resources.url) is not null
),

lost_datasets as (
    select distinct usable.dataset_id
    from usable
    anti join ckan_clean_datasets on usable.dataset_id = ckan_clean_datasets.id
    -- a resource that another dataset lists too counts there
    where usable.id is null or usable.id not in (select id from ckan_clean_all_resources)
),

empty_tables as (
    select 'ckan_clean_all_resources' as table_name
    where not exists (from ckan_clean_all_resources)
    union all
    select 'ckan_clean_datasets' as table_name
    where not exists (from ckan_clean_datasets)
),

reasons as (
    select
        format(
            '{:,} datasets have resources with a URL, none of them in the clean tables, e.g. "{}"',
            count(*),
            min(dataset_id)
        ) as reason
    from lost_datasets
    having count(*) > 0
    union all
    select format('the table {} is empty', table_name) as reason
    from empty_tables
)

select reason
from reasons
order by reason
