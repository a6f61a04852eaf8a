-- Datasets of the catalogue that have at least one usable resource; one row per dataset id.
-- key: id
-- not null: id
with final as (
    select * from clean_ckan_api.ckan_clean_datasets
)

select * from final
