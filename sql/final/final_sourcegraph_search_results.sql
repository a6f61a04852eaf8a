-- Files that name a resource, whichever backend found them; one row per repository, path and URL.
-- key: repository, path, resource_url
-- not null: repository, path, resource_url
with mentions as (
    select * from final_mentions where resource_id is not null
),

resources as (
    select id as resource_id, url as resource_url from final_clean_all_resources
),

repositories as (
    select repository, stars, last_fetched_at from final_repositories
),

files as (
    select
        mentions.repository,
        mentions.path,
        resources.resource_url,
        min(mentions.line_number) as first_line_number,
        arg_min(mentions.url, mentions.line_number) as url,
        count(distinct mentions.place_id) as mentions,
        min(mentions.kind_of_use) as kind_of_use,
        array_to_string(
            list_sort(list_distinct(flatten(list(string_split(mentions.sources, ', '))))),
            ', '
        ) as sources,
        bool_and(mentions.is_generic) as is_generic,
        bool_or(mentions.is_fork) as is_fork,
        bool_or(mentions.is_catalogue_mirror) as is_catalogue_mirror
    from mentions
    inner join resources on mentions.resource_id = resources.resource_id
    group by all
),

final as (
    select
        files.repository,
        files.path,
        files.resource_url,
        repositories.stars as "repoStars",
        repositories.last_fetched_at as "repoLastFetched",
        files.first_line_number,
        files.url,
        files.kind_of_use,
        files.sources,
        files.mentions,
        files.is_generic,
        files.is_fork,
        files.is_catalogue_mirror
    from files
    left join repositories on files.repository = repositories.repository
)

select * from final
