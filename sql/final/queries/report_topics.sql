-- The topics whose datasets most repositories mention, for the report; one row per topic.
select
    topic,
    topic_kind,
    datasets,
    mentioned_datasets,
    repositories
from final.final_topic_usage
where repositories > 0
order by repositories desc, mentioned_datasets desc, topic, topic_kind
limit 12
