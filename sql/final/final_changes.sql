-- What changed since the catalogue before this one, and who mentions it; one row per thing, change and field.
-- key: thing, change, field, dataset_id, resource_id, organization_id
-- not null: thing, change, is_with_dataset, repositories
--
-- Empty where there is no earlier catalogue. repositories are those that any search that is left
-- found to mention the thing, and those that have its gone address; forks, mirrors and generic URLs
-- left out. Mentions of an organization are not counted: its rows have 0.
with changes as (
    select * from changes.changes
),

ids as (
    select distinct thing, dataset_id, resource_id, unnest([dataset_id, earlier_id]) as id
    from changes
    where thing = 'dataset'
    union
    select distinct thing, dataset_id, resource_id, unnest([resource_id, earlier_id]) as id
    from changes
    where thing = 'resource'
),

-- what no search could attribute, because it had gone already
dead as (
    select dataset_id, missing, repository
    from final_dead_references
    where not is_fork and not is_catalogue_mirror
),

mentioned_by as (
    select
        thing,
        case thing when 'dataset' then dataset_id else resource_id end as id,
        repository
    from (
        select unnest(['dataset', 'resource']) as thing, dataset_id, resource_id, repository
        from code_search.all_url_mentions
        where not coalesce(is_generic or is_fork or is_catalogue_mirror, false)
    )
    union
    select 'dataset' as thing, dataset_id as id, repository
    from dead
    where dataset_id is not null
    union
    select 'resource' as thing, changes.resource_id as id, dead.repository
    from changes
    inner join dead on changes.old_value = dead.missing
    where changes.thing = 'resource' and changes.change in ('gone', 'url_moved')
),

counts as (
    select
        ids.thing,
        ids.dataset_id,
        ids.resource_id,
        count(distinct mentioned_by.repository) as repositories
    from ids
    inner join mentioned_by on ids.thing = mentioned_by.thing and ids.id = mentioned_by.id
    group by ids.thing, ids.dataset_id, ids.resource_id
),

final as (
    select
        changes.*,
        coalesce(counts.repositories, 0) as repositories
    from changes
    left join counts
        on changes.thing = counts.thing
        and changes.dataset_id = counts.dataset_id
        and changes.resource_id is not distinct from counts.resource_id
)

select * from final
order by repositories desc, thing, change, dataset_id, resource_id, organization_id
