-- Packages of repositories that mention data, and how many packages depend on them; one row per ecosystem and name.
-- key: ecosystem, name
-- not null: ecosystem, name, is_confirmed, is_declared, counted_as, repositories, datasets
--
-- Only a confirmed package counts for a repository: its record in the package index points back to
-- it. Of others, whose name is in a manifest only, no dependents are given: the numbers may be
-- of somebody else's package. Package data: packages.ecosyste.ms, CC BY-SA 4.0.
with pairs as (
    select * from reverse_dependencies.repository_packages
),

packages as (
    select * from reverse_dependencies.packages
),

mappings as (
    select * from final_dataset_repository_mappings
),

confirmations as (
    select
        ecosystem,
        name,
        bool_or(is_confirmed) as is_confirmed
    from pairs
    where repository in (select repository from mappings)
    group by ecosystem, name
),

counted as (
    select
        pairs.ecosystem,
        pairs.name,
        bool_or(pairs.is_declared) as is_declared,
        min(mappings.counted_as::counted_as)::varchar as counted_as,
        count(distinct mappings.repository) as repositories,
        count(distinct mappings.dataset_id) as datasets,
        count(distinct mappings.organization_id) as organizations
    from pairs
    inner join mappings on pairs.repository = mappings.repository
    inner join confirmations
        on pairs.ecosystem = confirmations.ecosystem
        and pairs.name = confirmations.name
    -- a fork that declares the name of its original's package does not publish it
    where pairs.is_confirmed or not confirmations.is_confirmed
    group by pairs.ecosystem, pairs.name
),

final as (
    select
        counted.ecosystem,
        counted.name,
        confirmations.is_confirmed,
        counted.is_declared,
        counted.counted_as,
        packages.registry,
        packages.registry_url,
        packages.description,
        packages.licenses,
        packages.status,
        packages.latest_release_number,
        counted.repositories,
        counted.datasets,
        counted.organizations,
        if(confirmations.is_confirmed, packages.dependent_packages_count, null)
            as dependent_packages_count,
        if(confirmations.is_confirmed, packages.dependent_repos_count, null)
            as dependent_repos_count,
        if(confirmations.is_confirmed, packages.downloads, null) as downloads,
        if(confirmations.is_confirmed, packages.downloads_period, null) as downloads_period,
        if(confirmations.is_confirmed, packages.average_ranking, null) as average_ranking,
        packages.latest_release_published_at
    from counted
    inner join confirmations
        on counted.ecosystem = confirmations.ecosystem
        and counted.name = confirmations.name
    left join packages
        on counted.ecosystem = packages.ecosystem
        and counted.name = packages.name
)

select * from final
