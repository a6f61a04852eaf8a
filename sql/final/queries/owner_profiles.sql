-- Repositories with a mention and what is known of their owners; one row per repository.
with mentions as (
    select distinct repository from code_search.url_mentions
),

repositories as (
    select
        repository,
        any_value(current_name) as current_name,
        any_value(owner_kind) as owner_kind,
        any_value(owner_website) as owner_website,
        bool_or(is_owner_verified) as is_owner_verified,
        -- of the other interfaces none gives the website of an owner
        bool_or(service = 'github_graphql' and owner_kind is not null) as has_profile
    from reverse_dependencies.repositories
    group by repository
),

homepages as (
    select
        pairs.repository,
        list(distinct packages.homepage) as homepages
    from reverse_dependencies.repository_packages as pairs
    inner join reverse_dependencies.packages as packages
        on pairs.ecosystem = packages.ecosystem
        and pairs.name = packages.name
    where pairs.is_confirmed and packages.homepage is not null
    group by pairs.repository
),

final as (
    select
        mentions.repository,
        repositories.current_name,
        repositories.owner_kind,
        repositories.owner_website,
        repositories.is_owner_verified,
        coalesce(repositories.has_profile, false) as has_profile,
        coalesce(homepages.homepages, []) as homepages
    from mentions
    left join repositories on mentions.repository = repositories.repository
    left join homepages on mentions.repository = homepages.repository
)

select * from final
