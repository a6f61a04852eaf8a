-- What portals are compared by, of one portal; one row.
--
-- Freshness is of the catalogue as it was harvested: which of its datasets had been modified in the
-- year before, among those that say when. Reach is NULL where no one requested dependents.
with figures as (
    select
        max(value) filter (where figure = 'datasets') as datasets,
        max(value) filter (where figure = 'mentioned_datasets') as mentioned_datasets,
        max(value) filter (where figure = 'repositories') as repositories,
        max(value) filter (where figure = 'packages') as packages,
        max(value) filter (where figure = 'largest_package_dependents')
            as largest_package_dependents
    from final.final_key_figures
),

snapshots as (
    select
        max(created_at) filter (where database = 'clean_ckan_api') as catalogued_at,
        max(created_at) filter (
            where database not in ('clean_ckan_api', 'ckan_api', 'reverse_dependencies')
        ) as searched_at,
        bool_or(database = 'reverse_dependencies') as has_dependents
    from final.final_snapshots
    where is_newest
),

datasets as (
    select
        count(metadata_modified) as datasets_with_time,
        count(*) filter (
            where metadata_modified >= (select catalogued_at from snapshots) - interval 1 year
        ) as modified_in_last_year
    from final.final_clean_datasets
),

searches as (
    select
        sum(queries)::bigint as queries,
        coalesce(sum(queries) filter (where status = 'complete'), 0)::bigint as complete_queries
    from final.final_searches
)

select
    figures.datasets,
    figures.mentioned_datasets,
    round(figures.mentioned_datasets / nullif(figures.datasets, 0), 4) as mentioned_share,
    figures.repositories,
    case when snapshots.has_dependents then figures.packages end as packages,
    case when snapshots.has_dependents then coalesce(figures.largest_package_dependents, 0) end
        as largest_package_dependents,
    snapshots.catalogued_at,
    snapshots.searched_at,
    datasets.datasets_with_time,
    datasets.modified_in_last_year,
    round(datasets.modified_in_last_year / nullif(datasets.datasets_with_time, 0), 4)
        as modified_share,
    coalesce(searches.queries, 0) as queries,
    coalesce(searches.complete_queries, 0) as complete_queries
from figures
cross join snapshots
cross join datasets
cross join searches
