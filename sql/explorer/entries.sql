-- What the search finds, in the order it is shown; one row per kind and thing.
-- key: kind, position
-- not null: kind, position, id, label, text
--
-- `text` is in small letters without accents, so that "zurich" finds "Zürich".
with datasets_found as (
    select
        'dataset' as kind,
        datasets.position,
        datasets.dataset_id as id,
        datasets.title as label,
        organizations.title as detail,
        datasets.repositories as count,
        datasets.title || ' ' || left(coalesce(names.name, ''), 200) || ' ' || datasets.dataset_id
            as text
    from datasets
    left join organizations on datasets.organization_key = organizations.organization_key
    left join final.final_dataset_usage as names on datasets.item_row = names.rowid
),

organizations_found as (
    select
        'organization' as kind,
        organizations.position,
        organizations.organization_id as id,
        organizations.title as label,
        null as detail,
        usage.repositories as count,
        organizations.title || ' ' || left(coalesce(usage.name, ''), 200) || ' '
            || organizations.organization_id as text
    from organizations
    inner join final.final_organization_usage as usage on organizations.item_row = usage.rowid
),

repositories_found as (
    select
        'repository' as kind,
        repositories.position,
        repositories.repository as id,
        repositories.repository as label,
        repositories.language as detail,
        usage.datasets as count,
        repositories.repository as text
    from repositories
    inner join final.final_repositories as usage on repositories.item_row = usage.rowid
),

united as (
    select * from datasets_found
    union all by name
    select * from organizations_found
    union all by name
    select * from repositories_found
)

select * replace (strip_accents(lower(text)) as text) from united
