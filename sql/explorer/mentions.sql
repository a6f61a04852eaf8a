-- Mentions in the order they are shown, strongest first; one row per mention id.
-- key: position
-- not null: mention_key, dataset_key, repository_key, item_row, match_kind, counted_as
with formats as (
    select
        id as resource_id,
        left(coalesce(nullif(upper(trim(format)), ''), 'Not stated'), 100) as format
    from final.final_clean_all_resources
),

stars as (
    select repository, stars from final.final_repositories
)

select
    row_number() over (
        order by
            list_position(
                ['original', 'generic', 'fork', 'catalogue_mirror'],
                mentions.counted_as
            ),
            list_position(
                [
                    'exact', 'normalized', 'query_variant', 'identifier', 'template',
                    'landing_page'
                ],
                mentions.match_kind
            ),
            stars.stars desc nulls last,
            mentions.repository,
            mentions.path,
            mentions.line_number,
            mentions.mention_id
    ) as position,
    hash(mentions.mention_id) as mention_key,
    hash(mentions.dataset_id) as dataset_key,
    hash(mentions.resource_id) as resource_key,
    hash(mentions.organization_id) as organization_key,
    hash(mentions.repository) as repository_key,
    mentions.rowid as item_row,
    mentions.match_kind,
    mentions.kind_of_use,
    mentions.counted_as,
    coalesce(nullif(trim(mentions.language), ''), 'Not known') as language,
    coalesce(formats.format, 'Dataset only') as format
from final.final_mentions as mentions
left join formats on mentions.resource_id = formats.resource_id
left join stars on mentions.repository = stars.repository
