-- Datasets that have at least one usable resource; one row per dataset id.
-- key: id
-- not null: id
with datasets as (
    select * from ckan_api.ckan_datasets
),

newest as (
    select * from newest_datasets
),

organizations as (
    select * from newest_organizations
),

resources as (
    select package_id from ckan_clean_all_resources
),

-- some portals write an organization's name where its id belongs; names are unique on a portal
organization_names as (
    select
        name,
        min(id) as id
    from organizations
    where name not in (select id from organizations)
    group by name
),

final as (
    select
        id_of(datasets.id) as id,
        id_of(datasets.name) as name,
        coalesce(organization_names.id, id_of(datasets.owner_org)) as owner_org,
        id_of(datasets.creator_user_id) as creator_user_id,

        text_of(datasets.author) as author,
        text_of(datasets.author_email) as author_email,
        text_of(datasets.isopen) as isopen,
        id_of(datasets.license_id) as license_id,
        text_of(datasets.license_title) as license_title,
        id_of(datasets.license_url) as license_url,
        text_of(datasets.maintainer) as maintainer,
        text_of(datasets.maintainer_email) as maintainer_email,
        text_of(datasets.notes) as notes,
        text_of(datasets.private) as private,
        text_of(datasets.state) as state,
        text_of(datasets.title) as title,
        text_of(datasets.type) as type,
        id_of(localized(datasets.url)) as url,
        text_of(datasets.version) as version,

        text_of(datasets.num_resources) as num_resources,
        text_of(datasets.num_tags) as num_tags,

        time_of(datasets.metadata_created) as metadata_created,
        time_of(datasets.metadata_modified) as metadata_modified
    from newest
    inner join datasets on newest.record_number = datasets.record_number
    left join organization_names on id_of(datasets.owner_org) = organization_names.name
    where newest.id in (select package_id from resources)
)

select * from final
