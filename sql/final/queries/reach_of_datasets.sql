-- Datasets by the dependents of the largest package of the repositories that mention them.
select
    reach.*,
    datasets.name,
    datasets.title
from final_dataset_reach as reach
inner join final_clean_datasets as datasets on reach.dataset_id = datasets.id
where reach.match_kind = 'any' and reach.counted_as = 'original' and reach.packages > 0
order by reach.dependent_packages_largest desc nulls last, reach.packages desc, reach.dataset_id
limit 15
