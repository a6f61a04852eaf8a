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
