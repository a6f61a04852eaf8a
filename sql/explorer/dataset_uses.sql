-- How the places that count mention a dataset; one row per dataset, aspect and value.
-- not null: dataset, aspect, value
with final as (
    select distinct
        dataset,
        unnest(['match_kind', 'kind_of_use', 'language']) as aspect,
        unnest([match_kind, kind_of_use, language]) as value
    from mentions
    where counted_as = 'original'
)

select * from final
