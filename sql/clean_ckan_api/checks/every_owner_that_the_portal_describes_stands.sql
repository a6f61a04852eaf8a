-- A dataset whose owner is described in the raw tables but missed in the clean ones would be
-- no one's. An owner that the portal describes nowhere stays an id: CKAN hides inactive ones.
with described as (
    select id_of(id) as id_or_name from ckan_api.ckan_organizations
    union
    select id_of(name) as id_or_name from ckan_api.ckan_organizations
)

select
    datasets.id,
    datasets.owner_org
from ckan_clean_datasets as datasets
inner join described on datasets.owner_org = described.id_or_name
left join ckan_clean_organizations as organizations on datasets.owner_org = organizations.id
where organizations.id is null
