-- The columns of searches that the final tables read: a backend that lacks one gives NULL there.
create table expected.searches (
    backend varchar,
    searched_at timestamp,
    query varchar,
    status varchar,
    reason varchar,
    started_at timestamp,
    finished_at timestamp,
    attempts bigint,
    matches bigint,
    bytes bigint
);

-- What each source of code holds; older searches do not say.
create table expected.sources (
    backend varchar,
    searched_at timestamp,
    title varchar,
    as_of date,
    repositories bigint,
    files bigint,
    hosts varchar[],
    is_permissive_only boolean,
    leaves_out varchar[]
);

create table expected.search_results (
    backend varchar,
    searched_at timestamp,
    repository varchar,
    path varchar,
    language varchar,
    repo_stars bigint,
    repo_last_fetched timestamp
);

create table expected.line_matches (
    backend varchar,
    searched_at timestamp,
    repository varchar,
    path varchar,
    line_number bigint,
    line varchar,
    url varchar
);

create table expected.url_mentions (
    backend varchar,
    searched_at timestamp,
    repository varchar,
    path varchar,
    line_number bigint,
    text varchar,
    match_kind varchar,
    dataset_id varchar,
    resource_id varchar,
    shared_by bigint,
    excerpt varchar,
    is_generic boolean,
    is_duplicate boolean,
    is_fork boolean,
    is_catalogue_mirror boolean,
    kind_of_use varchar,
    made_from bigint[],
    url varchar
);

create table expected.unmatched_urls (
    backend varchar,
    searched_at timestamp,
    repository varchar,
    path varchar,
    line_number bigint,
    text varchar,
    host varchar,
    url_path varchar,
    url_query varchar,
    names varchar,
    reference varchar,
    url varchar
);

-- The mentions of all searches that are still there, the newest included: who came, who went.
create table expected.all_url_mentions (
    backend varchar,
    searched_at timestamp,
    repository varchar,
    path varchar,
    line_number bigint,
    text varchar,
    match_kind varchar,
    dataset_id varchar,
    resource_id varchar,
    url varchar,
    is_generic boolean,
    is_fork boolean,
    is_catalogue_mirror boolean
);
