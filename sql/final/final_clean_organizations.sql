-- Organizations that own at least one usable dataset; one row per organization id.
-- key: id
-- not null: id
select * from clean_ckan_api.ckan_clean_organizations
