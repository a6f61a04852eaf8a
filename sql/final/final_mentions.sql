-- Places in public code and what of the catalogue they name; one row per place and thing named.
-- key: mention_id
-- not null: mention_id, place_id, repository, path, match_kind, dataset_id, counted_as
--
-- A place is a text on a line of a file of a repository. Several sources may have found it: it is
-- here once. A bulk corpus holds another state of a file: what it and another source have of one
-- URL in one file is the same mention, at the place where the other source has it. What the
-- catalogue has no more is left out; a resource that is gone while its dataset is there leaves a
-- row that names the dataset. Whether a repository is a fork its host says best, then the code
-- search; where neither says so, one counts as a fork when another repository has all its files
-- with mentions at the same paths with the same lines.
with url_mentions as (
    select * from code_search.url_mentions
),

lines as (
    select repository, path, line_number, backend = 'corpus' as is_corpus, min(line) as line
    from code_search.line_matches
    group by all
),

files as (
    select repository, path, max(language) as language
    from code_search.search_results
    group by all
),

host_facts as (
    select repository, bool_or(is_fork) as is_fork
    from reverse_dependencies.repositories
    group by repository
),

forks as (
    select
        url_mentions.repository,
        coalesce(
            bool_or(host_facts.is_fork),
            bool_or(url_mentions.is_fork),
            bool_and(coalesce(url_mentions.is_duplicate, false)) filter (
                not coalesce(url_mentions.is_generic, false)
            ),
            false
        ) as is_fork
    from url_mentions
    left join host_facts on url_mentions.repository = host_facts.repository
    group by url_mentions.repository
),

relations as (
    select repository, relation from judgements.repository_relations
),

uses as (
    select * from judgements.mention_uses
),

datasets as (
    select final_clean_datasets.id as dataset_id, final_clean_organizations.id as organization_id
    from final_clean_datasets
    left join final_clean_organizations
        on final_clean_datasets.owner_org = final_clean_organizations.id
),

resources as (
    select id as resource_id, dataset_id from final_clean_all_resources
),

resolved as (
    select
        url_mentions.* exclude (resource_id, is_fork),
        forks.is_fork,
        resources.resource_id,
        datasets.organization_id
    from url_mentions
    inner join forks on url_mentions.repository = forks.repository
    inner join datasets on url_mentions.dataset_id = datasets.dataset_id
    left join resources
        on url_mentions.resource_id = resources.resource_id
        and url_mentions.dataset_id = resources.dataset_id
),

corpus_mentions as (
    select * from resolved where backend = 'corpus'
),

other_mentions as (
    select * from resolved where backend <> 'corpus'
),

moved_in_corpus as (
    select
        *,
        row_number() over (
            partition by repository, path, dataset_id, resource_id
            order by line_number, text
        ) as place_number
    from corpus_mentions
    anti join other_mentions using (repository, path, line_number, text)
),

moved_elsewhere as (
    select
        repository,
        path,
        dataset_id,
        resource_id,
        line_number,
        text,
        row_number() over (
            partition by repository, path, dataset_id, resource_id
            order by line_number, text
        ) as place_number
    from (select distinct repository, path, dataset_id, resource_id, line_number, text
        from other_mentions)
    anti join corpus_mentions using (repository, path, line_number, text)
),

aligned as (
    select * from other_mentions
    union all by name
    select corpus_mentions.*
    from corpus_mentions
    semi join other_mentions using (repository, path, line_number, text)
    union all by name
    select
        moved_in_corpus.* exclude (place_number) replace (
            coalesce(moved_elsewhere.line_number, moved_in_corpus.line_number) as line_number,
            coalesce(moved_elsewhere.text, moved_in_corpus.text) as text
        )
    from moved_in_corpus
    left join moved_elsewhere
        on moved_in_corpus.repository = moved_elsewhere.repository
        and moved_in_corpus.path = moved_elsewhere.path
        and moved_in_corpus.dataset_id = moved_elsewhere.dataset_id
        and moved_in_corpus.resource_id is not distinct from moved_elsewhere.resource_id
        and moved_in_corpus.place_number = moved_elsewhere.place_number
),

deduplicated as (
    select
        repository,
        path,
        line_number,
        text,
        dataset_id,
        resource_id,
        organization_id,
        min(match_kind::match_kind)::varchar as match_kind,
        min(kind_of_use) as kind_of_use,
        any_value(made_from) as made_from,
        max(shared_by) as shared_by,
        any_value(excerpt) as excerpt,
        -- the corpus's link leads to another commit
        arg_min(url, (backend = 'corpus', backend)) as url,
        string_agg(distinct backend, ', ' order by backend) as sources,
        coalesce(bool_or(is_generic), false) as is_generic,
        coalesce(bool_or(is_fork), false) as is_fork,
        coalesce(bool_or(is_catalogue_mirror), false) as is_catalogue_mirror
    from aligned
    group by all
),

-- where a text is made that no line writes: "12: BASE = …", one line of code each
made_places as (
    select distinct repository, path, line_number, text, unnest(made_from) as from_line
    from deduplicated
    where made_from is not null
),

-- a corpus may have a line that a code search has too
lines_once as (
    select repository, path, line_number, min(line) as line
    from lines
    group by all
),

made_lines as (
    select
        made_places.repository,
        made_places.path,
        made_places.line_number,
        made_places.text,
        string_agg(
            made_places.from_line || ': ' || trim(lines_once.line),
            chr(10) order by made_places.from_line
        ) as made_from_lines
    from made_places
    inner join lines_once
        on made_places.repository = lines_once.repository
        and made_places.path = lines_once.path
        and made_places.from_line = lines_once.line_number
    group by all
),

final as (
    select
        'm' || left(
            md5(
                to_json([
                    deduplicated.repository,
                    deduplicated.path,
                    deduplicated.line_number::varchar,
                    deduplicated.text,
                    deduplicated.dataset_id,
                    deduplicated.resource_id
                ])::varchar
            ),
            20
        ) as mention_id,
        'p' || left(
            md5(
                to_json([
                    deduplicated.repository,
                    deduplicated.path,
                    deduplicated.line_number::varchar,
                    deduplicated.text
                ])::varchar
            ),
            20
        ) as place_id,
        deduplicated.dataset_id,
        deduplicated.resource_id,
        deduplicated.organization_id,
        deduplicated.repository,
        deduplicated.path,
        deduplicated.line_number,
        deduplicated.text,
        coalesce(deduplicated.excerpt, lines.line) as line,
        deduplicated.url,
        deduplicated.match_kind,
        coalesce(deduplicated.kind_of_use, 'unknown') as kind_of_use,
        coalesce(uses.use, 'other') as use,
        coalesce(uses.use_reason, 'no_line') as use_reason,
        files.language,
        deduplicated.made_from,
        made_lines.made_from_lines,
        deduplicated.sources,
        case
            when deduplicated.is_catalogue_mirror then 'catalogue_mirror'
            when deduplicated.is_fork then 'fork'
            when relations.relation = 'own' then 'own'
            when deduplicated.is_generic then 'generic'
            else 'original'
        end as counted_as,
        coalesce(relations.relation, 'unknown') as relation,
        deduplicated.shared_by,
        deduplicated.is_generic,
        deduplicated.is_fork,
        deduplicated.is_catalogue_mirror
    from deduplicated
    left join lines
        on deduplicated.repository = lines.repository
        and deduplicated.path = lines.path
        and deduplicated.line_number = lines.line_number
        and (deduplicated.sources = 'corpus') = lines.is_corpus
    left join made_lines
        on deduplicated.repository = made_lines.repository
        and deduplicated.path = made_lines.path
        and deduplicated.line_number = made_lines.line_number
        and deduplicated.text = made_lines.text
    left join files
        on deduplicated.repository = files.repository
        and deduplicated.path = files.path
    left join relations on deduplicated.repository = relations.repository
    left join uses
        on deduplicated.repository = uses.repository
        and deduplicated.path = uses.path
        and deduplicated.line_number = uses.line_number
)

select * from final
-- what belongs to a dataset is together in the file, so that little of it is read for one
order by dataset_id, repository, path, line_number
