-- What changed since the catalogue before this one, and who mentions it; one row per thing, change and field.
-- key: thing, change, field, dataset_id, resource_id
-- not null: thing, change, dataset_id, is_with_dataset, repositories
--
-- Empty where no earlier catalogue stands. repositories are those that any search that still stands
-- found; forks, mirrors and generic URLs left out.
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

mentioned_by as (
    select distinct
        thing,
        case thing when 'dataset' then dataset_id else resource_id end as id,
        repository
    from (
        select unnest(['dataset', 'resource']) as thing, dataset_id, resource_id, repository
        from code_search.all_url_mentions
        where not coalesce(is_generic or is_fork or is_catalogue_mirror, false)
    )
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
order by repositories desc, thing, change, dataset_id, resource_id
