-- Root files that may say which package a repository publishes; one row per repository and path.
-- key: repository, path
-- not null: repository, path, ecosystem
with final as (
    select
        repository,
        path,
        ecosystem,
        name as declared_name,
        uuid,
        reason as no_name_because,
        bytes,
        is_binary,
        is_truncated
    from staging.manifest_files
    order by repository, path
)

select * from final
