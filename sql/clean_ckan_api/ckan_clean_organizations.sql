-- Organizations that own a clean dataset; one row per organization id.
-- key: id
-- not null: id
with organizations as (
    select * from ckan_api.ckan_organizations
),

newest as (
    select * from newest_organizations
),

datasets as (
    select owner_org from ckan_clean_datasets
),

final as (
    select
        id_of(organizations.id) as id,
        id_of(organizations.name) as name,

        text_of(organizations.approval_status) as approval_status,
        text_of(organizations.description) as description,
        id_of(organizations.image_url) as image_url,
        text_of(organizations.is_organization) as is_organization,
        text_of(organizations.state) as state,
        text_of(organizations.title) as title,
        text_of(organizations.type) as type,

        time_of(organizations.created) as created
    from newest
    inner join organizations on newest.record_number = organizations.record_number
    where newest.id in (select owner_org from datasets)
)

select * from final
