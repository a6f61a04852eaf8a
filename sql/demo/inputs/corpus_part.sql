-- A part in the shape of The Stack v3, training set; one row per repository.
select
    repo_path,
    repo_id,
    commit_id,
    {
        'branch': 'main',
        'commit_count': 12::bigint,
        'is_fork': any_value(is_fork),
        'is_org_owned': false,
        'forked_from': null::varchar,
        'stars': any_value(stars),
        'forks': 0::bigint
    } as github_metadata,
    count(*)::bigint as num_files,
    list(
        {
            'content_id': md5(content),
            'content': content,
            'size_bytes': strlen(content)::bigint,
            'file_path': file_path,
            'file_timestamp': file_timestamp,
            'language': language,
            'is_vendor': contains(file_path, 'vendor/'),
            'license_type': 'permissive',
            'detected_licenses': [license]
        }
        order by file_path
    ) as files
from corpus.files
where part = $part
group by repo_path, repo_id, commit_id
order by repo_path
