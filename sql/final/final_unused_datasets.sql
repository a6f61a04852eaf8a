-- Datasets that no repository was found to mention; one row per dataset id.
-- key: dataset_id
-- not null: dataset_id, resources
--
-- Forks, mirrors of the catalogue and generic URLs do not count as a mention; where there is one,
-- its column says so.
with final as (
    select
        dataset_id,
        organization_id,
        name,
        title,
        resources,
        fork_repositories,
        mirror_repositories,
        generic_repositories
    from final_dataset_usage
    where repositories = 0
)

select * from final
