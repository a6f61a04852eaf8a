-- Resources of the catalogue with their dataset and organization; one row per resource id.
-- key: id
-- not null: id, package_id, url, dataset_id
with resources as (
    select * from clean_ckan_api.ckan_clean_all_resources
),

datasets as (
    select id as dataset_id, owner_org from clean_ckan_api.ckan_clean_datasets
),

organizations as (
    select id as organization_id from clean_ckan_api.ckan_clean_organizations
),

final as (
    select
        resources.*,
        normalized_format(resources.format) as normalized_format,
        datasets.dataset_id,
        organizations.organization_id
    from resources
    inner join datasets on resources.package_id = datasets.dataset_id
    left join organizations on datasets.owner_org = organizations.organization_id
)

select * from final
-- what belongs to a dataset is together in the file, so that little of it is read for one
order by dataset_id, id
