-- Resources that exist again under another id in the same dataset; one row per old id.
-- key: old_id
-- not null: old_id, new_id, same
--
-- Some portals give new ids with every harvest of their own, and where a source has no ids of
-- resources they are made of the URL. `same` says by what a resource was known again: by its URL,
-- or else by name and format where one alone went and one alone came.
with gone as (
    select
        old_resources.id,
        coalesce(reidentified_datasets.new_id, old_resources.package_id) as dataset_id,
        old_resources.url,
        lower(trim(old_resources.name)) as name,
        lower(trim(old_resources.format)) as format
    from compared.old_resources
    left join reidentified_datasets on old_resources.package_id = reidentified_datasets.old_id
    anti join compared.new_resources on old_resources.id = new_resources.id
),

added as (
    select
        new_resources.id,
        new_resources.package_id as dataset_id,
        new_resources.url,
        lower(trim(new_resources.name)) as name,
        lower(trim(new_resources.format)) as format
    from compared.new_resources
    anti join compared.old_resources on new_resources.id = old_resources.id
),

-- a URL may be several times in a dataset
numbered_gone as (
    select *, row_number() over (partition by dataset_id, url order by id) as number from gone
),

numbered_added as (
    select *, row_number() over (partition by dataset_id, url order by id) as number from added
),

same_url as (
    select
        numbered_gone.id as old_id,
        numbered_added.id as new_id
    from numbered_gone
    inner join numbered_added
        on numbered_gone.dataset_id = numbered_added.dataset_id
        and numbered_gone.url = numbered_added.url
        and numbered_gone.number = numbered_added.number
),

single_gone as (
    select gone.dataset_id, gone.name, gone.format, min(gone.id) as id
    from gone
    anti join same_url on gone.id = same_url.old_id
    where gone.name is not null
    group by gone.dataset_id, gone.name, gone.format
    having count(*) = 1
),

single_added as (
    select added.dataset_id, added.name, added.format, min(added.id) as id
    from added
    anti join same_url on added.id = same_url.new_id
    where added.name is not null
    group by added.dataset_id, added.name, added.format
    having count(*) = 1
),

same_name as (
    select
        single_gone.id as old_id,
        single_added.id as new_id
    from single_gone
    inner join single_added
        on single_gone.dataset_id = single_added.dataset_id
        and single_gone.name = single_added.name
        and single_gone.format is not distinct from single_added.format
),

final as (
    select old_id, new_id, 'url' as same from same_url
    union all
    select old_id, new_id, 'name' as same from same_name
)

select * from final
