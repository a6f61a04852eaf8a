-- The organizations whose data most repositories mention, for the report; one row per organization.
select *
from final.final_organization_usage
where repositories > 0
order by repositories desc, mentioned_datasets desc, organization_id
limit 15
