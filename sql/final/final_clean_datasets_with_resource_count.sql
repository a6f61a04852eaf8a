-- Datasets with the number of their usable resources; one row per dataset id.
-- key: id
-- not null: id, resources_count
with datasets as (
    select * from final_clean_datasets
),

resource_counts as (
    select dataset_id, count(*) as resources_count
    from final_clean_all_resources
    group by dataset_id
),

final as (
    select
        datasets.*,
        coalesce(resource_counts.resources_count, 0) as resources_count
    from datasets
    left join resource_counts on datasets.id = resource_counts.dataset_id
)

select * from final
