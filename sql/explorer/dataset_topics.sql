-- Which topics a dataset has, as keys; one row per dataset, kind and topic.
-- not null: dataset_key, topic_key
select
    hash(dataset_id) as dataset_key,
    hash(topic_kind || ':' || topic) as topic_key,
    topics.rowid as item_row
from final.final_dataset_topics as topics
-- a dataset's rows beside each other: all others are passed over without a look
order by dataset_key
