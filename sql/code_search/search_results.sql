-- Files in which something was found; one row per repository and path.
-- key: repository, path
-- not null: repository, query_ids, lines, mentions
--
-- The path is null where a text was so frequent that only its repositories could be requested.
-- A file that several queries found is here once, at the commit that was fetched last. Files of
-- several repositories with the same path and the same lines are one content_group (forks, copies);
-- all but the one with the most stars are duplicates.
with found_files as (
    select * from newest_files
),

queries as (
    select
        repository,
        path,
        list(distinct query_id order by query_id) as query_ids
    from staging.found_files
    group by all
),

lines as (
    select
        repository,
        path,
        count(*) as lines,
        -- hashes of lines, since whole lines would all have to be held in memory
        md5(string_agg(md5(line), chr(10) order by line_number)) as lines_hash
    from line_matches
    group by all
),

mentions as (
    select
        repository,
        path,
        count(*) as mentions
    from found_places
    group by all
),

grouped as (
    select
        found_files.repository,
        found_files.path,
        found_files.commit,
        found_files.language,
        found_files.kind_of_use,
        found_files.url,
        queries.query_ids,
        case
            when found_files.path is not null
                then left(md5(found_files.path || chr(10) || coalesce(lines.lines_hash, '')), 16)
        end as content_group,
        found_files.is_fork,
        coalesce(lines.lines, 0) as lines,
        coalesce(mentions.mentions, 0) as mentions,
        found_files.repo_stars,
        found_files.repo_last_fetched
    from found_files
    left join queries
        on found_files.repository = queries.repository
        and found_files.path is not distinct from queries.path
    left join lines
        on found_files.repository = lines.repository
        and found_files.path = lines.path
    left join mentions
        on found_files.repository = mentions.repository
        and found_files.path = mentions.path
),

final as (
    select
        repository,
        path,
        commit,
        language,
        kind_of_use,
        url,
        query_ids,
        content_group,
        content_group is not null and row_number() over (
            partition by content_group
            order by coalesce(is_fork, false), repo_stars desc nulls last, repository
        ) > 1 as is_duplicate,
        is_fork,
        lines,
        mentions,
        repo_stars,
        repo_last_fetched
    from grouped
)

select * from final
