-- Places that break when URLs move, the most depended on and latest pushed repositories first; one row per place.
with wanted as (
    select unnest(from_json($datasets::json, '["VARCHAR"]')) as dataset_id, null as url
    union all
    select null as dataset_id, unnest(from_json($urls::json, '["VARCHAR"]')) as url
),

resources as (
    select id, dataset_id, url from final.final_clean_all_resources
),

hits as (
    select distinct mentions.mention_id
    from final.final_mentions as mentions
    inner join wanted on mentions.dataset_id = wanted.dataset_id
    union
    select distinct mentions.mention_id
    from final.final_mentions as mentions
    inner join resources on mentions.resource_id = resources.id
    inner join wanted on resources.url = wanted.url
    union
    select distinct mentions.mention_id
    from final.final_mentions as mentions
    inner join wanted on mentions.text = wanted.url
),

final as (
    select
        mentions.repository,
        mentions.path,
        mentions.line_number,
        mentions.text,
        any_value(mentions.line) as line,
        any_value(mentions.url) as url,
        any_value(mentions.use) as use,
        any_value(mentions.match_kind) as match_kind,
        any_value(mentions.counted_as) as counted_as,
        any_value(mentions.relation) as relation,
        any_value(resources.url) as catalogue_url,
        any_value(repositories.stars) as stars,
        any_value(repositories.pushed_at) as pushed_at
    from hits
    inner join final.final_mentions as mentions on hits.mention_id = mentions.mention_id
    left join resources on mentions.resource_id = resources.id
    left join final.final_repositories as repositories
        on mentions.repository = repositories.repository
    where mentions.counted_as in ('original', 'own')
    group by mentions.repository, mentions.path, mentions.line_number, mentions.text
)

select * from final
order by pushed_at desc nulls last, repository, path, line_number, text
