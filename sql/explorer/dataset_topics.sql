-- Which topics a dataset has; one row per dataset, kind and topic.
-- not null: dataset, topic
with final as (
    select
        datasets.position - 1 as dataset,
        topics.position - 1 as topic
    from final.final_dataset_topics as dataset_topics
    inner join datasets on hash(dataset_topics.dataset_id) = datasets.dataset_key
    inner join topics
        on hash(dataset_topics.topic_kind || ':' || dataset_topics.topic) = topics.topic_key
)

select * from final
