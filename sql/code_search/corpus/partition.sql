-- The rows of one partition, in their order; one row per host, file, line and part of the line.
select
    host,
    repository,
    commit,
    path,
    line_number,
    line_part,
    line,
    text_of_file,
    language,
    stars,
    is_fork,
    file_timestamp,
    getvariable('part_name') as part
from shown_lines
where host_hash(host) = getvariable('partition')
order by host, repository, path, line_number, line_part, line, commit
