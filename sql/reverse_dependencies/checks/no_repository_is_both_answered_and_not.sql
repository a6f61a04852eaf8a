-- A repository on both sides would be counted twice in "how many were requested".
select repositories.repository
from repositories
inner join unanswered_repositories
    on repositories.repository = unanswered_repositories.repository
