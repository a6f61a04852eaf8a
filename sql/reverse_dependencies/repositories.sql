-- Repositories asked for, with what their host says of them; one row per repository as asked.
-- key: repository
-- not null: repository, host, state, answered_at
with final as (
    select
        repository,
        split_part(repository, '/', 1) as host,
        service,
        state,
        blocked_reason,

        current_name,
        database_id,
        url,
        description,
        homepage,
        licence,
        language,
        topics,
        default_branch,
        fork_of,

        stars,
        forks,

        coalesce(is_fork, fork_of is not null) as is_fork,
        is_archived,
        is_template,
        is_mirror,
        coalesce(is_empty, state = 'empty') as is_empty,

        try_cast(created_at as timestamp) as created_at,
        try_cast(pushed_at as timestamp) as pushed_at,
        try_cast(answered_at as timestamp) as answered_at
    from staging.repository_answers
    order by repository
)

select * from final
