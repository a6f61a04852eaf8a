-- What was not kept: values made NULL, rows left out; one row per table, column and reason.
-- key: table_name, column_name, reason
-- not null: table_name, column_name, reason, rows
with raw_resources as (
    select
        *,
        rowid as raw_row
    from ckan_api.ckan_resources
),

raw_datasets as (
    select * from ckan_api.ckan_datasets
),

raw_organizations as (
    select * from ckan_api.ckan_organizations
),

clean_resources as (
    select * from newest_resources
),

clean_datasets as (
    select newest_datasets.*
    from newest_datasets
    inner join ckan_clean_datasets on newest_datasets.id = ckan_clean_datasets.id
),

clean_organizations as (
    select newest_organizations.*
    from newest_organizations
    inner join ckan_clean_organizations on newest_organizations.id = ckan_clean_organizations.id
),

resource_values as (
    select
        time_problem(raw_resources.cache_last_updated) as cache_last_updated,
        id_problem(raw_resources.cache_url) as cache_url,
        time_problem(raw_resources.created) as created,
        text_problem(raw_resources.description) as description,
        text_problem(raw_resources.format) as format,
        text_problem(raw_resources.hash) as hash,
        time_problem(raw_resources.last_modified) as last_modified,
        time_problem(raw_resources.metadata_modified) as metadata_modified,
        text_problem(raw_resources.mimetype) as mimetype,
        text_problem(raw_resources.mimetype_inner) as mimetype_inner,
        text_problem(raw_resources.name) as name,
        case
            when id_of(raw_resources.package_id) is null
                then 'no dataset named, the dataset that lists it counts'
            when id_of(raw_resources.package_id) <> id_of(raw_resources.dataset_id)
                then 'another dataset named, the dataset that lists it counts'
        end as package_id,
        text_problem(raw_resources.position) as position,
        text_problem(raw_resources.resource_type) as resource_type,
        size_problem(raw_resources.size) as size,
        text_problem(raw_resources.state) as state,
        text_problem(raw_resources.url_type) as url_type
    from clean_resources
    inner join raw_resources on clean_resources.raw_row = raw_resources.raw_row
),

dataset_values as (
    select
        text_problem(raw_datasets.author) as author,
        text_problem(raw_datasets.author_email) as author_email,
        id_problem(raw_datasets.creator_user_id) as creator_user_id,
        text_problem(raw_datasets.isopen) as isopen,
        id_problem(raw_datasets.license_id) as license_id,
        text_problem(raw_datasets.license_title) as license_title,
        id_problem(raw_datasets.license_url) as license_url,
        text_problem(raw_datasets.maintainer) as maintainer,
        text_problem(raw_datasets.maintainer_email) as maintainer_email,
        time_problem(raw_datasets.metadata_created) as metadata_created,
        time_problem(raw_datasets.metadata_modified) as metadata_modified,
        id_problem(raw_datasets.name) as name,
        text_problem(raw_datasets.notes) as notes,
        text_problem(raw_datasets.num_resources) as num_resources,
        text_problem(raw_datasets.num_tags) as num_tags,
        id_problem(raw_datasets.owner_org) as owner_org,
        text_problem(raw_datasets.private) as private,
        text_problem(raw_datasets.state) as state,
        text_problem(raw_datasets.title) as title,
        text_problem(raw_datasets.type) as type,
        id_problem(raw_datasets.url) as url,
        text_problem(raw_datasets.version) as version
    from clean_datasets
    inner join raw_datasets on clean_datasets.record_number = raw_datasets.record_number
),

organization_values as (
    select
        text_problem(raw_organizations.approval_status) as approval_status,
        time_problem(raw_organizations.created) as created,
        text_problem(raw_organizations.description) as description,
        id_problem(raw_organizations.image_url) as image_url,
        text_problem(raw_organizations.is_organization) as is_organization,
        id_problem(raw_organizations.name) as name,
        text_problem(raw_organizations.state) as state,
        text_problem(raw_organizations.title) as title,
        text_problem(raw_organizations.type) as type
    from clean_organizations
    inner join raw_organizations
        on clean_organizations.record_number = raw_organizations.record_number
),

left_out_resources as (
    select
        case
            when newest_datasets.id is null then 'left out: its dataset came again later'
            when id_of(raw_resources.id) is null then 'left out: no id'
            when id_of(raw_resources.url) is null then 'left out: no URL'
            else 'left out: another copy of the same resource counts'
        end as reason
    from raw_resources
    left join newest_datasets on raw_resources.record_number = newest_datasets.record_number
    where raw_resources.raw_row not in (select raw_row from clean_resources)
),

left_out_datasets as (
    select
        case
            when id_of(raw_datasets.id) is null then 'left out: no id'
            when raw_datasets.record_number not in (select record_number from newest_datasets)
                then 'left out: its id came again later'
            else 'left out: no usable resource'
        end as reason
    from raw_datasets
    where raw_datasets.record_number not in (select record_number from clean_datasets)
),

left_out_organizations as (
    select 'left out: owns no dataset that is kept' as reason
    from newest_organizations
    where id not in (select id from clean_organizations)
),

record_faults as (
    select
        coalesce(regexp_extract(fault, '"([a-z_]+)"', 1), '') as member,
        fault
    from ckan_api.ckan_record_faults
),

left_out_organization_records as (
    select 'left out: no id' as reason
    from raw_organizations
    where id_of(id) is null
),

problems as (
    select 'ckan_clean_all_resources' as table_name, column_name, reason
    from (unpivot resource_values on columns(*) into name column_name value reason)
    union all
    select 'ckan_clean_datasets' as table_name, column_name, reason
    from (unpivot dataset_values on columns(*) into name column_name value reason)
    union all
    select 'ckan_clean_organizations' as table_name, column_name, reason
    from (unpivot organization_values on columns(*) into name column_name value reason)
    union all
    select
        'ckan_clean_all_resources' as table_name,
        case reason
            when 'left out: no URL' then 'url'
            else 'id'
        end as column_name,
        reason
    from left_out_resources
    union all
    select 'ckan_clean_datasets' as table_name, 'id' as column_name, reason
    from left_out_datasets
    union all
    select 'ckan_clean_organizations' as table_name, 'id' as column_name, reason
    from left_out_organizations
    union all
    select 'ckan_clean_organizations' as table_name, 'id' as column_name, reason
    from left_out_organization_records
    union all
    select
        'ckan_datasets' as table_name,
        case member when '' then 'raw_json' else member end as column_name,
        fault as reason
    from record_faults
),

final as (
    select
        table_name,
        column_name,
        reason,
        count(*) as rows
    from problems
    group by table_name, column_name, reason
)

select * from final
