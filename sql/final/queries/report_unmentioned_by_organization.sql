-- Organizations with most datasets that no repository mentions; one row per organization.
select
    coalesce(title, name) as organization,
    datasets - mentioned_datasets as unmentioned,
    datasets
from final.final_organization_usage
where datasets > mentioned_datasets
order by unmentioned desc, organization_id
limit 12
