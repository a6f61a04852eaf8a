-- Reach of organizations, the largest package behind it first; one row per organization, match kind and counted_as.
-- key: position
-- not null: item_row, organization, match_kind, counted_as
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
        organizations.position - 1 as organization,
        reach.match_kind,
        reach.counted_as
    from final.final_organization_reach as reach
    inner join organizations on hash(reach.organization_id) = organizations.organization_key
)

select * from final
