-- The five datasets that most repositories mention; one row per dataset.
select title, repositories
from final.final_dataset_usage
where repositories > 0
order by repositories desc, title
limit 5
