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
        arg_min(
            match_kind,
            list_position(
                [
                    'exact', 'normalized', 'query_variant', 'identifier', 'template',
                    'landing_page'
                ],
                match_kind
            )
        ) as match_kind,
        -- a repository that names a dataset by a generic URL and by its own counts by its own
        arg_min(
            counted_as,
            list_position(['original', 'generic', 'fork', 'catalogue_mirror'], counted_as)
        ) as counted_as,
        count(distinct place_id) as mentions,
        count(distinct resource_id) as resources,
        bool_and(is_generic) as is_generic,
        bool_or(is_fork) as is_fork,
        bool_or(is_catalogue_mirror) as is_catalogue_mirror
    from mentions
    group by all
)

select * from final
-- what belongs to a dataset stands together in the file, so that little of it is read for one
order by dataset_id, repository
