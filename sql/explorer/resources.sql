-- Resources in the order they are shown, most mentioned first; one row per resource id.
-- key: position
-- not null: resource_key, dataset_key, item_row
with counted as (
    select
        resource_id,
        count(distinct repository) as repositories
    from final.final_mentions
    where resource_id is not null and counted_as = 'original'
    group by resource_id
)

select
    row_number() over (
        order by coalesce(counted.repositories, 0) desc, resources.dataset_id, resources.id
    ) as position,
    hash(resources.id) as resource_key,
    hash(resources.dataset_id) as dataset_key,
    hash(resources.organization_id) as organization_key,
    resources.rowid as item_row,
    left(coalesce(nullif(upper(trim(resources.format)), ''), 'Not stated'), 100) as format,
    coalesce(counted.repositories, 0) as repositories,
    case when counted.repositories > 0 then 'yes' else 'no' end as is_mentioned
from final.final_clean_all_resources as resources
left join counted on resources.id = counted.resource_id
