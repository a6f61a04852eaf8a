-- Every file of a part, with its text where it names a target; one row per file.
create or replace temp table scanned_files as
with files as (
    select
        *,
        len(getvariable('languages')) = 0
        or coalesce(list_contains(getvariable('languages'), lower(language)), false) as is_wanted
    from corpus_files
),

named as (
    select
        *,
        case
            when not is_wanted or bytes = 0 or bytes > getvariable('largest') then false
            else names_a_target(content)
        end as names_a_target
    from files
)

select
    repository,
    bytes,
    is_wanted,
    coalesce(is_vendor, false) as is_vendor,
    case when names_a_target then commit end as commit,
    case when names_a_target then stars end as stars,
    case when names_a_target then is_fork end as is_fork,
    case when names_a_target then path end as path,
    case when names_a_target then language end as language,
    case when names_a_target then file_timestamp end as file_timestamp,
    case when names_a_target then content end as content
from named
