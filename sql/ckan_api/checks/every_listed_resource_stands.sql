-- Datasets whose record lists another number of resources than are in the table: resources would
-- be lost or doubled on the way from the pages.
with listed as (
    select
        record_number,
        json_array_length(raw_json, '$.resources') as resources
    from ckan_datasets
    where json_type(raw_json, '$.resources') = 'ARRAY'
),

standing as (
    select
        record_number,
        count(*) as resources
    from ckan_resources
    group by record_number
)

select
    listed.record_number as record_number,
    listed.resources as listed,
    coalesce(standing.resources, 0) as standing
from listed
left join standing on listed.record_number = standing.record_number
where listed.resources <> coalesce(standing.resources, 0)
