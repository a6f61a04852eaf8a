-- Organizations with the number of their usable resources; one row per organization id.
-- key: id
-- not null: id, resources_count
with organizations as (
    select * from final_clean_organizations
),

resource_counts as (
    select organization_id, count(*) as resources_count
    from final_clean_all_resources
    group by organization_id
),

final as (
    select
        organizations.*,
        coalesce(resource_counts.resources_count, 0) as resources_count
    from organizations
    left join resource_counts on organizations.id = resource_counts.organization_id
)

select * from final
