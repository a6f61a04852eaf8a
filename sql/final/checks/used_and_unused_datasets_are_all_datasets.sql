-- A dataset in both lists or in neither would make the share of mentioned datasets a lie.
with counted as (
    select
        (select count(*) from final_clean_datasets) as datasets,
        (select count(*) from final_unused_datasets) as unused,
        (
            select count(distinct dataset_id)
            from final_dataset_repository_mappings
            where counted_as = 'original'
        ) as used
)

select * from counted
where datasets <> unused + used
