-- URLs on the catalogue's hosts that name nothing of the catalogue; one row per place.
-- key: repository, path, line_number, text
-- not null: repository, path, line_number, text, host, url_path, url_query
--
-- What the one URL reader makes of them: stage 09 looks among them for links that are broken, and
-- takes no URL apart itself. On the portal's hosts reference is the name or id of the dataset or
-- resource that the URL would name. Siblings are here too: the file itself may not exist.
with found_files as (
    select * from staging.found_files
),

found_urls as (
    select * from staging.found_urls
),

current_files as (
    select * from newest_files
),

files as (
    select * from search_results
),

places as (
    select
        found_files.repository,
        found_files.path,
        found_urls.line_number::bigint as line_number,
        found_urls.text,
        any_value(found_urls.host) as host,
        any_value(found_urls.path) as url_path,
        any_value(found_urls.query) as url_query,
        any_value(found_urls.names) as names,
        any_value(found_urls.reference) as reference
    from found_urls
    inner join found_files on found_urls.found_id = found_files.found_id
    inner join current_files
        on found_files.repository = current_files.repository
        and found_files.path = current_files.path
        and found_files.commit is not distinct from current_files.commit
    where found_urls.line_number is not null
    group by found_files.repository, found_files.path, found_urls.line_number, found_urls.text
),

final as (
    select
        places.repository,
        places.path,
        places.line_number,
        places.text,
        places.host,
        places.url_path,
        places.url_query,
        places.names,
        places.reference,
        files.url || case
            when places.repository like 'bitbucket.org/%' then '#lines-'
            else '#L'
        end || places.line_number as url
    from places
    left join files
        on places.repository = files.repository
        and places.path = files.path
)

select * from final
