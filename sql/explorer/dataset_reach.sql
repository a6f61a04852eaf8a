-- Reach of datasets, the largest package behind it first; one row per dataset, match kind and counted_as.
-- key: position
-- not null: item_row, dataset, match_kind, counted_as
with final as (
    select
        row_number() over (
            order by
                reach.counted_as::counted_as,
                reach.dependent_packages_largest desc nulls last,
                reach.repositories desc,
                reach.rowid
        ) as position,
        reach.rowid as item_row,
        datasets.position - 1 as dataset,
        reach.match_kind,
        reach.counted_as
    from final.final_dataset_reach as reach
    inner join datasets on hash(reach.dataset_id) = datasets.dataset_key
)

select * from final
