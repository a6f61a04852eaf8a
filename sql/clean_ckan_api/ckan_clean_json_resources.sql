-- Usable resources whose format contains "json" in any case; one row per resource id.
-- key: id
-- not null: id, package_id, url
with resources as (
    select * from ckan_clean_all_resources
),

final as (
    select *
    from resources
    where format ilike '%json%'
)

select * from final
