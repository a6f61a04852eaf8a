-- The first changes of each kind, for people; what came or went with its dataset is left to it.
select *
from changes.changes
where not is_with_dataset
qualify
    row_number() over (
        partition by thing, change
        order by
            organization_title, dataset_title, dataset_id, resource_name, resource_id, field
    ) <= $most
order by organization_title, dataset_title, dataset_id, resource_name, resource_id, field
