-- What found lines name, repositories aside; one row per place and thing named.
-- key: repository, path, line_number, text, dataset_id, resource_id
-- not null: repository, path, line_number, text, match_kind, dataset_id
--
-- A place is a text on a line; it has one kind, its strongest.
with found_files as (
    select * from staging.found_files
),

found_mentions as (
    select * from staging.found_mentions
),

current_files as (
    select * from newest_files
),

placed as (
    select
        found_files.repository,
        found_files.path,
        found_mentions.line_number::bigint as line_number,
        found_mentions.text,
        found_mentions.match_kind,
        try_cast(found_mentions.match_kind as match_kind) as rank,
        found_mentions.dataset_id,
        found_mentions.resource_id,
        found_mentions.is_generic,
        string_split(found_mentions.made_from, ',')::bigint[] as made_from,
        found_mentions.excerpt,
        found_files.query_id
    from found_mentions
    inner join found_files on found_mentions.found_id = found_files.found_id
    inner join current_files
        on found_files.repository = current_files.repository
        and found_files.path = current_files.path
        and found_files.commit is not distinct from current_files.commit
),

strongest as (
    select *
    from placed
    qualify
        rank is not distinct from min(rank) over (partition by repository, path, line_number, text)
),

final as (
    select
        repository,
        path,
        line_number,
        text,
        any_value(match_kind) as match_kind,
        dataset_id,
        resource_id,
        bool_or(is_generic) as is_generic,
        any_value(made_from) as made_from,
        any_value(excerpt) as excerpt,
        min(query_id) as query_id
    from strongest
    group by repository, path, line_number, text, dataset_id, resource_id
)

select * from final
