-- Where to look first: up to three places that mention a dataset, one a repository; one row per place.
-- key: dataset_id, place_number
-- not null: dataset_id, place_number, repository, path, match_kind
--
-- Strong kinds first, then repositories with many stars; forks, mirrors and generic URLs left out.
with mentions as (
    select * from final_mentions where counted_as = 'original'
),

repositories as (
    select repository, stars from final_repositories
),

of_repositories as (
    select
        mentions.dataset_id,
        mentions.repository,
        mentions.path,
        mentions.line_number,
        mentions.text,
        mentions.line,
        mentions.url,
        mentions.match_kind,
        mentions.kind_of_use,
        mentions.made_from,
        repositories.stars,
        mentions.match_kind::match_kind as strength
    from mentions
    left join repositories on mentions.repository = repositories.repository
    qualify
        row_number() over (
            partition by mentions.dataset_id, mentions.repository
            order by strength, mentions.path, mentions.line_number, mentions.mention_id
        ) = 1
),

final as (
    select
        dataset_id,
        row_number() over (
            partition by dataset_id
            order by strength, coalesce(stars, 0) desc, repository
        ) as place_number,
        repository,
        path,
        line_number,
        text,
        line,
        url,
        match_kind,
        kind_of_use,
        made_from,
        stars
    from of_repositories
    qualify place_number <= 3
)

select * from final
