-- Organizations that own at least one usable dataset; one row per organization id.
-- key: id
-- not null: id
with final as (
    select * from clean_ckan_api.ckan_clean_organizations
)

select * from final
