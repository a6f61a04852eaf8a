-- How often public code mentions data of each topic (tag or group); one row per kind and topic.
-- key: topic_kind, topic
-- not null: topic_kind, topic, datasets, mentioned_datasets, repositories
with topics as (
    select * from final_dataset_topics
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
    select * exclude (mentioned_resources) from usage_counts
),

final as (
    select
        dataset_counts.topic_kind,
        dataset_counts.topic,
        dataset_counts.datasets,
        dataset_counts.mentioned_datasets,
        coalesce(columns(counted.* exclude (subject_kind, subject)), 0)
    from dataset_counts
    left join counted
        on dataset_counts.topic_kind = counted.subject_kind
        and dataset_counts.topic = counted.subject
)

select * from final
