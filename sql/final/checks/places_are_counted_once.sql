-- A place that several backends found, or that names several resources, counted more than once
-- would inflate the mentions of a dataset.
with places as (
    select
        dataset_id,
        repository,
        count(distinct (path, line_number, text)) as places
    from final_mentions
    group by all
)

select
    mappings.dataset_id,
    mappings.repository,
    mappings.mentions,
    places.places
from final_dataset_repository_mappings as mappings
full join places
    on mappings.dataset_id = places.dataset_id
    and mappings.repository = places.repository
where mappings.mentions is distinct from places.places
