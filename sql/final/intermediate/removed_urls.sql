-- URLs that a catalogue before this one had and this one has no more; one row per host, path and query.
-- key: host, path, query
-- not null: host, path, query, catalogue_url, names, dataset_id, last_in_catalogue_at
--
-- URLs are compared as the one URL reader gives them: that http became https, or a blank %20, is no
-- removal. One without a path names nothing. Of several datasets that had it, the last one counts.
with url_parts as (
    select * from snapshots.url_parts
),

past as (
    select url, 'resource' as names, package_id as dataset_id, catalogued_at
    from catalogue.all_ckan_clean_all_resources
    where url is not null
    union all
    select url, 'dataset' as names, id as dataset_id, catalogued_at
    from catalogue.all_ckan_clean_datasets
    where url is not null
),

present as (
    select url from final_clean_all_resources
    union
    select url from final_clean_datasets
    where url is not null
),

present_parts as (
    select distinct url_parts.host, url_parts.path, url_parts.query
    from url_parts
    inner join present on url_parts.url = present.url
),

gone as (
    select
        url_parts.host,
        url_parts.path,
        url_parts.query,
        past.url as catalogue_url,
        past.names,
        past.dataset_id,
        past.catalogued_at,
        (past.catalogued_at, past.names, past.dataset_id, past.url) as precedence
    from past
    inner join url_parts on past.url = url_parts.url
    anti join present_parts
        on url_parts.host = present_parts.host
        and url_parts.path = present_parts.path
        and url_parts.query = present_parts.query
    where url_parts.path <> '' or url_parts.query <> ''
),

final as (
    select
        host,
        path,
        query,
        arg_max(catalogue_url, precedence) as catalogue_url,
        arg_max(names, precedence) as names,
        arg_max(dataset_id, precedence) as dataset_id,
        max(catalogued_at) as last_in_catalogue_at
    from gone
    group by host, path, query
)

select * from final
