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

create table expected.repository_packages (
    repository varchar,
    ecosystem varchar,
    name varchar,
    is_declared boolean,
    is_confirmed boolean
);

create table expected.packages (
    ecosystem varchar,
    name varchar,
    is_known boolean,
    registry varchar,
    registry_url varchar,
    repository_url varchar,
    description varchar,
    licenses varchar,
    status varchar,
    latest_release_number varchar,
    latest_release_published_at timestamp,
    dependent_packages_count bigint,
    dependent_repos_count bigint,
    downloads bigint,
    downloads_period varchar,
    average_ranking double
);
