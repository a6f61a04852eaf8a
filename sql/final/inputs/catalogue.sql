-- What the final tables read of the raw catalogue: where it is gone, there are no topics.
create table expected.ckan_tags (dataset_id varchar, name varchar, display_name varchar);

create table expected.ckan_groups (dataset_id varchar, name varchar, title varchar);
