-- A dataset whose owner is described in the raw tables but missed in the clean ones would be
-- nobody's. An owner that the portal describes nowhere stays an id: CKAN hides inactive ones.
select
    datasets.id,
    datasets.owner_org
from ckan_clean_datasets as datasets
inner join ckan_api.ckan_organizations as described
    on datasets.owner_org in (id_of(described.id), id_of(described.name))
left join ckan_clean_organizations as organizations on datasets.owner_org = organizations.id
where organizations.id is null
