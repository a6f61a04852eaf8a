-- An organization without a dataset would are in the ranking with nothing to be ranked by.
select
    organizations.id,
    organizations.name
from ckan_clean_organizations as organizations
left join ckan_clean_datasets as datasets on organizations.id = datasets.owner_org
where datasets.id is null
