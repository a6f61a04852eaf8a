-- Organizations as their datasets describe them; one row per differing copy of an organization.
-- key: record_number
-- not null: record_number
with copies as (
    select
        dataset.organization as organization,
        -- the record that was changed last: a renamed organization is new only in records that were
        -- indexed since
        arg_max(
            page_number * 1000000000 + rowid,
            {
                'changed': coalesce(
                    try_cast(dataset.metadata_modified as timestamp), timestamp '0001-01-01'
                ),
                'record': page_number * 1000000000 + rowid
            }
        ) as record_number
    from page_records
    where dataset.organization.id is not null or dataset.organization.name is not null
    group by dataset.organization
),

final as (
    select
        copies.organization.approval_status as approval_status,
        copies.organization.created as created,
        copies.organization.description as description,
        copies.organization.id as id,
        copies.organization.image_url as image_url,
        copies.organization.is_organization as is_organization,
        copies.organization.name as name,
        copies.organization.state as state,
        copies.organization.title as title,
        copies.organization.type as type,

        copies.record_number as record_number
    from copies
)

select * from final
