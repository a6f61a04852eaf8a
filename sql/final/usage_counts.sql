-- How often public code mentions what belongs together; one row per kind of subject and subject.
-- key: subject_kind, subject
-- not null: subject_kind, subject, repositories
-- scratch
--
-- A subject is a dataset, an organization, a tag or a group. The kinds of a mention are no parts of
-- a whole: a repository may mention a dataset in several ways. Forks, mirrors of the catalogue and
-- generic URLs stand in columns of their own and nowhere else.
with mentions as (
    select
        dataset_id,
        organization_id,
        resource_id,
        repository,
        place_id,
        match_kind,
        kind_of_use,
        counted_as
    from final_mentions
),

topics as (
    select topic_kind, topic, dataset_id from final_dataset_topics
),

subjects as (
    select distinct 'dataset' as subject_kind, dataset_id as subject, dataset_id from mentions
    union all
    select distinct 'organization' as subject_kind, organization_id as subject, dataset_id
    from mentions
    where organization_id is not null
    union all
    select topic_kind as subject_kind, topic as subject, dataset_id from topics
),

final as (
    select
        subjects.subject_kind,
        subjects.subject,
        count(distinct resource_id) filter (counted_as = 'original') as mentioned_resources,
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
        count(distinct repository) filter (counted_as = 'fork') as fork_repositories,
        count(distinct repository) filter (counted_as = 'catalogue_mirror') as mirror_repositories,
        count(distinct repository) filter (counted_as = 'generic') as generic_repositories
    from subjects
    inner join mentions on subjects.dataset_id = mentions.dataset_id
    group by all
)

select * from final
