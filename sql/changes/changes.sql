-- What is other than it was in the catalogue; one row per thing, change and field.
-- key: thing, change, field, dataset_id, resource_id, organization_id
-- not null: thing, change, is_with_dataset
--
-- Compared are clean catalogues: a dataset that lost its last usable resource counts as gone.
-- Renamed is another title or name (of datasets also the name in their page's address). Licences
-- are compared by their ids where both have one, formats without case. earlier_id is the thing's
-- id in the earlier catalogue. Of an organization only another title or name is reported, once and
-- not per dataset. A resource is in another dataset where its own id stayed and its dataset's did
-- not, unless that dataset itself was made again under another id.
with old_datasets as (
    select * from compared.old_datasets
),

new_datasets as (
    select * from compared.new_datasets
),

old_resources as (
    select * from compared.old_resources
),

new_resources as (
    select * from compared.new_resources
),

old_organizations as (
    select * from compared.old_organizations
),

new_organizations as (
    select * from compared.new_organizations
),

kept_organizations as (
    select
        new_organizations.id as organization_id,
        new_organizations.name as organization_name,
        new_organizations.title as organization_title,
        old_organizations.name as old_name,
        old_organizations.title as old_title
    from new_organizations
    inner join old_organizations on new_organizations.id = old_organizations.id
),

kept_datasets as (
    select
        new_datasets.id as dataset_id,
        old_datasets.id as old_id,
        new_datasets.name as dataset_name,
        new_datasets.title as dataset_title,
        new_datasets.url,
        old_datasets.name as old_name,
        old_datasets.title as old_title,
        old_datasets.url as old_url,
        coalesce(new_datasets.license_title, new_datasets.license_id) as licence,
        coalesce(old_datasets.license_title, old_datasets.license_id) as old_licence,
        case
            when new_datasets.license_id is not null and old_datasets.license_id is not null
                then lower(new_datasets.license_id) <> lower(old_datasets.license_id)
            else lower(licence) is distinct from lower(old_licence)
        end as is_other_licence,
        new_datasets.license_id,
        old_datasets.license_id as old_license_id
    from new_datasets
    left join reidentified_datasets on new_datasets.id = reidentified_datasets.new_id
    inner join old_datasets
        on coalesce(reidentified_datasets.old_id, new_datasets.id) = old_datasets.id
),

kept_resources as (
    select
        new_resources.id as resource_id,
        new_resources.package_id as dataset_id,
        old_resources.id as old_id,
        old_resources.package_id as old_dataset_id,
        coalesce(reidentified_datasets.new_id, old_resources.package_id) <> new_resources.package_id
            as is_in_other_dataset,
        coalesce(reidentified_resources.same, 'id') as same,
        new_resources.name as resource_name,
        new_resources.url,
        new_resources.format,
        old_resources.name as old_name,
        old_resources.url as old_url,
        old_resources.format as old_format
    from new_resources
    left join reidentified_resources on new_resources.id = reidentified_resources.new_id
    inner join old_resources
        on coalesce(reidentified_resources.old_id, new_resources.id) = old_resources.id
    left join reidentified_datasets on old_resources.package_id = reidentified_datasets.old_id
    where
        reidentified_resources.new_id is not null
        or is_in_other_dataset
        or new_resources.name is distinct from old_resources.name
        or new_resources.url is distinct from old_resources.url
        or lower(new_resources.format) is distinct from lower(old_resources.format)
),

added_datasets as (
    select new_datasets.*
    from new_datasets
    anti join old_datasets on new_datasets.id = old_datasets.id
    anti join reidentified_datasets on new_datasets.id = reidentified_datasets.new_id
),

gone_datasets as (
    select old_datasets.*
    from old_datasets
    anti join new_datasets on old_datasets.id = new_datasets.id
    anti join reidentified_datasets on old_datasets.id = reidentified_datasets.old_id
),

added_resources as (
    select new_resources.*
    from new_resources
    anti join old_resources on new_resources.id = old_resources.id
    anti join reidentified_resources on new_resources.id = reidentified_resources.new_id
),

gone_resources as (
    select old_resources.*
    from old_resources
    anti join new_resources on old_resources.id = new_resources.id
    anti join reidentified_resources on old_resources.id = reidentified_resources.old_id
),

dataset_changes as (
    select 'added' as change, null as field, id as dataset_id, null as earlier_id,
        name as dataset_name, title as dataset_title, null as old_value,
        coalesce(title, name, id) as new_value
    from added_datasets
    union all
    select 'gone', null, id, id, name, title, coalesce(title, name, id), null
    from gone_datasets
    union all
    select 'renamed', 'title', dataset_id, old_id, dataset_name, dataset_title, old_title,
        dataset_title
    from kept_datasets
    where old_title is distinct from dataset_title
    union all
    select 'renamed', 'name', dataset_id, old_id, dataset_name, dataset_title, old_name,
        dataset_name
    from kept_datasets
    where old_name is distinct from dataset_name
    union all
    select 'url_moved', 'url', dataset_id, old_id, dataset_name, dataset_title, old_url, url
    from kept_datasets
    where old_url is distinct from url
    union all
    select
        'licence_changed', 'licence', dataset_id, old_id, dataset_name, dataset_title,
        -- one title may mean several licences
        case when old_licence = licence then old_license_id else old_licence end,
        case when old_licence = licence then license_id else licence end
    from kept_datasets
    where is_other_licence
    union all
    select 'id_changed', 'id', dataset_id, old_id, dataset_name, dataset_title, old_id,
        dataset_id
    from kept_datasets
    where old_id <> dataset_id
),

resource_changes as (
    select 'added' as change, null as field, package_id as dataset_id, id as resource_id,
        null as earlier_id, name as resource_name, url, null as old_value, url as new_value
    from added_resources
    union all
    select 'gone', null, package_id, id, id, name, url, url, null
    from gone_resources
    union all
    select 'renamed', 'name', dataset_id, resource_id, old_id, resource_name, url, old_name,
        resource_name
    from kept_resources
    where old_name is distinct from resource_name
    union all
    select 'url_moved', 'url', dataset_id, resource_id, old_id, resource_name, url, old_url, url
    from kept_resources
    where old_url is distinct from url
    union all
    select 'dataset_changed', 'dataset', dataset_id, resource_id, old_id, resource_name, url,
        old_dataset_id, dataset_id
    from kept_resources
    where is_in_other_dataset
    union all
    select 'format_changed', 'format', dataset_id, resource_id, old_id, resource_name, url,
        old_format, format
    from kept_resources
    where lower(old_format) is distinct from lower(format)
    union all
    -- where the id is made of the URL, that the URL moved says it already
    select 'id_changed', 'id', dataset_id, resource_id, old_id, resource_name, url, old_id,
        resource_id
    from kept_resources
    where same = 'url'
),

organization_changes as (
    select 'title' as field, organization_id, organization_name, organization_title,
        old_title as old_value, organization_title as new_value
    from kept_organizations
    where old_title is distinct from organization_title
    union all
    select 'name', organization_id, organization_name, organization_title, old_name,
        organization_name
    from kept_organizations
    where old_name is distinct from organization_name
),

final as (
    select
        'dataset' as thing,
        change,
        field,
        dataset_id,
        null::varchar as resource_id,
        earlier_id,
        dataset_name,
        dataset_title,
        null::varchar as resource_name,
        old_value,
        new_value,
        null::varchar as url,
        false as is_with_dataset,
        null::varchar as organization_id,
        null::varchar as organization_title
    from dataset_changes
    union all
    select
        'resource',
        resource_changes.change,
        resource_changes.field,
        resource_changes.dataset_id,
        resource_changes.resource_id,
        resource_changes.earlier_id,
        coalesce(new_datasets.name, old_datasets.name),
        coalesce(new_datasets.title, old_datasets.title),
        resource_changes.resource_name,
        resource_changes.old_value,
        resource_changes.new_value,
        resource_changes.url,
        case resource_changes.change
            when 'added' then added_datasets.id is not null
            when 'gone' then gone_datasets.id is not null
            else false
        end,
        null,
        null
    from resource_changes
    left join new_datasets on resource_changes.dataset_id = new_datasets.id
    left join old_datasets on resource_changes.dataset_id = old_datasets.id
    left join added_datasets on resource_changes.dataset_id = added_datasets.id
    left join gone_datasets on resource_changes.dataset_id = gone_datasets.id
    union all
    select
        'organization',
        'renamed',
        field,
        null,
        null,
        organization_id,
        null,
        null,
        null,
        old_value,
        new_value,
        null,
        false,
        organization_id,
        coalesce(organization_title, organization_name, organization_id)
    from organization_changes
)

select * from final
