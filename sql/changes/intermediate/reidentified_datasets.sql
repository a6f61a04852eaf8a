-- Datasets that exist again under another id, recognized by their name; one row per old id.
-- key: old_id
-- not null: old_id, new_id
--
-- A portal that deletes and creates again gives new ids; a name that is not one dataset's says
-- nothing.
with gone as (
    select old_datasets.name, min(old_datasets.id) as id
    from compared.old_datasets
    anti join compared.new_datasets on old_datasets.id = new_datasets.id
    where old_datasets.name is not null
    group by old_datasets.name
    having count(*) = 1
),

added as (
    select new_datasets.name, min(new_datasets.id) as id
    from compared.new_datasets
    anti join compared.old_datasets on new_datasets.id = old_datasets.id
    where new_datasets.name is not null
    group by new_datasets.name
    having count(*) = 1
),

final as (
    select
        gone.id as old_id,
        added.id as new_id
    from gone
    inner join added on gone.name = added.name
)

select * from final
