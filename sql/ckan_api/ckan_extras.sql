-- Extras, the portal's own fields, as the datasets list them; one row per extra and dataset record.
-- not null: record_number
with records as (
    select
        page_number * 1000000000 + rowid as record_number,
        dataset.id as dataset_id,
        unnest(dataset.extras) as item
    from page_records
),

final as (
    select
        records.dataset_id as dataset_id,
        records.item.id as id,
        records.item.key as key,
        records.item.value as value,
        records.item.package_id as package_id,
        records.item.state as state,

        records.record_number as record_number
    from records
    where records.item.key is not null
)

select * from final
