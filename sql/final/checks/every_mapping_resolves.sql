-- A mapping whose resource, dataset or organization is not in the tables would be a dead link in
-- every page and export.
select 'resource' as broken, mappings.resource_id as id, mappings.repository
from final_resource_repository_mappings as mappings
left join final_clean_all_resources as resources
    on mappings.resource_id = resources.id
    and mappings.dataset_id = resources.dataset_id
where resources.id is null
union all
select 'dataset', mappings.dataset_id, mappings.repository
from final_dataset_repository_mappings as mappings
left join final_clean_datasets as datasets on mappings.dataset_id = datasets.id
where datasets.id is null
union all
select 'organization', mappings.organization_id, mappings.repository
from final_dataset_repository_mappings as mappings
left join final_clean_organizations as organizations
    on mappings.organization_id = organizations.id
where mappings.organization_id is not null and organizations.id is null
union all
select 'repository', mappings.repository, mappings.repository
from final_dataset_repository_mappings as mappings
left join final_repositories as repositories on mappings.repository = repositories.repository
where repositories.repository is null
