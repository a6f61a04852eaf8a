-- Repositories that mention anything of the catalogue, the most-starred first; one row per repository.
with mentions as (
    select distinct repository from found.url_mentions
),

results as (
    select repository, max(repo_stars) as stars
    from found.search_results
    group by repository
),

final as (
    select mentions.repository
    from mentions
    left join results on mentions.repository = results.repository
    order by results.stars desc nulls last, mentions.repository
)

select * from final
