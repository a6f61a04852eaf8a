-- Fields of the hosts' records in one shape, whichever host gave them; one row per repository as asked.
-- key: repository
-- not null: repository, service
with answers as (
    select
        *,
        lower(split_part(repository, '/', 1)) as host
    from staging.repository_answers
),

github_graphql as (
    select
        repository,
        service,
        integer_at(record, '$.databaseId') as database_id,
        text_at(record, '$.url') as url,
        text_at(record, '$.description') as description,
        text_at(record, '$.homepageUrl') as homepage,
        integer_at(record, '$.stargazerCount') as stars,
        integer_at(record, '$.forkCount') as forks,
        licence_of(
            text_at(record, '$.licenseInfo.spdxId'), text_at(record, '$.licenseInfo.key')
        ) as licence,
        text_at(record, '$.primaryLanguage.name') as language,
        list_filter(
            list_transform(
                json_extract(record, '$.repositoryTopics.nodes[*].topic.name'),
                lambda topic: text_at(topic, '$')
            ),
            lambda topic: topic is not null
        ) as topics,
        text_at(record, '$.defaultBranchRef.name') as default_branch,
        truth_at(record, '$.isArchived') as is_archived,
        truth_at(record, '$.isFork') as is_fork,
        truth_at(record, '$.isTemplate') as is_template,
        truth_at(record, '$.isMirror') as is_mirror,
        host || '/' || text_at(record, '$.parent.nameWithOwner') as fork_of,
        lower(text_at(record, '$.owner.__typename')) as owner_kind,
        text_at(record, '$.owner.websiteUrl') as owner_website,
        truth_at(record, '$.owner.isVerified') as is_owner_verified,
        text_at(record, '$.createdAt') as created_at,
        text_at(record, '$.pushedAt') as pushed_at
    from answers
    where service = 'github_graphql' and record is not null
),

github_rest as (
    select
        repository,
        service,
        integer_at(record, '$.id') as database_id,
        text_at(record, '$.html_url') as url,
        text_at(record, '$.description') as description,
        text_at(record, '$.homepage') as homepage,
        integer_at(record, '$.stargazers_count') as stars,
        integer_at(record, '$.forks_count') as forks,
        licence_of(
            text_at(record, '$.license.spdx_id'), text_at(record, '$.license.key')
        ) as licence,
        text_at(record, '$.language') as language,
        texts_at(record, '$.topics') as topics,
        text_at(record, '$.default_branch') as default_branch,
        truth_at(record, '$.archived') as is_archived,
        truth_at(record, '$.fork') as is_fork,
        truth_at(record, '$.is_template') as is_template,
        case
            when has_member(record, '$.mirror_url')
                then text_at(record, '$.mirror_url') is not null
        end as is_mirror,
        host || '/' || text_at(record, '$.parent.full_name') as fork_of,
        lower(text_at(record, '$.owner.type')) as owner_kind,
        text_at(record, '$.created_at') as created_at,
        text_at(record, '$.pushed_at') as pushed_at
    from answers
    where service = 'github_rest' and record is not null
),

gitlab as (
    select
        repository,
        service,
        integer_at(record, '$.id') as database_id,
        text_at(record, '$.web_url') as url,
        text_at(record, '$.description') as description,
        null as homepage,
        integer_at(record, '$.star_count') as stars,
        integer_at(record, '$.forks_count') as forks,
        text_at(record, '$.license.key') as licence,
        null as language,
        texts_at(record, '$.topics') as topics,
        text_at(record, '$.default_branch') as default_branch,
        truth_at(record, '$.archived') as is_archived,
        has_member(record, '$.forked_from_project') as is_fork,
        null as is_template,
        truth_at(record, '$.mirror') as is_mirror,
        host || '/' || text_at(record, '$.forked_from_project.path_with_namespace') as fork_of,
        text_at(record, '$.created_at') as created_at,
        text_at(record, '$.last_activity_at') as pushed_at
    from answers
    where service = 'gitlab' and record is not null
),

-- Bitbucket counts no stars
bitbucket as (
    select
        repository,
        service,
        null as database_id,
        text_at(record, '$.links.html.href') as url,
        text_at(record, '$.description') as description,
        text_at(record, '$.website') as homepage,
        null as stars,
        null as forks,
        null as licence,
        text_at(record, '$.language') as language,
        []::varchar[] as topics,
        text_at(record, '$.mainbranch.name') as default_branch,
        null as is_archived,
        case
            when has_member(record, '$.parent') then json_type(record, '$.parent') <> 'NULL'
        end as is_fork,
        null as is_template,
        null as is_mirror,
        host || '/' || text_at(record, '$.parent.full_name') as fork_of,
        text_at(record, '$.created_on') as created_at,
        text_at(record, '$.updated_on') as pushed_at
    from answers
    where service = 'bitbucket' and record is not null
),

final as (
    select * from github_graphql
    union all by name
    select * from github_rest
    union all by name
    select * from gitlab
    union all by name
    select * from bitbucket
)

select * from final
