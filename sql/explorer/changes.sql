-- Changes of the catalogue, first what is gone or moved and code mentions; one row per change.
-- key: position
-- not null: item_row, thing, change, is_mentioned
with changes as (
    select
        rowid as item_row,
        thing,
        change,
        repositories,
        hash(dataset_id) as dataset_key
    from final.final_changes
),

final as (
    select
        row_number() over (
            order by
                changes.change in ('gone', 'url_moved') and changes.repositories > 0 desc,
                changes.repositories desc,
                changes.item_row
        ) as position,
        changes.item_row,
        datasets.position - 1 as dataset,
        changes.thing,
        changes.change,
        case when changes.repositories > 0 then 'yes' else 'no' end as is_mentioned
    from changes
    left join datasets on changes.dataset_key = datasets.dataset_key
)

select * from final
