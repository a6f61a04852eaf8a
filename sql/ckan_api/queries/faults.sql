-- The faults of records, with the datasets that they are named by; one row per fault.
select
    fault,
    is_unread,
    count(*) as records,
    string_agg(distinct '"' || left(dataset_id, 100) || '"', ', ') filter (where number <= 5) as ids
from (
    select
        *,
        row_number() over (partition by fault order by dataset_id) as number
    from ckan_record_faults
) as numbered_faults
group by fault, is_unread
order by records desc, fault
