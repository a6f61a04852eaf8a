-- Addresses in public code whose dataset or resource the catalogue has not (any more); one row per place.
-- key: repository, path, line_number, url_in_code
-- not null: repository, path, line_number, url_in_code, names, missing
--
-- Of two kinds: addresses under the portal's own hosts that name what it has not, and on any host
-- addresses that a catalogue before this one had (last_in_catalogue_at; they may still answer).
-- Read from the lines that the code search gave: what no query asked for is not here. Compared
-- with the raw catalogue where it stands, so that a dataset without a usable resource is not called
-- missing. An incomplete harvest makes things seem missing.
with lines as (
    select
        repository,
        path,
        line_number,
        max(url) as url,
        max(searched_at) as seen_at,
        unescaped(min(line)) as line
    from code_search.line_matches
    group by repository, path, line_number
),

portal_hosts as (
    select host from snapshots.portal_hosts
),

file_links as (
    select
        repository,
        path,
        min(regexp_replace(url, '#L\d+$', '')) as file_url
    from final_mentions
    where regexp_matches(url, '#L\d+$')
    group by repository, path
),

repositories as (
    select repository, is_fork, is_catalogue_mirror from final_repositories
),

dataset_ids as (
    select lower(id) as reference from final_clean_datasets
    union
    select lower(name) from final_clean_datasets
    union
    select lower(id) from catalogue.ckan_datasets
    union
    select lower(name) from catalogue.ckan_datasets
),

resource_ids as (
    select lower(id) as reference from final_clean_all_resources
    union
    select lower(id) from catalogue.ckan_resources
),

candidates as (
    select
        lines.repository,
        lines.path,
        lines.line_number,
        lines.url,
        lines.seen_at,
        rtrim(
            unnest(
                regexp_extract_all(lines.line, '(?i)https?://[^\s"''<>`\\()\[\]{}$|,;%]+[{$%<]?')
            ),
            '.:!?*_'
        ) as url_in_code
    from lines
    where exists (
        select 1 from portal_hosts where contains(lower(lines.line), portal_hosts.host)
    )
),

of_the_portal as (
    select
        candidates.*,
        lower(regexp_extract(candidates.url_in_code, '(?i)/dataset/([^/?#&]+)', 1)) as dataset,
        lower(
            regexp_extract(
                candidates.url_in_code,
                '(?i)(?:/resource/|[?&]resource_id=)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})',
                1
            )
        ) as resource
    from candidates
    inner join portal_hosts
        on lower(regexp_extract(candidates.url_in_code, '(?i)^https?://(?:www\.)?([^/?#]+)', 1))
        = portal_hosts.host
    -- an address that is completed at run time names nothing that could be missing
    where not regexp_matches(candidates.url_in_code, '[{$%<]$')
),

missing as (
    select
        *,
        case when resource <> '' then 'resource' else 'dataset' end as names,
        case when resource <> '' then resource else dataset end as missing
    from of_the_portal
    where
        (resource <> '' and resource not in (select reference from resource_ids))
        or (
            resource = ''
            -- pages of CKAN itself
            and dataset not in ('', 'new', 'edit', 'search', 'groups', 'activity', 'resource')
            and dataset not in (
                select reference from dataset_ids where reference is not null
            )
        )
),

of_the_portal_or_gone as (
    select
        repository,
        path,
        line_number,
        url_in_code,
        any_value(names) as names,
        any_value(missing) as missing,
        any_value(url) as url,
        any_value(seen_at) as seen_at
    from missing
    group by repository, path, line_number, url_in_code
    union all by name
    select
        gone.repository,
        gone.path,
        gone.line_number,
        gone.url_in_code,
        removed_urls.names,
        removed_urls.catalogue_url as missing,
        gone.url,
        gone.seen_at
    from removed_url_references as gone
    inner join removed_urls on gone.address = removed_urls.address
    anti join missing
        on gone.repository = missing.repository
        and gone.path = missing.path
        and gone.line_number = missing.line_number
        and gone.url_in_code = missing.url_in_code
),

-- what an id or a name of the portal was, or an address
past_things as (
    select
        lower(id) as reference,
        'resource' as names,
        package_id as dataset_id,
        catalogued_at
    from catalogue.all_ckan_clean_all_resources
    where lower(id) in (select missing from missing)
    union all
    select lower(id) as reference, 'dataset' as names, id as dataset_id, catalogued_at
    from catalogue.all_ckan_clean_datasets
    where lower(id) in (select missing from missing)
    union all
    select lower(name) as reference, 'dataset' as names, id as dataset_id, catalogued_at
    from catalogue.all_ckan_clean_datasets
    where lower(name) in (select missing from missing)
    union all
    select catalogue_url, names, dataset_id, last_in_catalogue_at
    from removed_urls
),

last_known as (
    select
        reference,
        names,
        arg_max(dataset_id, (catalogued_at, dataset_id)) as dataset_id,
        max(catalogued_at) as last_in_catalogue_at
    from past_things
    group by reference, names
),

titles as (
    select id, arg_max(title, catalogued_at) as title
    from catalogue.all_ckan_clean_datasets
    where id in (select dataset_id from last_known)
    group by id
),

catalogue_times as (
    select created_at from snapshots.snapshots where database = 'clean_ckan_api'
),

gone_since as (
    select
        last_known.reference,
        last_known.names,
        min(catalogue_times.created_at) as gone_since
    from last_known
    inner join catalogue_times on catalogue_times.created_at > last_known.last_in_catalogue_at
    group by last_known.reference, last_known.names
),

final as (
    select
        dead.repository,
        dead.path,
        dead.line_number,
        dead.url_in_code,
        dead.names,
        dead.missing,
        last_known.dataset_id,
        titles.title as dataset_title,
        coalesce(dead.url, file_links.file_url || '#L' || dead.line_number) as url,
        last_known.last_in_catalogue_at,
        gone_since.gone_since,
        dead.seen_at,
        coalesce(repositories.is_fork, false) as is_fork,
        coalesce(repositories.is_catalogue_mirror, false) as is_catalogue_mirror
    from of_the_portal_or_gone as dead
    left join last_known
        on dead.missing = last_known.reference
        and dead.names = last_known.names
    left join gone_since
        on dead.missing = gone_since.reference
        and dead.names = gone_since.names
    left join titles on last_known.dataset_id = titles.id
    left join file_links
        on dead.repository = file_links.repository
        and dead.path = file_links.path
    left join repositories on dead.repository = repositories.repository
)

select * from final
