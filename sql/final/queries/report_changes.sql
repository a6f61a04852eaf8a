-- Changes of the catalogue, first what is removed or moved and code mentions; one row per change.
select *
from final.final_changes
where not is_with_dataset and change <> 'id_changed'
order by
    change in ('gone', 'url_moved') and repositories > 0 desc,
    repositories desc,
    change <> 'gone',
    change <> 'url_moved',
    thing,
    organization_title,
    dataset_title,
    dataset_id,
    resource_name,
    resource_id,
    field
limit 30
