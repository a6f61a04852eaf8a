-- An unknown kind would be missing from every table that counts by kind.
select repository, path, line_number, match_kind
from url_mentions
where try_cast(match_kind as match_kind) is null
