-- Packages of repositories that mention data, most dependents first; one row per ecosystem and name.
-- key: position
-- not null: item_row, ecosystem, counted_as, is_confirmed
with final as (
    select
        row_number() over (
            order by
                counted_as::counted_as,
                dependent_packages_count desc nulls last,
                datasets desc,
                packages.rowid
        ) as position,
        packages.rowid as item_row,
        ecosystem,
        counted_as,
        case when is_confirmed then 'yes' else 'no' end as is_confirmed
    from final.final_packages as packages
)

select * from final
