-- Datasets that no repository mentions, those with most resources; one row per dataset.
select
    unused.name,
    unused.title,
    unused.resources,
    coalesce(organizations.title, organizations.name) as organization
from final.final_unused_datasets as unused
left join final.final_clean_organizations as organizations
    on unused.organization_id = organizations.id
order by unused.resources desc, unused.dataset_id
limit 30
