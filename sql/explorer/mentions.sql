-- Mentions in the order they are shown, strongest first; one row per mention id.
-- not null: id_key, dataset, item_row, match_kind, counted_as, is_new
--
-- Repositories and files follow each other by their hash: it keeps their lines together at an
-- eighth of the memory that sorting their names takes. `earlier.mentions` has the mentions of the
-- snapshot before.
with found as (
    select
        (md5_number_upper(mention_id) >> 11)::double as id_key,
        hash(dataset_id) as dataset_key,
        hash(resource_id) as resource_key,
        hash(repository) as repository_key,
        hash(path) as path_key,
        line_number,
        hash(dataset_id, resource_id, repository, path, text) as mention_key,
        rowid as item_row,
        match_kind,
        kind_of_use,
        counted_as,
        left(coalesce(nullif(trim(language), ''), 'Not known'), 100) as language
    from final.final_mentions
),

final as (
    select
        row_number() over (
            order by
                found.counted_as::counted_as,
                found.match_kind::match_kind,
                repositories.stars desc nulls last,
                found.repository_key,
                found.path_key,
                found.line_number,
                found.item_row
        ) as position,
        found.id_key,
        datasets.position - 1 as dataset,
        datasets.organization,
        resources.position - 1 as resource,
        repositories.position - 1 as repository,
        found.item_row,
        found.match_kind,
        found.kind_of_use,
        found.counted_as,
        found.language,
        coalesce(resources.format, 'Dataset only') as format,
        case
            when known.mention_key is null and (select has_previous from earlier.state) then 'yes'
            else 'no'
        end as is_new
    from found
    inner join datasets on found.dataset_key = datasets.dataset_key
    left join resources on found.resource_key = resources.resource_key
    left join repositories on found.repository_key = repositories.repository_key
    left join earlier.mentions as known on found.mention_key = known.mention_key
)

select * from final
