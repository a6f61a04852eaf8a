-- Texts that the search looks through, in the order things are shown; one row per kind and thing.
-- not null: kind, position, text
--
-- `text` is in lowercase letters without accents, so that "zurich" finds "Zürich".
with texts as (
    select
        'dataset' as kind,
        datasets.position,
        datasets.title || ' ' || left(coalesce(usage.name, ''), 200) || ' ' || datasets.dataset_id
            as text
    from datasets
    inner join final.final_dataset_usage as usage on datasets.item_row = usage.rowid
    union all by name
    select
        'organization' as kind,
        organizations.position,
        organizations.title || ' ' || left(coalesce(usage.name, ''), 200) || ' '
            || organizations.organization_id as text
    from organizations
    inner join final.final_organization_usage as usage on organizations.item_row = usage.rowid
    union all by name
    select
        'repository' as kind,
        position,
        repository as text
    from repositories
),

final as (
    select
        kind,
        position,
        strip_accents(lower(text)) as text
    from texts
)

select * from final
