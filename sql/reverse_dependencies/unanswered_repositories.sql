-- Repositories found that no one could be asked about, or that gave no answer; one row per repository.
-- key: repository
-- not null: repository, reason
with final as (
    select repository, reason
    from staging.unanswered
    order by repository
)

select * from final
