-- Rows lost or doubled on the way from the clean tables would make every share wrong.
with counted as (
    select
        (select count(*) from clean_ckan_api.ckan_clean_all_resources) as clean_resources,
        (select count(*) from final_clean_all_resources) as resources,
        (select sum(resources_count) from final_clean_datasets_with_resource_count)
            as resources_of_datasets
)

select * from counted
where
    clean_resources <> resources
    or resources <> coalesce(resources_of_datasets, 0)
