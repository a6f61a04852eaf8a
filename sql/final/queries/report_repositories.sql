-- The repositories that mention most datasets, for the report; one row per repository.
select *
from final.final_repositories
where counted_as = 'original'
order by datasets desc, stars desc nulls last, repository
limit 25
