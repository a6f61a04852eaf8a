-- Packages that any repository declares or publishes, by their primary registry; one row per ecosystem and name.
-- key: ecosystem, name
-- not null: ecosystem, name, registries, is_confirmed
-- Not confirmed are names that a manifest has but no record ties to that repository: where somebody
-- else's package has the name, its numbers are not the repository's.
with registries as (
    select * from package_registries
),

pairs as (
    select * from repository_packages
),

named as (
    select
        ecosystem,
        name,
        bool_or(is_confirmed) as is_confirmed,
        bool_or(is_declared) as is_declared,
        count(*) as repositories
    from pairs
    group by ecosystem, name
),

counted as (
    select
        package_key,
        count(*) as registries
    from registries
    group by package_key
),

primary_packages as (
    select
        registries.*,
        counted.registries
    from registries
    inner join counted on registries.package_key = counted.package_key
    where registries.is_primary
),

final as (
    select
        named.ecosystem,
        named.name,
        named.is_confirmed,
        named.is_declared,
        primary_packages.name is not null as is_known,

        primary_packages.registry,
        primary_packages.purl,
        primary_packages.registry_url,
        primary_packages.repository_url,
        primary_packages.homepage,
        primary_packages.description,
        primary_packages.licenses,
        primary_packages.keywords,
        primary_packages.status,
        primary_packages.latest_release_number,

        named.repositories,
        coalesce(primary_packages.registries, 0) as registries,
        primary_packages.dependent_packages_count,
        primary_packages.dependent_repos_count,
        primary_packages.downloads,
        primary_packages.downloads_period,
        primary_packages.docker_dependents_count,
        primary_packages.docker_downloads_count,
        primary_packages.average_ranking,
        primary_packages.versions_count,

        primary_packages.first_release_published_at,
        primary_packages.latest_release_published_at,
        primary_packages.last_synced_at
    from named
    left join primary_packages
        on named.ecosystem = primary_packages.ecosystem
        and named.name = primary_packages.name
    order by named.ecosystem, named.name
)

select * from final
