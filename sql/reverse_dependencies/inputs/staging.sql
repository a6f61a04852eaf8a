-- What stage 08 reads out of the answers, in memory, before the models make tables of it.
attach ':memory:' as staging;

-- one row per repository with an answer; record is the host's own, without manifests
create table staging.repository_answers (
    repository varchar,
    repository_key varchar,
    current_key varchar,
    service varchar,
    state varchar,
    blocked_reason varchar,
    current_name varchar,
    is_empty boolean,
    record json,
    answered_at varchar
);

-- one row per repository and manifest
create table staging.manifest_files (
    repository varchar,
    path varchar,
    ecosystem varchar,
    name varchar,
    package_key varchar,
    uuid varchar,
    reason varchar,
    bytes bigint,
    is_binary boolean,
    is_truncated boolean
);

-- one row per record of the package index, as often as it was received
create table staging.package_records (
    ecosystem varchar,
    name varchar,
    package_key varchar,
    repository_key varchar,
    record json
);

-- one row per repository without an answer
create table staging.unanswered (
    repository varchar,
    reason varchar
);
