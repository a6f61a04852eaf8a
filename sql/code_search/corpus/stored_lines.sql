-- Found lines with what is known of their file; one row per host, file, line and part of the line.
--
-- The text of a program is on the first line of each host and file, and on no other.
create or replace temp table shown_lines as
with lines as (
    select * from shown.lines
),

files as (
    select rowid as file_id, * from scanned_files where content is not null
),

final as (
    select
        lines.host,
        files.repository,
        files.commit,
        files.path,
        lines.line_number,
        lines.line_part,
        lines.line,
        case
            when
                row_number() over (
                    partition by lines.host, lines.file_id
                    order by lines.line_number, lines.line_part
                ) = 1
                then texts.text_of_file
        end as text_of_file,
        files.language,
        files.stars,
        files.is_fork,
        files.file_timestamp
    from lines
    inner join files on lines.file_id = files.file_id
    left join shown.texts as texts on lines.file_id = texts.file_id
)

select * from final
