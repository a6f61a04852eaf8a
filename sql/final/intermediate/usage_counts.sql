-- How often public code mentions what belongs together; one row per kind of subject and subject.
-- key: subject_kind, subject
-- not null: subject_kind, subject, repositories
--
-- A subject is a dataset, an organization, a tag or a group. The kinds of a mention are not parts
-- of a total: a repository may mention a dataset in several ways. The publisher's own repositories,
-- forks, mirrors of the catalogue and generic URLs have columns of their own and count nowhere
-- else. Each match kind has two columns (`exact_repositories`, `exact_mentions`), each kind of file
-- one: null where none is.
with mentions as (
    select * from final_mentions
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

subject_mentions as (
    select
        subjects.subject_kind,
        subjects.subject,
        mentions.resource_id,
        mentions.repository,
        mentions.place_id,
        mentions.match_kind,
        mentions.kind_of_use,
        mentions.relation,
        mentions.counted_as
    from subjects
    inner join mentions on subjects.dataset_id = mentions.dataset_id
),

totals as (
    select
        subject_kind,
        subject,
        count(distinct resource_id) filter (counted_as = 'original') as mentioned_resources,
        count(distinct repository) filter (counted_as = 'original') as repositories,
        count(distinct repository) filter (
            counted_as = 'original' and relation = 'independent'
        ) as independent_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and relation = 'unknown'
        ) as unknown_repositories,
        count(distinct repository) filter (counted_as = 'own') as own_repositories,
        count(distinct repository) filter (counted_as = 'fork') as fork_repositories,
        count(distinct repository) filter (counted_as = 'catalogue_mirror') as mirror_repositories,
        count(distinct repository) filter (counted_as = 'generic') as generic_repositories
    from subject_mentions
    group by subject_kind, subject
),

match_kind_counts as (
    select
        subject_kind,
        subject,
        match_kind,
        count(distinct repository) as repositories,
        count(distinct place_id) as mentions
    from subject_mentions
    where counted_as = 'original'
    group by subject_kind, subject, match_kind
),

match_kind_columns as (
    select *
    from match_kind_counts
    pivot (
        any_value(repositories) as repositories,
        any_value(mentions) as mentions
        for match_kind in match_kind
    )
),

file_kind_counts as (
    select
        subject_kind,
        subject,
        kind_of_use,
        count(distinct repository) as repositories
    from subject_mentions
    where counted_as = 'original'
    group by subject_kind, subject, kind_of_use
),

file_kind_columns as (
    select *
    from file_kind_counts
    pivot (
        any_value(repositories) as repositories
        for kind_of_use in ('code', 'notebook', 'documentation', 'configuration', 'data')
    )
),

final as (
    select
        totals.subject_kind,
        totals.subject,
        totals.mentioned_resources,
        totals.repositories,
        match_kind_columns.* exclude (subject_kind, subject),
        file_kind_columns.* exclude (subject_kind, subject),
        totals.independent_repositories,
        totals.unknown_repositories,
        totals.own_repositories,
        totals.fork_repositories,
        totals.mirror_repositories,
        totals.generic_repositories
    from totals
    left join match_kind_columns
        on totals.subject_kind = match_kind_columns.subject_kind
        and totals.subject = match_kind_columns.subject
    left join file_kind_columns
        on totals.subject_kind = file_kind_columns.subject_kind
        and totals.subject = file_kind_columns.subject
)

select * from final
