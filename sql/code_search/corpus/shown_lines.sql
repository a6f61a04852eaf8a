-- Lines and texts of programs without their secrets, on their way into the store.
create or replace table shown.lines (
    file_id bigint,
    line_number integer,
    line_part integer,
    line varchar,
    host varchar
);

create or replace table shown.texts (
    file_id bigint,
    text_of_file varchar
);
