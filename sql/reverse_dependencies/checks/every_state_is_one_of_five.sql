-- A state that no one knows would fall out of every count of repositories by state.
select repository, state
from repositories
where state not in ('found', 'renamed', 'missing', 'blocked', 'empty')
