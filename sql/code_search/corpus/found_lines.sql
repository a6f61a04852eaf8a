-- Lines that name a target; one row per file, line and host.
create or replace temp table found_lines as
with files as (
    select
        rowid as file_id,
        -- a byte order mark is no part of the first line
        string_split(ltrim(content, chr(65279)), chr(10)) as lines
    from scanned_files
    where
        content is not null
        -- git's own rule: a file with a zero byte near its start is binary
        and not contains(left(content, 8000), chr(0))
),

numbered as (
    select file_id, unnest(lines) as line, generate_subscripts(lines, 1) as line_number
    from files
),

keyed as (
    select file_id, line_number, line, unnest(keys_in(line)) as key
    from numbered
)

select distinct
    keyed.file_id,
    keyed.line_number,
    regexp_replace(keyed.line, '\r$', '') as line,
    target_keys.host
from keyed
inner join target_keys on keyed.key = target_keys.key
