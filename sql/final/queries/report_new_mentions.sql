-- Mentions that the snapshot before did not have, strongest first; one row per mention.
--
-- A mention whose line moved is not new, so line numbers are not compared.
with known as (
    select distinct dataset_id, resource_id, repository, path, text
    from previous.final_mentions
),

found as (
    select mentions.*
    from final.final_mentions as mentions
    where
        mentions.counted_as = 'original'
        and not exists (
            select 1
            from known
            where
                known.dataset_id = mentions.dataset_id
                and known.resource_id is not distinct from mentions.resource_id
                and known.repository = mentions.repository
                and known.path = mentions.path
                and known.text = mentions.text
        )
)

select
    found.repository,
    found.path,
    found.line_number,
    found.url,
    found.match_kind,
    found.kind_of_use,
    datasets.name,
    datasets.title,
    count(*) over () as total
from found
left join final.final_clean_datasets as datasets on found.dataset_id = datasets.id
left join final.final_match_kinds as kinds on found.match_kind = kinds.match_kind
order by kinds.strength, found.repository, found.path, found.line_number, datasets.id
limit 30
