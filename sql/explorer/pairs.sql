-- Which repository names which dataset, as keys; one row per pair of dataset and repository.
-- not null: dataset, item_row, match_kind, counted_as
--
-- `repository_datasets` is how many datasets the repository mentions in its own right: one with
-- very many says little about any.
with found as (
    select
        hash(dataset_id) as dataset_key,
        hash(repository) as repository_key,
        rowid as item_row,
        match_kind,
        counted_as,
        mentions
    from final.final_dataset_repository_mappings
),

breadth as (
    select
        repository_key,
        count(*) as datasets
    from found
    where counted_as = 'original'
    group by repository_key
),

final as (
    select
        row_number() over (
            order by
                found.counted_as::counted_as,
                found.match_kind::match_kind,
                repositories.stars desc nulls last,
                found.repository_key,
                found.item_row
        ) as position,
        datasets.position - 1 as dataset,
        datasets.organization,
        repositories.position - 1 as repository,
        found.item_row,
        found.match_kind,
        found.counted_as,
        found.mentions,
        coalesce(breadth.datasets, 0) as repository_datasets
    from found
    inner join datasets on found.dataset_key = datasets.dataset_key
    left join repositories on found.repository_key = repositories.repository_key
    left join breadth on found.repository_key = breadth.repository_key
)

select * from final
