-- Places in public code that name something of the catalogue, with the evidence; one row per place and thing named.
-- key: repository, path, line_number, text, dataset_id, resource_id
-- not null: repository, path, line_number, text, match_kind, dataset_id, shared_by, query_id
--
-- made_from has the lines that a text is made from which the file does not write; null where it
-- writes it. is_fork is null where the code search does not say. query_id is one of the queries
-- that found the place; search_results has all of the file's.
with places as (
    select * from found_places
),

files as (
    select * from search_results
),

repositories as (
    select * from found_repositories
),

final as (
    select
        places.repository,
        places.path,
        places.line_number,
        places.text,
        places.match_kind,
        places.dataset_id,
        places.resource_id,
        places.made_from,
        places.query_id,
        places.excerpt,
        files.url || case
            when repositories.repository like 'bitbucket.org/%' then '#lines-'
            else '#L'
        end || places.line_number as url,
        files.kind_of_use,
        files.content_group,
        count(*) over (
            partition by places.repository, places.path, places.line_number, places.text
        ) as shared_by,
        places.is_generic,
        files.is_duplicate,
        repositories.is_fork,
        repositories.is_catalogue_mirror
    from places
    left join files
        on places.repository = files.repository
        and places.path = files.path
    left join repositories on places.repository = repositories.repository
)

select * from final
