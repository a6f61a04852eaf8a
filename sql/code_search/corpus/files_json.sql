-- The files of a part of JSON Lines; one row per file.
create or replace temp view corpus_files as
select *, coalesce(strlen(content), 0) as bytes
from read_json(
    getvariable('part_file'),
    format = 'newline_delimited',
    maximum_object_size = 64000000,
    columns = {
        repository: 'varchar',
        commit: 'varchar',
        stars: 'bigint',
        is_fork: 'boolean',
        path: 'varchar',
        content: 'varchar',
        language: 'varchar',
        file_timestamp: 'bigint',
        is_vendor: 'boolean'
    }
)
