-- What the sealed search says of its source; one row.
insert into staging.found_sources
select
    source.title,
    source.as_of,
    source.repositories,
    source.files,
    source.hosts,
    source.leaves_out
from (
    select
        from_json(
            $1::varchar,
            '{
                "title": "VARCHAR",
                "as_of": "VARCHAR",
                "repositories": "BIGINT",
                "files": "BIGINT",
                "hosts": ["VARCHAR"],
                "leaves_out": ["VARCHAR"]
            }'
        ) as source
)
