-- Relationships between datasets, from both sides; one row per relationship and dataset record.
-- not null: record_number, direction
-- A search may give the two ids in "__extras" instead of beside the type.
with as_subject as (
    select
        page_number * 1000000000 + rowid as record_number,
        dataset.id as dataset_id,
        'subject' as direction,
        unnest(dataset.relationships_as_subject) as item
    from page_records
),

as_object as (
    select
        page_number * 1000000000 + rowid as record_number,
        dataset.id as dataset_id,
        'object' as direction,
        unnest(dataset.relationships_as_object) as item
    from page_records
),

both_sides as (
    select * from as_subject
    union all
    select * from as_object
),

final as (
    select
        dataset_id,
        direction,
        item.id as id,
        coalesce(item.subject_package_id, item.__extras.subject_package_id) as subject_package_id,
        coalesce(item.object_package_id, item.__extras.object_package_id) as object_package_id,
        item.type as type,
        item.comment as comment,
        item.state as state,

        record_number
    from both_sides
    where item is not null
)

select * from final
