-- The files of a flat Parquet part; one row per file.
create or replace temp view corpus_files as
select
    repository,
    commit,
    stars,
    is_fork,
    path,
    content,
    coalesce(strlen(content), 0) as bytes,
    language,
    file_timestamp,
    is_vendor
from (
    select null::varchar as repository, null::varchar as commit, null::bigint as stars,
        null::boolean as is_fork, null::varchar as path, null::varchar as content,
        null::varchar as language, null::bigint as file_timestamp, null::boolean as is_vendor
    where false
    union all by name
    from read_parquet(getvariable('part_file'))
)
