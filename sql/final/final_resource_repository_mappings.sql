-- Which repository names which resource; one row per pair of resource and repository.
-- key: resource_id, repository
-- not null: resource_id, repository, dataset_id, match_kind, mentions
with mentions as (
    select * from final_mentions where resource_id is not null
),

final as (
    select
        resource_id,
        repository,
        dataset_id,
        organization_id,
        min(match_kind::match_kind)::varchar as match_kind,
        count(distinct place_id) as mentions,
        bool_and(is_generic) as is_generic,
        bool_or(is_fork) as is_fork,
        bool_or(is_catalogue_mirror) as is_catalogue_mirror
    from mentions
    group by all
)

select * from final
