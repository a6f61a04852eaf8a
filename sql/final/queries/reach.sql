-- How far the mentions reach through packages; one row.
select
    count(*) filter (where is_confirmed) as packages,
    coalesce(max(dependent_packages_count) filter (where is_confirmed), 0) as most_dependents,
    arg_max(name, dependent_packages_count) filter (where is_confirmed) as furthest
from final.final_packages
where counted_as = 'original'
