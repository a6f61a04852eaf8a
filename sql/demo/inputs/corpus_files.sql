-- Files of the demo's repositories on their way into the parts of a corpus; one row per file.
create table corpus.files (
    part integer,
    repo_id bigint,
    repo_path varchar,
    commit_id varchar,
    stars bigint,
    is_fork boolean,
    file_path varchar,
    content varchar,
    file_timestamp bigint,
    language varchar,
    license varchar
);
