-- Groups as the datasets list them; one row per group and dataset record.
-- not null: record_number
with records as (
    select
        page_number * 1000000000 + rowid as record_number,
        dataset.id as dataset_id,
        unnest(dataset.groups) as item
    from page_records
),

final as (
    select
        records.dataset_id as dataset_id,
        records.item.id as id,
        records.item.name as name,
        records.item.title as title,
        records.item.display_name as display_name,
        records.item.description as description,
        records.item.image_display_url as image_display_url,

        records.record_number as record_number
    from records
    where records.item.name is not null or records.item.id is not null
)

select * from final
