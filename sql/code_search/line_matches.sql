-- Lines that were found, without what looks like a secret; one row per repository, path and line.
-- key: repository, path, line_number
-- not null: repository, path, line_number, line, is_cut
--
-- Lines of an older commit than the file's newest are left out. Of a very long line only the parts
-- around its mentions are here (is_cut), with " … " between them; url_mentions has each part.
with found_files as (
    select * from staging.found_files
),

found_lines as (
    select * from staging.found_lines
),

current_files as (
    select * from newest_files
),

final as (
    select
        found_files.repository,
        found_files.path,
        found_lines.line_number::bigint as line_number,
        found_lines.line,
        found_lines.is_cut
    from found_lines
    inner join found_files on found_lines.found_id = found_files.found_id
    inner join current_files
        on found_files.repository = current_files.repository
        and found_files.path = current_files.path
        and found_files.commit is not distinct from current_files.commit
    -- a sort can go to disk where the states of an aggregate over lines cannot
    qualify
        row_number() over (
            partition by found_files.repository, found_files.path, found_lines.line_number
            order by found_lines.is_cut
        ) = 1
)

select * from final
