-- Repositories requested, with what their host says of them; one row per repository as asked.
-- key: repository
-- not null: repository, host, state, answered_at
with answers as (
    select * from staging.repository_answers
),

records as (
    select * from repository_records
),

final as (
    select
        answers.repository,
        split_part(answers.repository, '/', 1) as host,
        answers.service,
        answers.state,
        answers.blocked_reason,

        answers.current_name,
        records.database_id,
        records.url,
        records.description,
        records.homepage,
        records.licence,
        records.language,
        records.topics,
        records.default_branch,
        records.fork_of,
        records.owner_kind,
        records.owner_website,

        records.stars,
        records.forks,

        coalesce(records.is_fork, records.fork_of is not null) as is_fork,
        records.is_archived,
        records.is_template,
        records.is_mirror,
        records.is_owner_verified,
        coalesce(answers.is_empty, answers.state = 'empty') as is_empty,

        try_cast(records.created_at as timestamp) as created_at,
        try_cast(records.pushed_at as timestamp) as pushed_at,
        try_cast(answers.answered_at as timestamp) as answered_at
    from answers
    left join records on answers.repository = records.repository
)

select * from final
order by repository
