-- How much changed since the earlier catalogue; one row per kind of entry and change.
select
    thing,
    change,
    count(*) as changes,
    count(*) filter (where is_with_dataset) as with_dataset
from final.final_changes
group by thing, change
