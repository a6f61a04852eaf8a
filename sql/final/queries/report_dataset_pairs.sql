-- Pairs of datasets that most repositories mention together; one row per pair.
select
    one.name,
    one.title,
    other.name as other_name,
    other.title as other_title,
    pairs.repositories,
    pairs.example_repository
from final.final_used_together as pairs
inner join final.final_clean_datasets as one on pairs.dataset_id = one.id
inner join final.final_clean_datasets as other on pairs.other_dataset_id = other.id
order by pairs.repositories desc, pairs.dataset_id, pairs.other_dataset_id
limit 15
