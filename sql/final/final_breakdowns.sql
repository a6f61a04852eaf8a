-- Mentions by format, licence, language, kind of use, year of last push, concentration; one row per breakdown and value.
-- key: breakdown, value
-- not null: breakdown, value, mentioned_datasets
--
-- Format and licence divide the catalogue, so they have a column of all its datasets; language and
-- kind of use divide the code that mentions it. Forks, mirrors and generic URLs are left out. The
-- format is that of the resource named: a mention that names only a dataset has none.
with mentions as (
    select * from final_mentions where counted_as = 'original'
),

resources as (
    select
        id as resource_id,
        dataset_id,
        coalesce(normalized_format, 'Not stated') as format
    from final_clean_all_resources
),

datasets as (
    select
        id as dataset_id,
        coalesce(
            nullif(trim(license_title), ''),
            nullif(trim(license_id), ''),
            'Not stated'
        ) as licence
    from final_clean_datasets
),

formats as (
    select
        'format' as breakdown,
        resources.format as value,
        count(distinct resources.dataset_id) as datasets,
        count(distinct mentions.dataset_id) as mentioned_datasets,
        count(distinct mentions.repository) as repositories
    from resources
    left join mentions on resources.resource_id = mentions.resource_id
    group by all
),

licences as (
    select
        'licence' as breakdown,
        datasets.licence as value,
        count(distinct datasets.dataset_id) as datasets,
        count(distinct mentions.dataset_id) as mentioned_datasets,
        count(distinct mentions.repository) as repositories
    from datasets
    left join mentions on datasets.dataset_id = mentions.dataset_id
    group by all
),

languages as (
    select
        'language' as breakdown,
        coalesce(nullif(trim(language), ''), 'Not known') as value,
        null as datasets,
        count(distinct dataset_id) as mentioned_datasets,
        count(distinct repository) as repositories
    from mentions
    group by all
),

kinds_of_use as (
    select
        'kind_of_use' as breakdown,
        kind_of_use as value,
        null as datasets,
        count(distinct dataset_id) as mentioned_datasets,
        count(distinct repository) as repositories
    from mentions
    group by all
),

years as (
    select
        'year_of_last_push' as breakdown,
        year(repositories.pushed_at)::varchar as value,
        null as datasets,
        count(distinct mentions.dataset_id) as mentioned_datasets,
        count(distinct mentions.repository) as repositories
    from mentions
    inner join final_repositories as repositories
        on mentions.repository = repositories.repository
    where repositories.pushed_at is not null
    group by all
),

concentration as (
    select
        'repositories_per_dataset' as breakdown,
        case
            when repositories = 0 then '0'
            when repositories = 1 then '1'
            when repositories < 5 then '2 to 4'
            when repositories < 10 then '5 to 9'
            else '10 or more'
        end as value,
        count(*) as datasets,
        count(*) filter (repositories > 0) as mentioned_datasets,
        -- a repository mentions several datasets: those of the classes cannot be reported apart
        null as repositories
    from final_dataset_usage
    group by all
),

final as (
    select * from formats
    union all by name
    select * from licences
    union all by name
    select * from languages
    union all by name
    select * from kinds_of_use
    union all by name
    select * from years
    union all by name
    select * from concentration
)

select * from final
