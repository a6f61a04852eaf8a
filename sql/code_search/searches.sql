-- How every query to the code search ended; one row per distinct query.
-- key: query_id
-- not null: query_id, query, status, kind
--
-- A query of a later pass (--recheck) counts with the best of its answers.
with answers as (
    select
        *,
        list_position(['complete', 'partial', 'failed'], status) as rank
    from staging.found_queries
),

final as (
    select
        query_id,
        arg_min(query, rank) as query,
        any_value(kind) as kind,
        arg_min(status, rank) as status,
        case when min(rank) > 1 then arg_min(reason, rank) end as reason,
        max(pass)::bigint as passes,
        sum(attempts)::bigint as attempts,
        max(matches)::bigint as matches,
        sum(bytes)::bigint as bytes,
        min(started_at::timestamptz at time zone 'UTC') as started_at,
        max(finished_at::timestamptz at time zone 'UTC') as finished_at
    from answers
    group by query_id
)

select * from final
