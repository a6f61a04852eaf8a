-- What the final tables read of the raw catalogue; where it is gone, there are no topics, and what
-- is missing is judged by the clean tables.
create table expected.ckan_tags (dataset_id varchar, name varchar, display_name varchar);

create table expected.ckan_groups (dataset_id varchar, name varchar, title varchar);

create table expected.ckan_datasets (id varchar, name varchar);

create table expected.ckan_resources (id varchar);

-- The clean catalogues before this one that are still there: which URLs there were.
create table expected.all_ckan_clean_all_resources (
    catalogued_at timestamp,
    id varchar,
    package_id varchar,
    url varchar
);

create table expected.all_ckan_clean_datasets (
    catalogued_at timestamp,
    id varchar,
    name varchar,
    title varchar,
    url varchar
);
