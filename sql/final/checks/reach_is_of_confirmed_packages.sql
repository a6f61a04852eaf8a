-- A name that a manifest merely claims would add somebody else's dependents to a dataset's reach.
select dataset_id, match_kind, counted_as, packages, largest_package
from final_dataset_reach
where largest_package is not null
    and largest_package not in (
        select ecosystem || ': ' || name from final_packages where is_confirmed
    )
