-- Datasets counted under no or two organizations would distort the comparison of publishers.
with of_organizations as (
    select sum(datasets) as datasets, sum(mentioned_datasets) as mentioned_datasets
    from final_organization_usage
),

of_datasets as (
    select count(*) as datasets, count(*) filter (repositories > 0) as mentioned_datasets
    from final_dataset_usage
    where organization_id is not null
)

select
    of_organizations.datasets,
    of_datasets.datasets as datasets_of_datasets,
    of_organizations.mentioned_datasets,
    of_datasets.mentioned_datasets as mentioned_of_datasets
from of_organizations
cross join of_datasets
where
    coalesce(of_organizations.datasets, 0) <> of_datasets.datasets
    or coalesce(of_organizations.mentioned_datasets, 0) <> of_datasets.mentioned_datasets
