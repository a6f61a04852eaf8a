-- A kind that nobody knows would fall out of every table that counts by kind.
select repository, path, line_number, match_kind
from url_mentions
where
    match_kind not in (
        'exact', 'normalized', 'query_variant', 'identifier', 'template', 'landing_page'
    )
