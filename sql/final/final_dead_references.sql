-- Links in public code to datasets or resources that are not, or no longer, in the catalogue; one row per place.
-- key: repository, path, line_number, url_in_code
-- not null: repository, path, line_number, url_in_code, names, missing
--
-- Of two kinds: addresses under the portal's own hosts that name what it does not have, and, on
-- any host, addresses that an earlier catalogue had (last_in_catalogue_at; they may still answer).
-- From the URLs that stage 05 found on lines and that mention nothing: what no query requested is
-- not here, and a place that has a mention is no broken link (a sibling may be one). Compared
-- with the raw catalogue where it is, so that a dataset without a usable resource is not called
-- missing. An incomplete harvest makes things seem missing.
with repositories as (
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

-- a place that names something of the catalogue is no broken link, whichever search says so
named as (
    select distinct repository, path, line_number, text
    from final_mentions
    where match_kind <> 'sibling'
),

missing as (
    select
        repository,
        path,
        line_number,
        text as url_in_code,
        any_value(names) as names,
        any_value(reference) as missing,
        max(url) as url,
        max(searched_at) as seen_at
    from code_search.unmatched_urls
    where
        (names = 'resource' and reference not in (select reference from resource_ids))
        or (
            names = 'dataset'
            and reference not in (
                select reference from dataset_ids where reference is not null
            )
        )
    group by repository, path, line_number, text
),

of_the_portal_or_gone as (
    select * from missing
    union all by name
    select
        gone.repository,
        gone.path,
        gone.line_number,
        gone.text as url_in_code,
        gone.names,
        gone.catalogue_url as missing,
        gone.url,
        gone.seen_at
    from removed_url_references as gone
    anti join missing
        on gone.repository = missing.repository
        and gone.path = missing.path
        and gone.line_number = missing.line_number
        and gone.text = missing.url_in_code
),

dead_places as (
    select of_the_portal_or_gone.*
    from of_the_portal_or_gone
    anti join named
        on of_the_portal_or_gone.repository = named.repository
        and of_the_portal_or_gone.path = named.path
        and of_the_portal_or_gone.line_number = named.line_number
        and of_the_portal_or_gone.url_in_code = named.text
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
        dead.url,
        last_known.last_in_catalogue_at,
        gone_since.gone_since,
        dead.seen_at,
        coalesce(repositories.is_fork, false) as is_fork,
        coalesce(repositories.is_catalogue_mirror, false) as is_catalogue_mirror
    from dead_places as dead
    left join last_known
        on dead.missing = last_known.reference
        and dead.names = last_known.names
    left join gone_since
        on dead.missing = gone_since.reference
        and dead.names = gone_since.names
    left join titles on last_known.dataset_id = titles.id
    left join repositories on dead.repository = repositories.repository
)

select * from final
