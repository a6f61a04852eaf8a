-- Repositories found that nobody could be asked about, or that gave no answer; one row per repository.
-- key: repository
-- not null: repository, reason
select repository, reason
from staging.unanswered
order by repository
