-- Datasets in the order they are shown, most mentioned first; one row per dataset id.
-- key: position
-- not null: dataset_key, item_row, dataset_row, title
--
-- The rows themselves stay in the file: `item_row` and `dataset_row` say where. A key is the hash
-- of an id: whole columns of them are searched in a millisecond, which texts are not.
select
    row_number() over (
        order by
            usage.repositories desc,
            usage.mentioned_resources desc,
            usage.rowid
    ) as position,
    hash(usage.dataset_id) as dataset_key,
    hash(usage.organization_id) as organization_key,
    usage.rowid as item_row,
    datasets.rowid as dataset_row,
    usage.dataset_id,
    left(coalesce(usage.title, usage.name, usage.dataset_id), 400) as title,
    left(
        coalesce(
            nullif(trim(datasets.license_title), ''),
            nullif(trim(datasets.license_id), ''),
            'Not stated'
        ),
        200
    ) as licence,
    usage.repositories,
    case when usage.repositories > 0 then 'yes' else 'no' end as is_mentioned
from final.final_dataset_usage as usage
inner join final.final_clean_datasets as datasets on usage.dataset_id = datasets.id
