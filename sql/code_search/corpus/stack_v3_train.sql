-- The files of a part of The Stack v3, training set; one row per file.
create or replace temp view corpus_files as
with repositories as (
    select
        'github.com/' || repo_path as repository,
        commit_id as commit,
        github_metadata.stars::bigint as stars,
        github_metadata.is_fork as is_fork,
        unnest(files) as file
    from read_parquet(getvariable('part_file'))
)

select
    repository,
    commit,
    stars,
    is_fork,
    file.file_path as path,
    file.content as content,
    coalesce(strlen(file.content), 0) as bytes,
    file.language as language,
    file.file_timestamp::bigint as file_timestamp,
    file.is_vendor as is_vendor
from repositories
