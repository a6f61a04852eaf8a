-- When a repository was first and last found to mention a dataset; one row per pair of both.
-- key: dataset_id, repository
-- not null: dataset_id, repository, first_seen_at, last_seen_at, searches, state
--
-- `new` and `gone` compare the newest search of a backend with its earlier ones; with one search
-- alone everything is `first_search`. A search that was not complete can make a pair seem gone.
with mentions as (
    select distinct
        backend,
        searched_at,
        dataset_id,
        repository
    from code_search.all_url_mentions
    where
        dataset_id is not null
        and not coalesce(is_generic or is_fork or is_catalogue_mirror, false)
),

searches as (
    select
        replace(database, '_api', '') as backend,
        min(created_at) as first_searched_at,
        max(created_at) as newest_searched_at
    from snapshots.snapshots
    group by database
),

final as (
    select
        mentions.dataset_id,
        mentions.repository,
        min(mentions.searched_at) as first_seen_at,
        max(mentions.searched_at) as last_seen_at,
        count(*) as searches,
        case
            when not bool_or(mentions.searched_at = searches.newest_searched_at) then 'gone'
            when max(searches.first_searched_at) = max(searches.newest_searched_at)
                then 'first_search'
            when bool_and(mentions.searched_at = searches.newest_searched_at) then 'new'
            else 'kept'
        end as state
    from mentions
    left join searches on mentions.backend = searches.backend
    group by mentions.dataset_id, mentions.repository
)

select * from final
