-- What stage 05 reads out of the answers, in memory, before the models make tables of it.
attach ':memory:' as staging;

-- one row per journal line
create table staging.found_queries (
    query_id varchar,
    query varchar,
    kind varchar,
    pass integer,
    status varchar,
    reason varchar,
    started_at varchar,
    finished_at varchar,
    attempts integer,
    matches integer,
    bytes bigint
);

-- one row per file in an answer; path is null where only the repository was requested
create table staging.found_files (
    found_id integer,
    query_id varchar,
    repository varchar,
    path varchar,
    commit varchar,
    stars integer,
    last_fetched varchar,
    language varchar,
    is_fork boolean
);

-- one row per line of such a file
create table staging.found_lines (
    found_id integer,
    line_number integer,
    line varchar,
    is_cut boolean
);

-- one row per thing of the catalogue that such a line mentions
create table staging.found_mentions (
    found_id integer,
    line_number integer,
    text varchar,
    match_kind varchar,
    dataset_id varchar,
    resource_id varchar,
    is_generic boolean,
    -- line numbers with commas between them; null where the line writes it
    made_from varchar,
    -- the part of a long line that holds the text; null where the line is kept in full
    excerpt varchar
);

-- one row per URL on the catalogue's hosts that mentions nothing, as the one URL reader gives it
create table staging.found_urls (
    found_id integer,
    line_number integer,
    text varchar,
    host varchar,
    path varchar,
    query varchar,
    names varchar,
    reference varchar
);

-- what was searched: one row, or none where the search does not say
create table staging.found_sources (
    title varchar,
    as_of varchar,
    repositories bigint,
    files bigint,
    hosts varchar[],
    is_permissive_only boolean,
    leaves_out varchar[]
);
