-- The figures at the head of the report; one row per figure.
-- key: figure
-- not null: figure, value, explanation
with mentions as (
    select * from final_mentions
),

datasets as (
    select count(*) as value from final_clean_datasets
),

resources as (
    select count(*) as value from final_clean_all_resources
),

organizations as (
    select count(*) as value from final_clean_organizations
),

mentioned as (
    select
        count(distinct dataset_id) filter (counted_as = 'original') as datasets,
        count(distinct resource_id) filter (counted_as = 'original') as resources,
        count(distinct organization_id) filter (counted_as = 'original') as organizations,
        count(distinct repository) filter (counted_as = 'original') as repositories,
        count(distinct repository) filter (
            counted_as = 'original' and relation = 'independent'
        ) as independent,
        count(distinct repository) filter (
            counted_as = 'original' and relation = 'unknown'
        ) as unknown,
        count(distinct repository) filter (counted_as = 'own') as own,
        count(distinct repository) filter (counted_as = 'fork') as forks,
        count(distinct repository) filter (counted_as = 'catalogue_mirror') as mirrors,
        count(distinct repository) filter (counted_as = 'generic') as generic
    from mentions
),

left_out as (
    select count(*) as value
    from code_search.url_mentions
    left join final_clean_datasets
        on code_search.url_mentions.dataset_id = final_clean_datasets.id
    where final_clean_datasets.id is null
),

packages as (
    select
        count(*) as packages,
        max(dependent_packages_count) as largest,
        sum(dependent_packages_count)::bigint as summed
    from final_packages
    where is_confirmed and counted_as = 'original'
),

final as (
    select 'datasets' as figure, value, 'Datasets of the catalogue with a usable resource.'
        as explanation
    from datasets
    union all
    select 'resources', value, 'Usable resources of the catalogue.' from resources
    union all
    select 'organizations', value, 'Organizations that own a usable dataset.' from organizations
    union all
    select 'mentioned_datasets', datasets, 'Datasets that at least one repository mentions.'
    from mentioned
    union all
    select 'mentioned_resources', resources, 'Resources that at least one repository mentions.'
    from mentioned
    union all
    select 'mentioned_organizations', organizations,
        'Organizations with a dataset that at least one repository mentions.'
    from mentioned
    union all
    select 'repositories', repositories,
        'Repositories that mention a dataset, without the publisher''s own, forks, mirrors and '
        || 'generic URLs.'
    from mentioned
    union all
    select 'independent_repositories', independent,
        'Of these, repositories whose owner is known and is not the publisher.'
    from mentioned
    union all
    select 'unknown_repositories', unknown,
        'Of these, repositories of whose owner too little is known.'
    from mentioned
    union all
    select 'own_repositories', own, 'The publisher''s own repositories, counted apart.'
    from mentioned
    union all
    select 'fork_repositories', forks, 'Forks among the repositories found.' from mentioned
    union all
    select 'mirror_repositories', mirrors, 'Repositories that list the catalogue.' from mentioned
    union all
    select 'generic_repositories', generic,
        'Repositories with a URL that many datasets share, or that has no path.'
    from mentioned
    union all
    select 'left_out_mentions', value,
        'Rows found of datasets that the catalogue no longer has; they are in no table here.'
    from left_out
    union all
    select 'packages', packages,
        'Packages of these repositories, confirmed by the package index.'
    from packages
    union all
    select 'largest_package_dependents', largest,
        'Packages that depend on the one of them with most dependents.'
    from packages
    where largest is not null
    union all
    select 'dependent_packages_sum', summed,
        'Sum over these packages; what depends on two of them is in it twice.'
    from packages
    where summed is not null
)

select * from final
