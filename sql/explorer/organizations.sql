-- Organizations in the order they are shown, most mentioned first; one row per organization id.
-- key: position
-- not null: organization_key, item_row, organization_row, title
with final as (
    select
        row_number() over (
            order by
                usage.repositories desc,
                usage.mentioned_datasets desc,
                usage.organization_id
        ) as position,
        hash(usage.organization_id) as organization_key,
        (md5_number_upper(usage.organization_id) >> 11)::double as id_key,
        usage.rowid as item_row,
        organizations.rowid as organization_row,
        usage.organization_id,
        left(coalesce(usage.title, usage.name, usage.organization_id), 400) as title,
        usage.datasets,
        case when usage.repositories > 0 then 'yes' else 'no' end as is_mentioned
    from final.final_organization_usage as usage
    inner join final.final_clean_organizations as organizations
        on usage.organization_id = organizations.id
)

select * from final
