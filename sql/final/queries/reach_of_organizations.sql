-- Organizations by the dependents of the largest package of repositories with their data.
select
    reach.*,
    coalesce(organizations.title, organizations.name, reach.organization_id) as title
from final_organization_reach as reach
left join final_clean_organizations as organizations
    on reach.organization_id = organizations.id
where reach.match_kind = 'any' and reach.counted_as = 'original' and reach.packages > 0
order by
    reach.dependent_packages_largest desc nulls last, reach.packages desc, reach.organization_id
limit 15
