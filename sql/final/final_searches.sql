-- How the queries to the code search ended; one row per backend, status and reason.
-- key: backend, status, reason
-- not null: backend, queries
with final as (
    select
        backend,
        status,
        reason,
        count(*) as queries,
        sum(matches)::bigint as matches,
        sum(bytes)::bigint as bytes,
        min(started_at) as first_started_at,
        max(finished_at) as last_finished_at
    from code_search.searches
    group by all
)

select * from final
