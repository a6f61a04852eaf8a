-- What a part holds and what of it was not read; one row.
select
    count(distinct repository) as repositories,
    count(*) as files,
    count(*) filter (bytes = 0) as empty,
    count(*) filter (is_vendor) as vendored,
    count(*) filter (bytes > getvariable('largest')) as too_large,
    count(*) filter (not is_wanted) as other_languages,
    coalesce(sum(bytes), 0)::bigint as text_bytes
from scanned_files
