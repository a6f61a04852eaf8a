-- Resources that can be used: with an id, a URL and a dataset that exists; one row per resource id.
-- key: id
-- not null: id, package_id, url
with resources as (
    select
        *,
        rowid as raw_row
    from ckan_api.ckan_resources
),

newest as (
    select * from newest_resources
),

final as (
    select
        id_of(resources.id) as id,
        id_of(resources.dataset_id) as package_id,

        id_of(resources.cache_url) as cache_url,
        text_of(resources.description) as description,
        text_of(resources.format) as format,
        text_of(resources.hash) as hash,
        text_of(resources.mimetype) as mimetype,
        text_of(resources.mimetype_inner) as mimetype_inner,
        text_of(resources.name) as name,
        text_of(resources.resource_type) as resource_type,
        text_of(resources.state) as state,
        id_of(resources.url) as url,
        text_of(resources.url_type) as url_type,

        text_of(resources.position) as position,
        size_of(resources.size) as size,

        time_of(resources.cache_last_updated) as cache_last_updated,
        time_of(resources.created) as created,
        time_of(resources.last_modified) as last_modified,
        time_of(resources.metadata_modified) as metadata_modified
    from newest
    inner join resources on newest.raw_row = resources.raw_row
)

select * from final
