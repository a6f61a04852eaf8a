-- Datasets of the catalogue that have at least one usable resource; one row per dataset id.
-- key: id
-- not null: id
select * from clean_ckan_api.ckan_clean_datasets
