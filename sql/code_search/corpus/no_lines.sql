-- The same where no host of the catalogue has a line.
create or replace temp table catalogue_lines (
    part varchar,
    repository varchar,
    commit varchar,
    path varchar,
    line_number integer,
    line_part integer,
    line varchar,
    text_of_file varchar,
    language varchar,
    stars bigint,
    is_fork boolean
)
