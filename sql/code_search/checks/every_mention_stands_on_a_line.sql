-- A mention without its line could not be shown to anybody as evidence.
select
    url_mentions.repository,
    url_mentions.path,
    url_mentions.line_number,
    url_mentions.text
from url_mentions
left join line_matches
    on url_mentions.repository = line_matches.repository
    and url_mentions.path = line_matches.path
    and url_mentions.line_number = line_matches.line_number
where line_matches.line_number is null
