-- Datasets as the portal gave them, every differing copy; one row per dataset record.
-- key: record_number
-- not null: record_number, id, raw_json
with records as (
    select
        dataset,
        raw_json,
        -- a record that came later has a larger number
        page_number * 1000000000 + rowid as record_number
    from page_records
),

final as (
    select
        records.dataset.author as author,
        records.dataset.author_email as author_email,
        records.dataset.creator_user_id as creator_user_id,
        records.dataset.id as id,
        records.dataset.isopen as isopen,
        records.dataset.license_id as license_id,
        records.dataset.license_title as license_title,
        records.dataset.license_url as license_url,
        records.dataset.maintainer as maintainer,
        records.dataset.maintainer_email as maintainer_email,
        records.dataset.metadata_created as metadata_created,
        records.dataset.metadata_modified as metadata_modified,
        records.dataset.name as name,
        records.dataset.notes as notes,
        records.dataset.num_resources as num_resources,
        records.dataset.num_tags as num_tags,
        records.dataset.owner_org as owner_org,
        records.dataset.private as private,
        records.dataset.state as state,
        records.dataset.title as title,
        records.dataset.type as type,
        records.dataset.url as url,
        records.dataset.version as version,

        records.record_number as record_number,
        records.raw_json as raw_json
    from records
)

select * from final
