-- Organizations, datasets and repositories of the graph, with a place to draw them; one row per node.
-- key: node_id
-- not null: node_id, kind, label, weight, x, y
--
-- Datasets are on a circle, those of one organization together; a repository is amid the
-- datasets that it mentions, an organization outside of its own. A start for a layout, not one.
with mappings as (
    select dataset_id, organization_id, repository
    from final_dataset_repository_mappings
    where counted_as = 'original'
),

datasets as (
    select
        dataset_id,
        any_value(organization_id) as organization_id,
        count(*) as weight
    from mappings
    group by dataset_id
),

angles as (
    select
        *,
        2 * pi() * row_number() over (order by organization_id, dataset_id)
        / count(*) over () as angle,
        -- as far out as many datasets need room
        10 * sqrt(count(*) over ()) + 100 as radius
    from datasets
),

placed as (
    select
        *,
        radius * cos(angle) as x,
        radius * sin(angle) as y
    from angles
),

repositories as (
    select
        mappings.repository,
        count(*) as weight,
        0.8 * avg(placed.x) + md5_number_lower(mappings.repository) % 41 - 20 as x,
        0.8 * avg(placed.y) + md5_number_lower(mappings.repository) % 37 - 18 as y
    from mappings
    inner join placed on mappings.dataset_id = placed.dataset_id
    group by mappings.repository
),

organizations as (
    select
        organization_id,
        count(*) as weight,
        1.25 * avg(x) as x,
        1.25 * avg(y) as y
    from placed
    where organization_id is not null
    group by organization_id
),

final as (
    select
        'dataset:' || placed.dataset_id as node_id,
        'dataset' as kind,
        coalesce(names.title, names.name, placed.dataset_id) as label,
        placed.weight,
        placed.x,
        placed.y
    from placed
    left join final_clean_datasets as names on placed.dataset_id = names.id
    union all
    select
        'organization:' || organizations.organization_id,
        'organization',
        coalesce(names.title, names.name, organizations.organization_id),
        organizations.weight,
        organizations.x,
        organizations.y
    from organizations
    left join final_clean_organizations as names on organizations.organization_id = names.id
    union all
    select 'repository:' || repository, 'repository', repository, weight, x, y
    from repositories
)

select * from final
