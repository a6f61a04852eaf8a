-- Resources as the datasets list them; one row per resource and dataset record.
-- not null: record_number
with records as (
    select
        page_number * 1000000000 + rowid as record_number,
        dataset.id as dataset_id,
        unnest(dataset.resources) as item
    from page_records
),

final as (
    select
        records.dataset_id as dataset_id,
        records.item.cache_last_updated as cache_last_updated,
        records.item.cache_url as cache_url,
        records.item.created as created,
        records.item.description as description,
        records.item.format as format,
        records.item.hash as hash,
        records.item.id as id,
        records.item.last_modified as last_modified,
        records.item.metadata_modified as metadata_modified,
        records.item.mimetype as mimetype,
        records.item.mimetype_inner as mimetype_inner,
        records.item.name as name,
        records.item.package_id as package_id,
        records.item.position as position,
        records.item.resource_type as resource_type,
        records.item.size as size,
        records.item.state as state,
        records.item.url as url,
        records.item.url_type as url_type,

        records.record_number as record_number
    from records
)

select * from final
