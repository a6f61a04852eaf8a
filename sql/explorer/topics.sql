-- Topics in the order they are shown, most mentioned first; one row per kind and topic.
-- key: position
-- not null: topic_key, item_row
with final as (
    select
        row_number() over (
            order by
                repositories desc,
                mentioned_datasets desc,
                datasets desc,
                topic,
                topic_kind
        ) as position,
        hash(topic_kind || ':' || topic) as topic_key,
        topics.rowid as item_row,
        (md5_number_upper(topic_kind || ':' || topic) >> 11)::double as id_key,
        topic_kind || ':' || topic as id,
        topic,
        topic_kind,
        case when repositories > 0 then 'yes' else 'no' end as is_mentioned
    from final.final_topic_usage as topics
)

select * from final
