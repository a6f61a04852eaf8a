-- The snapshots that the final tables are made from; filled by the stage from their manifests.
create table snapshots.main.snapshots (
    file varchar,
    database varchar,
    sha256 varchar,
    created_at timestamp,
    is_newest boolean,
    is_compared boolean,
    is_complete boolean,
    reason varchar
);

-- The hosts on which people see the portal; from the config.
create table snapshots.main.portal_hosts (host varchar);

-- URLs of this and of earlier catalogues and mentions, as the one URL reader gives them; filled by
-- the stage with those that the search for removed URLs needs.
create table snapshots.main.url_parts (
    url varchar,
    host varchar,
    path varchar,
    query varchar
);
