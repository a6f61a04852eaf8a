-- Places in public code with an address that is gone from the catalogue; one row per place and address.
-- key: repository, path, line_number, address
-- not null: repository, path, line_number, url_in_code, address, seen_at
--
-- Read from the lines of the newest searches, which know every host that the catalogue still has.
-- A host that it has no more is not searched: of it, what the last search found that did so.
with lines as (
    select
        repository,
        path,
        line_number,
        max(url) as url,
        max(searched_at) as seen_at,
        -- URLs may be joined without a blank
        regexp_replace(unescaped(min(line)), '[,;]+(https?://)', ' \1', 'g') as line
    from code_search.line_matches
    where exists (from removed_urls)
    group by repository, path, line_number
),

urls as (
    select
        repository,
        path,
        line_number,
        url,
        seen_at,
        unnest(
            regexp_extract_all(
                line, '(?i)https?://[^\s"''<>`\\{}|\[\]]+(?:[{\[]|<[a-z_])?'
            )
        ) as url_in_code
    from lines
),

searched_hosts as (
    select distinct host_of(url) as host
    from final_clean_all_resources
    where exists (from removed_urls)
    union
    select distinct host_of(url) as host
    from final_clean_datasets
    where url is not null
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
        all_url_mentions.searched_at
    from code_search.all_url_mentions
    where
        all_url_mentions.match_kind in ('exact', 'normalized')
        and all_url_mentions.line_number is not null
        and host_of(all_url_mentions.text) not in (select host from searched_hosts)
),

-- an address with the id of a resource that stands leads there, whatever its file was called
alive as (
    select repository, path, line_number, address_of(text) as address
    from final_mentions
    where
        match_kind = 'identifier'
        and resource_id is not null
        and exists (from removed_urls)
),

found as (
    select
        urls.repository,
        urls.path,
        urls.line_number,
        rtrim(urls.url_in_code, '.:!?*_),;') as url_in_code,
        urls.url,
        urls.seen_at,
        address_of(rtrim(urls.url_in_code, '.:!?*_),;')) as address,
        1 as precedence
    from urls
    -- an address that is completed at run time is another one
    where not regexp_matches(urls.url_in_code, '[{\[]$|<.$')
    union all
    select
        repository,
        path,
        line_number,
        text as url_in_code,
        url,
        searched_at as seen_at,
        address_of(text) as address,
        0 as precedence
    from earlier_mentions
),

final as (
    select
        found.repository,
        found.path,
        found.line_number,
        found.address,
        arg_max(found.url_in_code, (found.precedence, found.seen_at)) as url_in_code,
        arg_max(found.url, (found.precedence, found.seen_at)) as url,
        arg_max(found.seen_at, (found.precedence, found.seen_at)) as seen_at
    from found
    inner join removed_urls on found.address = removed_urls.address
    anti join alive
        on found.repository = alive.repository
        and found.path = alive.path
        and found.line_number = alive.line_number
        and found.address = alive.address
    group by found.repository, found.path, found.line_number, found.address
)

select * from final
