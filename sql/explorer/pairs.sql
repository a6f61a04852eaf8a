-- Which repository names which dataset, as keys; one row per pair of dataset and repository.
-- key: position
-- not null: dataset_key, repository_key, item_row, match_kind, counted_as
with repositories as (
    select repository, stars from final.final_repositories
),

-- how many datasets a repository mentions in its own right: one with very many tells little of any
breadth as (
    select
        repository,
        count(*) as datasets
    from final.final_dataset_repository_mappings
    where counted_as = 'original'
    group by repository
)

select
    row_number() over (
        order by
            list_position(['original', 'generic', 'fork', 'catalogue_mirror'], pairs.counted_as),
            list_position(
                [
                    'exact', 'normalized', 'query_variant', 'identifier', 'template',
                    'landing_page'
                ],
                pairs.match_kind
            ),
            repositories.stars desc nulls last,
            pairs.repository,
            pairs.dataset_id
    ) as position,
    hash(pairs.dataset_id) as dataset_key,
    hash(pairs.organization_id) as organization_key,
    hash(pairs.repository) as repository_key,
    pairs.rowid as item_row,
    pairs.match_kind,
    pairs.counted_as,
    pairs.mentions,
    coalesce(breadth.datasets, 0) as repository_datasets
from final.final_dataset_repository_mappings as pairs
left join repositories on pairs.repository = repositories.repository
left join breadth on pairs.repository = breadth.repository
