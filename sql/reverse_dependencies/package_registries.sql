-- Packages as each registry has them, the one that counts marked; one row per package and registry.
-- key: ecosystem, name, registry
-- not null: ecosystem, name, package_key, registry
-- The same package stands in several registries (mirrors, distributions): numbers are never summed.
with records as (
    select
        *,
        coalesce(registry, '') as registry_name
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
