-- Tags as the datasets list them; one row per tag and dataset record.
-- not null: record_number
with records as (
    select
        page_number * 1000000000 + rowid as record_number,
        dataset.id as dataset_id,
        unnest(dataset.tags) as item
    from page_records
),

final as (
    select
        records.dataset_id as dataset_id,
        records.item.id as id,
        records.item.name as name,
        records.item.display_name as display_name,
        records.item.state as state,
        records.item.vocabulary_id as vocabulary_id,

        records.record_number as record_number
    from records
    where records.item.name is not null or records.item.id is not null
)

select * from final
