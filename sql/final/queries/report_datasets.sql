-- The datasets that most repositories mention, for the report; one row per dataset.
select
    usage.*,
    coalesce(organizations.title, organizations.name) as organization
from final.final_dataset_usage as usage
left join final.final_clean_organizations as organizations
    on usage.organization_id = organizations.id
where usage.repositories > 0
order by usage.repositories desc, usage.mentioned_resources desc, usage.dataset_id
limit 20
