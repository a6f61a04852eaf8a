-- What the sealed search says of its source; one row.
insert into staging.found_sources
select
    source.title,
    source.as_of,
    source.repositories,
    source.files,
    source.hosts,
    source.is_permissive_only,
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
                "is_permissive_only": "BOOLEAN",
                "leaves_out": ["VARCHAR"]
            }'
        ) as source
)
