-- How much changed, in the order in which it is shown; one row per thing and change.
select
    thing,
    change,
    count(*) as changes,
    count(*) filter (where is_with_dataset) as with_dataset
from changes.changes
group by thing, change
