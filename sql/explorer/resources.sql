-- Resources in the order they are shown, most mentioned first; one row per resource id.
-- not null: resource_key, dataset_key, item_row
--
-- Ids become keys before anything is sorted, so that no sort carries a million texts.
with catalogue as (
    select
        hash(id) as resource_key,
        (md5_number_upper(id) >> 11)::double as id_key,
        hash(dataset_id) as dataset_key,
        rowid as item_row,
        left(coalesce(normalized_format, 'Not stated'), 100) as format
    from final.final_clean_all_resources
),

named as (
    select
        hash(resource_id) as resource_key,
        hash(repository) as repository_key
    from final.final_mentions
    where resource_id is not null and counted_as = 'original'
),

counted as (
    select
        resource_key,
        count(distinct repository_key) as repositories
    from named
    group by resource_key
),

final as (
    select
        row_number() over (
            order by coalesce(counted.repositories, 0) desc, catalogue.item_row
        ) as position,
        catalogue.resource_key,
        catalogue.dataset_key,
        catalogue.id_key,
        datasets.position - 1 as dataset,
        datasets.organization,
        catalogue.item_row,
        catalogue.format,
        coalesce(counted.repositories, 0) as repositories,
        case when counted.repositories > 0 then 'yes' else 'no' end as is_mentioned
    from catalogue
    inner join datasets on catalogue.dataset_key = datasets.dataset_key
    left join counted on catalogue.resource_key = counted.resource_key
)

select * from final
