-- Repositories that mention anything of the catalogue; one row per repository.
-- key: repository
-- not null: repository, datasets, mentions, counted_as
with mentions as (
    select * from final_mentions
),

facts as (
    select
        repository,
        max(repo_stars) as stars,
        max(repo_last_fetched) as last_fetched_at
    from code_search.search_results
    group by repository
),

host_facts as (
    select
        repository,
        any_value(state) as state,
        any_value(current_name) as current_name,
        any_value(description) as description,
        any_value(licence) as licence,
        bool_or(is_archived) as is_archived,
        max(stars) as stars,
        max(pushed_at) as pushed_at
    from reverse_dependencies.repositories
    group by repository
),

standings as (
    select
        repository,
        min(counted_as::counted_as)::varchar as counted_as
    from mentions
    group by repository
),

counted as (
    select
        mentions.repository,
        any_value(standings.counted_as) as counted_as,
        mode(language order by language) as language,
        string_agg(distinct match_kind, ', ' order by match_kind) as match_kinds,
        string_agg(distinct kind_of_use, ', ' order by kind_of_use) as kinds_of_use,
        count(distinct dataset_id) as datasets,
        count(distinct resource_id) as resources,
        count(distinct organization_id) as organizations,
        count(distinct place_id) as mentions,
        count(distinct path) as files,
        arg_min(url, (path, line_number, mention_id)) as example_url,
        min(path) as example_path,
        bool_or(is_fork) as is_fork,
        bool_or(is_catalogue_mirror) as is_catalogue_mirror
    from mentions
    -- the generic URLs of a repository that also has others are not among what it mentions
    inner join standings
        on mentions.repository = standings.repository
        and mentions.counted_as = standings.counted_as
    group by mentions.repository
),

relations as (
    select * from judgements.repository_relations
),

final as (
    select
        counted.repository,
        split_part(counted.repository, '/', 1) as host,
        counted.counted_as,
        coalesce(relations.relation, 'unknown') as relation,
        relations.relation_evidence,
        counted.language,
        counted.match_kinds,
        counted.kinds_of_use,
        host_facts.state,
        host_facts.current_name,
        host_facts.description,
        host_facts.licence,
        coalesce(host_facts.stars, facts.stars) as stars,
        host_facts.pushed_at,
        facts.last_fetched_at,
        counted.datasets,
        counted.resources,
        counted.organizations,
        counted.mentions,
        counted.files,
        counted.example_path,
        counted.example_url,
        counted.is_fork,
        host_facts.is_archived,
        counted.is_catalogue_mirror
    from counted
    left join facts on counted.repository = facts.repository
    left join host_facts on counted.repository = host_facts.repository
    left join relations on counted.repository = relations.repository
)

select * from final
