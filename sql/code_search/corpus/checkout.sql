-- Files of a checkout on their way into the scan; one row per file.
create or replace table checkout.files (
    repository varchar,
    commit varchar,
    path varchar,
    content varchar,
    is_too_large boolean
);

create or replace temp view corpus_files as
select
    repository,
    commit,
    null::bigint as stars,
    null::boolean as is_fork,
    path,
    content,
    case when is_too_large then getvariable('largest') + 1 else coalesce(strlen(content), 0) end
        as bytes,
    null::varchar as language,
    null::bigint as file_timestamp,
    null::boolean as is_vendor
from checkout.files;
