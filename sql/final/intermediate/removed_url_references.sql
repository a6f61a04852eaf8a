-- Places in public code with a URL that is gone from the catalogue; one row per place and catalogue URL.
-- key: repository, path, line_number, text, catalogue_url
-- not null: repository, path, line_number, text, catalogue_url, names, seen_at
--
-- From the URLs without a mention of the newest searches, which know every host that the catalogue
-- still has. A host that it has no more is not searched: of it, what the last search found that
-- did so.
with url_parts as (
    select * from snapshots.url_parts
),

searched_hosts as (
    select distinct url_parts.host
    from url_parts
    inner join final_clean_all_resources on url_parts.url = final_clean_all_resources.url
    union
    select distinct url_parts.host
    from url_parts
    inner join final_clean_datasets on url_parts.url = final_clean_datasets.url
    union
    select host from snapshots.portal_hosts
),

earlier_mentions as (
    select
        all_url_mentions.repository,
        all_url_mentions.path,
        all_url_mentions.line_number,
        all_url_mentions.text,
        all_url_mentions.url,
        all_url_mentions.searched_at,
        url_parts.host,
        url_parts.path as url_path,
        url_parts.query as url_query
    from code_search.all_url_mentions
    inner join url_parts on all_url_mentions.text = url_parts.url
    anti join searched_hosts on url_parts.host = searched_hosts.host
    where
        all_url_mentions.match_kind in ('exact', 'normalized')
        and all_url_mentions.line_number is not null
),

found as (
    select
        repository,
        path,
        line_number,
        text,
        host,
        url_path,
        url_query,
        url,
        searched_at as seen_at,
        1 as precedence
    from code_search.unmatched_urls
    union all
    select
        repository,
        path,
        line_number,
        text,
        host,
        url_path,
        url_query,
        url,
        searched_at as seen_at,
        0 as precedence
    from earlier_mentions
),

final as (
    select
        found.repository,
        found.path,
        found.line_number,
        arg_max(found.text, (found.precedence, found.seen_at)) as text,
        removed_urls.catalogue_url,
        any_value(removed_urls.names) as names,
        arg_max(found.url, (found.precedence, found.seen_at)) as url,
        arg_max(found.seen_at, (found.precedence, found.seen_at)) as seen_at
    from found
    inner join removed_urls
        on found.host = removed_urls.host
        and found.url_path = removed_urls.path
        and found.url_query = removed_urls.query
    group by found.repository, found.path, found.line_number, removed_urls.catalogue_url
)

select * from final
