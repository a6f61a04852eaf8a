-- How often public code mentions each dataset, kinds side by side; one row per dataset id.
-- key: dataset_id
-- not null: dataset_id, resources, repositories
--
-- The kinds are no parts of a whole: a repository may mention a dataset in several ways. Forks,
-- mirrors of the catalogue and generic URLs are in columns of their own and nowhere else.
with datasets as (
    select id, name, title, owner_org, resources_count
    from final_clean_datasets_with_resource_count
),

organizations as (
    select id as organization_id from final_clean_organizations
),

counted as (
    select * exclude (subject_kind) from usage_counts where subject_kind = 'dataset'
),

final as (
    select
        datasets.id as dataset_id,
        organizations.organization_id,
        datasets.name,
        datasets.title,
        datasets.resources_count as resources,
        coalesce(columns(counted.* exclude (subject)), 0)
    from datasets
    left join organizations on datasets.owner_org = organizations.organization_id
    left join counted on datasets.id = counted.subject
)

select * from final
