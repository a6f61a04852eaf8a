-- Tags and groups of the datasets, as people see them; one row per dataset, kind and topic.
-- key: dataset_id, topic_kind, topic
-- not null: dataset_id, topic_kind, topic
with tags as (
    select dataset_id, 'tag' as topic_kind, coalesce(display_name, name) as topic
    from catalogue.ckan_tags
),

groups as (
    select dataset_id, 'group' as topic_kind, coalesce(title, name) as topic
    from catalogue.ckan_groups
),

final as (
    select distinct both_kinds.dataset_id, both_kinds.topic_kind, trim(both_kinds.topic) as topic
    from (select * from tags union all by name select * from groups) as both_kinds
    inner join final_clean_datasets on both_kinds.dataset_id = final_clean_datasets.id
    where trim(both_kinds.topic) <> ''
)

select * from final
-- what belongs to a dataset is together in the file, so that little of it is read for one
order by dataset_id, topic_kind, topic
