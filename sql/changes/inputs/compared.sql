-- Two states of a catalogue, as far as they are compared. `old_` is the earlier one, `new_` the
-- later one; their rows come from snapshots of clean_ckan_api. What a snapshot lacks is NULL.
create table expected.old_datasets (
    id varchar,
    name varchar,
    title varchar,
    url varchar,
    license_id varchar,
    license_title varchar
);

create table expected.old_resources (
    id varchar,
    package_id varchar,
    name varchar,
    url varchar,
    format varchar
);

create table expected.old_organizations (
    id varchar,
    name varchar,
    title varchar
);

create table expected.new_datasets as from expected.old_datasets;

create table expected.new_resources as from expected.old_resources;

create table expected.new_organizations as from expected.old_organizations;
