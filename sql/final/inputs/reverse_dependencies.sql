-- What the final tables read of the repositories' facts; without that stage they are not known.
create table expected.repositories (
    repository varchar,
    state varchar,
    current_name varchar,
    description varchar,
    stars bigint,
    licence varchar,
    language varchar,
    service varchar,
    owner_kind varchar,
    owner_website varchar,
    is_owner_verified boolean,
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
    homepage varchar,
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
