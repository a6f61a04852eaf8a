-- Which repositories two sources found, and an estimate of those that neither saw; one row per pair of sources.
-- key: source, other_source
-- not null: source, other_source, repositories, other_repositories, in_both
--
-- Counted are repositories that both sources could have: on hosts of both, no forks or mirrors, and
-- where one holds permissively licensed code alone, none of another known licence. The estimate
-- holds where the sources find a repository independently of each other, and every repository with
-- the same chance; where popular ones are found more often it is too low. It is null where the
-- samples are too small for any.
with mentions as (
    select distinct
        repository,
        unnest(string_split(sources, ', ')) as source
    from final_mentions
    where counted_as in ('original', 'own')
),

coverage as (
    select source, coalesce(hosts, []) as hosts, is_permissive_only from final_coverage
),

pairs as (
    select
        one.source,
        other.source as other_source,
        one.hosts,
        other.hosts as other_hosts,
        one.is_permissive_only or other.is_permissive_only as is_permissive_only
    from coverage as one
    inner join coverage as other on one.source < other.source
),

repositories as (
    select
        pairs.source,
        pairs.other_source,
        mentions.repository,
        bool_or(mentions.source = pairs.source) as is_in_one,
        bool_or(mentions.source = pairs.other_source) as is_in_other,
        coalesce(any_value(final_repositories.stars), 0) >= 10 as is_popular
    from pairs
    inner join mentions on mentions.source in (pairs.source, pairs.other_source)
    left join final_repositories on mentions.repository = final_repositories.repository
    where
        (len(pairs.hosts) = 0
            or list_contains(pairs.hosts, split_part(mentions.repository, '/', 1)))
        and (len(pairs.other_hosts) = 0
            or list_contains(pairs.other_hosts, split_part(mentions.repository, '/', 1)))
        -- a licence that is not known excludes nothing
        and not (
            pairs.is_permissive_only
            and regexp_matches(
                coalesce(final_repositories.licence, ''),
                '(?i)gpl|mpl|epl|eupl|osl|sspl|busl|cc-by-n|-nc|-nd|cddl|proprietary|other'
            )
        )
    group by all
),

counts as (
    select
        pairs.source,
        pairs.other_source,
        count(*) filter (is_in_one) as repositories,
        count(*) filter (is_in_other) as other_repositories,
        count(*) filter (is_in_one and is_in_other) as in_both,
        count(*) filter (is_in_one and is_popular) as popular,
        count(*) filter (is_in_other and is_popular) as other_popular,
        count(*) filter (is_in_one and is_in_other and is_popular) as popular_in_both
    from pairs
    left join repositories
        on pairs.source = repositories.source
        and pairs.other_source = repositories.other_source
    group by all
),

judged as (
    select
        *,
        repositories + other_repositories - in_both as in_either,
        in_both >= 7 and least(repositories, other_repositories) >= 20 as is_enough,
        -- how much more often one source has a popular repository of the other than another one
        (popular_in_both + 0.5) / (other_popular + 1)
            / ((in_both - popular_in_both + 0.5) / (other_repositories - other_popular + 1))
            as popularity,
        (popular_in_both + 0.5) / (popular + 1)
            / ((in_both - popular_in_both + 0.5) / (repositories - popular + 1))
            as other_popularity,
        least(popular, other_popular, repositories - popular, other_repositories - other_popular)
            >= 10 as has_both_kinds
    from counts
),

final as (
    select
        source,
        other_source,
        repositories,
        other_repositories,
        in_both,
        in_either,
        case when is_enough then round(chapman(repositories, other_repositories, in_both)) end
            as estimated_repositories,
        case
            when is_enough
                then floor(capture_bound(repositories, other_repositories, in_both, -1.96))
        end as estimated_low,
        case
            when is_enough
                then ceil(capture_bound(repositories, other_repositories, in_both, 1.96))
        end as estimated_high,
        case when is_enough then greatest(estimated_repositories - in_either, 0) end as unseen,
        case when is_enough then greatest(estimated_low - in_either, 0) end as unseen_low,
        case when is_enough then greatest(estimated_high - in_either, 0) end as unseen_high,
        case
            when not is_enough
                then 'the samples are too small: fewer than 20 in one of them, or fewer than 7 '
                    || 'in both'
            when has_both_kinds and greatest(popularity, other_popularity) > 2
                then 'repositories with 10 stars or more are found by both more often than others: '
                    || 'the estimate is too low'
            when greatest(repositories, other_repositories)
                > 10 * least(repositories, other_repositories)
                then 'one source found more than ten times as many as the other: '
                    || 'the estimate rests on few'
        end as warning
    from judged
)

select * from final
