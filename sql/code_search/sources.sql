-- What was searched, and what it leaves out; one row per source.
-- key: title
-- not null: title
with found_sources as (
    select * from staging.found_sources
),

final as (
    select
        title,
        as_of::date as as_of,
        repositories,
        files,
        hosts,
        is_permissive_only,
        leaves_out
    from found_sources
)

select * from final
