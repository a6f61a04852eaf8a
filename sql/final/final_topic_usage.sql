-- How often public code mentions data of each topic (tag or group); one row per kind and topic.
-- key: topic_kind, topic
-- not null: topic_kind, topic, datasets, mentioned_datasets, repositories
with topics as (
    select * from final_dataset_topics
),

mentions as (
    select dataset_id, repository, place_id, match_kind, kind_of_use, counted_as
    from final_mentions
),

dataset_counts as (
    select
        topics.topic_kind,
        topics.topic,
        count(*) as datasets,
        count(*) filter (final_dataset_usage.repositories > 0) as mentioned_datasets
    from topics
    inner join final_dataset_usage on topics.dataset_id = final_dataset_usage.dataset_id
    group by all
),

counted as (
    select
        topics.topic_kind,
        topics.topic,
        count(distinct repository) filter (counted_as = 'original') as repositories,
        count(distinct repository) filter (
            counted_as = 'original' and match_kind = 'exact'
        ) as exact_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and match_kind = 'normalized'
        ) as normalized_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and match_kind = 'query_variant'
        ) as query_variant_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and match_kind = 'identifier'
        ) as identifier_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and match_kind = 'template'
        ) as template_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and match_kind = 'landing_page'
        ) as landing_page_repositories,
        count(distinct place_id) filter (
            counted_as = 'original' and match_kind = 'exact'
        ) as exact_mentions,
        count(distinct place_id) filter (
            counted_as = 'original' and match_kind = 'normalized'
        ) as normalized_mentions,
        count(distinct place_id) filter (
            counted_as = 'original' and match_kind = 'query_variant'
        ) as query_variant_mentions,
        count(distinct place_id) filter (
            counted_as = 'original' and match_kind = 'identifier'
        ) as identifier_mentions,
        count(distinct place_id) filter (
            counted_as = 'original' and match_kind = 'template'
        ) as template_mentions,
        count(distinct place_id) filter (
            counted_as = 'original' and match_kind = 'landing_page'
        ) as landing_page_mentions,
        count(distinct repository) filter (
            counted_as = 'original' and kind_of_use = 'code'
        ) as code_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and kind_of_use = 'notebook'
        ) as notebook_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and kind_of_use = 'documentation'
        ) as documentation_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and kind_of_use = 'configuration'
        ) as configuration_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and kind_of_use = 'data'
        ) as data_repositories,
        count(distinct repository) filter (
            counted_as = 'fork'
        ) as fork_repositories,
        count(distinct repository) filter (
            counted_as = 'catalogue_mirror'
        ) as mirror_repositories,
        count(distinct repository) filter (
            counted_as = 'generic'
        ) as generic_repositories
    from topics
    inner join mentions on topics.dataset_id = mentions.dataset_id
    group by all
),

final as (
    select
        dataset_counts.topic_kind,
        dataset_counts.topic,
        dataset_counts.datasets,
        dataset_counts.mentioned_datasets,
        coalesce(counted.repositories, 0) as repositories,
        coalesce(counted.exact_repositories, 0) as exact_repositories,
        coalesce(counted.normalized_repositories, 0) as normalized_repositories,
        coalesce(counted.query_variant_repositories, 0) as query_variant_repositories,
        coalesce(counted.identifier_repositories, 0) as identifier_repositories,
        coalesce(counted.template_repositories, 0) as template_repositories,
        coalesce(counted.landing_page_repositories, 0) as landing_page_repositories,
        coalesce(counted.exact_mentions, 0) as exact_mentions,
        coalesce(counted.normalized_mentions, 0) as normalized_mentions,
        coalesce(counted.query_variant_mentions, 0) as query_variant_mentions,
        coalesce(counted.identifier_mentions, 0) as identifier_mentions,
        coalesce(counted.template_mentions, 0) as template_mentions,
        coalesce(counted.landing_page_mentions, 0) as landing_page_mentions,
        coalesce(counted.code_repositories, 0) as code_repositories,
        coalesce(counted.notebook_repositories, 0) as notebook_repositories,
        coalesce(counted.documentation_repositories, 0) as documentation_repositories,
        coalesce(counted.configuration_repositories, 0) as configuration_repositories,
        coalesce(counted.data_repositories, 0) as data_repositories,
        coalesce(counted.fork_repositories, 0) as fork_repositories,
        coalesce(counted.mirror_repositories, 0) as mirror_repositories,
        coalesce(counted.generic_repositories, 0) as generic_repositories
    from dataset_counts
    left join counted
        on dataset_counts.topic_kind = counted.topic_kind
        and dataset_counts.topic = counted.topic
)

select * from final
