-- The datasets behind the packages on which most others depend; one row per dataset, three of them.
select
    datasets.title,
    reach.largest_package as package,
    reach.dependent_packages_largest as dependents
from final.final_dataset_reach as reach
left join final.final_clean_datasets as datasets on reach.dataset_id = datasets.id
where
    reach.match_kind = 'any'
    and reach.counted_as = 'original'
    and reach.dependent_packages_largest > 0
order by reach.dependent_packages_largest desc, reach.dataset_id
limit 3
