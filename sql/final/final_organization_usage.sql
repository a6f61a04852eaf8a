-- How often public code mentions each organization's data; one row per organization id.
-- key: organization_id
-- not null: organization_id, datasets, resources, mentioned_datasets, repositories
with organizations as (
    select id, name, title, resources_count from final_clean_organizations_with_resource_count
),

dataset_usage as (
    select organization_id, dataset_id, repositories as dataset_repositories
    from final_dataset_usage
),

dataset_counts as (
    select
        organization_id,
        count(*) as datasets,
        count(*) filter (dataset_repositories > 0) as mentioned_datasets
    from dataset_usage
    group by organization_id
),

counted as (
    select * exclude (subject_kind) from usage_counts where subject_kind = 'organization'
),

final as (
    select
        organizations.id as organization_id,
        organizations.name,
        organizations.title,
        coalesce(dataset_counts.datasets, 0) as datasets,
        coalesce(dataset_counts.mentioned_datasets, 0) as mentioned_datasets,
        organizations.resources_count as resources,
        coalesce(columns(counted.* exclude (subject)), 0)
    from organizations
    left join dataset_counts on organizations.id = dataset_counts.organization_id
    left join counted on organizations.id = counted.subject
)

select * from final
