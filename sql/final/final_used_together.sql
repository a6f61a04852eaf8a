-- Datasets that the same repositories mention; one row per pair of datasets.
-- key: dataset_id, other_dataset_id
-- not null: dataset_id, other_dataset_id, repositories
--
-- A repository that mentions more than 50 datasets says little about any pair of them, and would
-- decide the whole table: it is left out. So are forks, mirrors and generic URLs.
with mappings as (
    select dataset_id, repository
    from final_dataset_repository_mappings
    where counted_as = 'original'
),

informative as (
    select repository
    from mappings
    group by repository
    having count(*) between 2 and 50
),

pairs as (
    select
        one.dataset_id,
        other.dataset_id as other_dataset_id,
        count(*) as repositories,
        min(one.repository) as example_repository
    from mappings as one
    inner join informative on one.repository = informative.repository
    inner join mappings as other
        on one.repository = other.repository
        and one.dataset_id < other.dataset_id
    group by all
),

final as (
    select * from pairs
)

select * from final
