-- Which copy of a dataset counts: the record fetched last; one row per dataset id.
-- key: id
-- not null: id, record_number
with datasets as (
    select
        id,
        record_number
    from ckan_api.ckan_datasets
),

final as (
    select
        id_of(datasets.id) as id,
        max(datasets.record_number) as record_number
    from datasets
    where id_of(datasets.id) is not null
    group by id_of(datasets.id)
)

select * from final
