-- Sources of code: what each searched, as of when, what it leaves out, complete or not; one row per source.
-- key: source
-- not null: source, title, searched_at, queries, complete_queries, is_complete
with snapshots as (
    select * from snapshots.snapshots where is_newest and ends_with(database, '_api')
),

sources as (
    select * from code_search.sources
),

queries as (
    select
        backend,
        count(*) as queries,
        count(*) filter (status = 'complete') as complete_queries
    from code_search.searches
    group by backend
),

final as (
    select
        replace(snapshots.database, '_api', '') as source,
        coalesce(sources.title, source) as title,
        sources.repositories,
        sources.files,
        sources.as_of,
        snapshots.created_at as searched_at,
        sources.hosts,
        coalesce(sources.is_permissive_only, false) as is_permissive_only,
        array_to_string(sources.leaves_out, '; ') as leaves_out,
        coalesce(queries.queries, 0) as queries,
        coalesce(queries.complete_queries, 0) as complete_queries,
        snapshots.is_complete,
        snapshots.reason
    from snapshots
    left join sources on sources.backend = replace(snapshots.database, '_api', '')
    left join queries on queries.backend = replace(snapshots.database, '_api', '')
    where snapshots.database not in ('ckan_api', 'clean_ckan_api')
)

select * from final
