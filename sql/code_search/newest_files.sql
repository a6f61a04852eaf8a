-- Files as the code search knows them now, whichever query found them; one row per repository and path.
-- key: repository, path
-- not null: repository
--
-- kind_of_use is a guess from path and file type. The link leads to the file at its commit, or
-- at HEAD where that is unknown; hosts whose addresses are not known have none.
with found_files as (
    select * from staging.found_files
),

-- facts of a repository come with some answers and not with others
repositories as (
    select
        repository,
        max(stars) as stars,
        max(last_fetched::timestamptz at time zone 'UTC') as last_fetched,
        bool_or(is_fork) as is_fork
    from found_files
    group by repository
),

newest as (
    select
        repository,
        path,
        arg_max(commit, coalesce(last_fetched, '') || found_id) as commit,
        max(language) as language
    from found_files
    group by all
),

named as (
    select
        *,
        coalesce(commit, 'HEAD') as revision,
        split_part(repository, '/', 1) as host,
        lower(regexp_extract(path, '[^/]*$')) as file_name,
        lower(regexp_extract(path, '\.([^./]+)$', 1)) as extension,
        'https://' || replace(url_encode(repository), '%2F', '/') as repository_url,
        replace(url_encode(path), '%2F', '/') as path_in_url
    from newest
),

final as (
    select
        named.repository,
        named.path,
        named.commit,
        named.language,
        case
            when named.path is null then null
            when named.extension in ('ipynb', 'rmd', 'qmd') then 'notebook'
            when
                named.extension in ('md', 'rst', 'txt', 'adoc', 'tex', 'html', 'htm', 'bib', 'org')
                or regexp_matches(named.file_name, '^(readme|license|changelog|citation)')
                then 'documentation'
            when
                named.extension in (
                    'yml', 'yaml', 'toml', 'ini', 'cfg', 'conf', 'env', 'properties', 'tf', 'lock'
                )
                or named.file_name in (
                    'dockerfile', 'makefile', 'package.json', 'composer.json', 'manifest.json'
                )
                or regexp_matches(named.path, '(^|/)(\.github|config|conf)/')
                then 'configuration'
            when
                named.extension in (
                    'csv', 'tsv', 'json', 'jsonl', 'ndjson', 'geojson', 'topojson', 'xml', 'rdf',
                    'ttl', 'nt', 'jsonld', 'kml', 'gpx', 'svg', 'sqlite', 'log'
                )
                then 'data'
            else 'code'
        end as kind_of_use,
        case
            when named.path is null then null
            when named.host = 'github.com'
                then named.repository_url || '/blob/' || named.revision || '/' || named.path_in_url
            when named.host = 'gitlab.com' or named.host like 'gitlab.%'
                then
                    named.repository_url || '/-/blob/' || named.revision || '/'
                    || named.path_in_url
            when named.host = 'bitbucket.org'
                then named.repository_url || '/src/' || named.revision || '/' || named.path_in_url
            when named.host = 'codeberg.org'
                then
                    named.repository_url || coalesce('/src/commit/' || named.commit, '/src/HEAD')
                    || '/' || named.path_in_url
        end as url,
        repositories.is_fork,
        repositories.stars::bigint as repo_stars,
        repositories.last_fetched as repo_last_fetched
    from named
    left join repositories on named.repository = repositories.repository
)

select * from final
