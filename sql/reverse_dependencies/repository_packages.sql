-- Packages that repositories declare or are known to publish; one row per repository and package.
-- key: repository, ecosystem, name
-- not null: repository, ecosystem, name, is_declared, is_confirmed
-- Confirmed is what the package's own record says: it points back to the repository, under the
-- asked or the current name. A name in a manifest is a claim.
with repositories as (
    select repository, repository_key, current_key from staging.repository_answers
),

registries as (
    select * from package_registries
),

primary_packages as (
    select ecosystem, name, package_key from registries where is_primary
),

keys as (
    select repository, repository_key as key from repositories
    union
    select repository, current_key as key from repositories
),

declared as (
    select
        repository,
        package_key,
        any_value(ecosystem) as ecosystem,
        min(name) as name,
        string_agg(path, ', ' order by path) as manifests
    from staging.manifest_files
    where package_key is not null
    group by repository, package_key
),

-- in any registry: a mirror knows where a package comes from as well as the default one
confirmed as (
    select distinct
        keys.repository,
        registries.package_key
    from keys
    inner join registries on keys.key = registries.repository_key
),

pairs as (
    select
        coalesce(declared.repository, confirmed.repository) as repository,
        coalesce(declared.package_key, confirmed.package_key) as package_key,
        declared.ecosystem,
        declared.name,
        declared.manifests,
        declared.repository is not null as is_declared,
        confirmed.repository is not null as is_confirmed
    from declared
    full join confirmed
        on declared.repository = confirmed.repository
        and declared.package_key = confirmed.package_key
),

final as (
    select
        pairs.repository,
        coalesce(primary_packages.ecosystem, pairs.ecosystem) as ecosystem,
        coalesce(primary_packages.name, pairs.name) as name,
        pairs.is_declared,
        pairs.is_confirmed,
        pairs.manifests
    from pairs
    left join primary_packages on pairs.package_key = primary_packages.package_key
    order by all
)

select * from final
