-- Packages as each registry has them, the one that counts marked; one row per package and registry.
-- key: ecosystem, name, registry
-- not null: ecosystem, name, package_key, registry
-- The same package is in several registries (mirrors, distributions): numbers are never summed.
with records as (
    select
        ecosystem,
        name,
        package_key,
        repository_key,
        coalesce(text_at(record, '$.registry.name'), '') as registry_name,
        coalesce(truth_at(record, '$.registry.default'), false) as is_default_registry,
        text_at(record, '$.purl') as purl,
        text_at(record, '$.registry_url') as registry_url,
        text_at(record, '$.repository_url') as repository_url,
        text_at(record, '$.homepage') as homepage,
        text_at(record, '$.description') as description,
        text_at(record, '$.licenses') as licenses,
        texts_at(record, '$.keywords_array') as keywords,
        text_at(record, '$.status') as status,
        text_at(record, '$.latest_release_number') as latest_release_number,
        integer_at(record, '$.dependent_packages_count') as dependent_packages_count,
        integer_at(record, '$.dependent_repos_count') as dependent_repos_count,
        integer_at(record, '$.downloads') as downloads,
        text_at(record, '$.downloads_period') as downloads_period,
        integer_at(record, '$.docker_dependents_count') as docker_dependents_count,
        integer_at(record, '$.docker_downloads_count') as docker_downloads_count,
        number_at(record, '$.rankings.average') as average_ranking,
        integer_at(record, '$.versions_count') as versions_count,
        text_at(record, '$.first_release_published_at') as first_release_published_at,
        text_at(record, '$.latest_release_published_at') as latest_release_published_at,
        text_at(record, '$.last_synced_at') as last_synced_at
    from staging.package_records
),

-- the same record comes with every question that it answers
fresh as (
    select *
    from records
    qualify row_number() over (
        partition by ecosystem, name, registry_name
        order by
            last_synced_at desc nulls last,
            dependent_packages_count desc nulls last,
            purl
    ) = 1
),

ranked as (
    select
        *,
        row_number() over (
            partition by package_key
            order by
                is_default_registry desc,
                dependent_packages_count desc nulls last,
                registry_name,
                name
        ) as place
    from fresh
),

final as (
    select
        ecosystem,
        name,
        package_key,
        registry_name as registry,
        place = 1 as is_primary,
        is_default_registry,

        purl,
        registry_url,
        repository_url,
        repository_key,
        homepage,
        description,
        licenses,
        keywords,
        status,
        latest_release_number,

        dependent_packages_count,
        dependent_repos_count,
        downloads,
        downloads_period,
        docker_dependents_count,
        docker_downloads_count,
        average_ranking,
        versions_count,

        try_cast(first_release_published_at as timestamp) as first_release_published_at,
        try_cast(latest_release_published_at as timestamp) as latest_release_published_at,
        try_cast(last_synced_at as timestamp) as last_synced_at
    from ranked
    order by package_key, place
)

select * from final
