-- URLs in public code that are broken, the missing thing that most lines name first; one row per place.
-- key: position
-- not null: item_row, names, was_known
with dead_references as (
    select
        rowid as item_row,
        names,
        hash(names, missing) as missing_key,
        hash(repository) as repository_key,
        hash(dataset_id) as dataset_key,
        last_in_catalogue_at
    from final.final_dead_references
),

counted as (
    select
        missing_key,
        count(*) as places
    from dead_references
    group by missing_key
),

final as (
    select
        row_number() over (
            order by counted.places desc, dead_references.missing_key, dead_references.item_row
        ) as position,
        dead_references.item_row,
        repositories.position - 1 as repository,
        datasets.position - 1 as dataset,
        dead_references.names,
        case when dead_references.last_in_catalogue_at is null then 'no' else 'yes' end as was_known
    from dead_references
    inner join counted on dead_references.missing_key = counted.missing_key
    left join repositories on dead_references.repository_key = repositories.repository_key
    left join datasets on dead_references.dataset_key = datasets.dataset_key
)

select * from final
