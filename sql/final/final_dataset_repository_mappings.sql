-- Which repository names which dataset; one row per pair of dataset and repository.
-- key: dataset_id, repository
-- not null: dataset_id, repository, match_kind, mentions, counted_as
with mentions as (
    select * from final_mentions
),

final as (
    select
        dataset_id,
        repository,
        organization_id,
        min(match_kind::match_kind)::varchar as match_kind,
        -- a repository that names a dataset by a generic URL and by its own counts by its own
        min(counted_as::counted_as)::varchar as counted_as,
        any_value(relation) as relation,
        count(distinct place_id) as mentions,
        count(distinct resource_id) as resources,
        bool_and(is_generic) as is_generic,
        bool_or(is_fork) as is_fork,
        bool_or(is_catalogue_mirror) as is_catalogue_mirror
    from mentions
    group by all
)

select * from final
-- what belongs to a dataset is together in the file, so that little of it is read for one
order by dataset_id, repository
