-- Addresses of the portal in public code whose dataset or resource it has not (any more); one row per place.
-- key: repository, path, line_number, url_in_code
-- not null: repository, path, line_number, url_in_code, names, missing
--
-- Read from the lines that the code search gave: what no query asked for is not here. Compared with
-- the raw catalogue where it stands, so that a dataset without a usable resource is not called
-- missing. An incomplete harvest makes things seem missing.
with lines as (
    select
        repository,
        path,
        line_number,
        max(url) as url,
        -- as JSON and HTML write addresses
        replace(replace(min(line), '\/', '/'), '&amp;', '&') as line
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

final as (
    select distinct
        missing.repository,
        missing.path,
        missing.line_number,
        missing.url_in_code,
        missing.names,
        missing.missing,
        coalesce(missing.url, file_links.file_url || '#L' || missing.line_number) as url,
        coalesce(repositories.is_fork, false) as is_fork,
        coalesce(repositories.is_catalogue_mirror, false) as is_catalogue_mirror
    from missing
    left join file_links
        on missing.repository = file_links.repository
        and missing.path = file_links.path
    left join repositories on missing.repository = repositories.repository
)

select * from final
