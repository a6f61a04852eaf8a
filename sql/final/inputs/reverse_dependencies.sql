-- What the final tables read of the repositories' facts; without that stage they are not known.
create table expected.repositories (
    repository varchar,
    state varchar,
    current_name varchar,
    description varchar,
    stars bigint,
    licence varchar,
    language varchar,
    is_fork boolean,
    is_archived boolean,
    pushed_at timestamp
);
