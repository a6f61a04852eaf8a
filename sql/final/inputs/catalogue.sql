-- What the final tables read of the raw catalogue; where it is gone, there are no topics, and what
-- is missing is judged by the clean tables.
create table expected.ckan_tags (dataset_id varchar, name varchar, display_name varchar);

create table expected.ckan_groups (dataset_id varchar, name varchar, title varchar);

create table expected.ckan_datasets (id varchar, name varchar);

create table expected.ckan_resources (id varchar);
