-- How far data reaches; one row per kind of subject, subject, match_kind and counted_as.
-- key: subject_kind, subject, match_kind, counted_as
-- not null: subject_kind, subject, match_kind, counted_as, repositories, packages
--
-- match_kind "any" has a repository once, however it mentions the data; kinds are no parts of it.
-- dependent_packages_largest is one package's number. dependent_packages_sum adds up distinct
-- packages: what depends on two of them is in it twice, so it is a ceiling, not a count.
with uses as (
    select * from mention_kinds
),

-- two names of one repository, an old and a new one, are one repository
repositories as (
    select
        repository,
        lower(coalesce(current_name, repository)) as identity,
        stars
    from final_repositories
),

confirmed as (
    select repository, ecosystem, name
    from reverse_dependencies.repository_packages
    where is_confirmed
),

packages as (
    select ecosystem, name, dependent_packages_count
    from reverse_dependencies.packages
),

stars_of_repositories as (
    select
        uses.subject_kind,
        uses.subject,
        uses.match_kind,
        uses.counted_as,
        repositories.identity,
        max(repositories.stars) as stars
    from uses
    inner join repositories on uses.repository = repositories.repository
    group by all
),

repository_counts as (
    select
        subject_kind,
        subject,
        match_kind,
        counted_as,
        count(*) as repositories,
        sum(stars)::bigint as stars
    from stars_of_repositories
    group by all
),

used_packages as (
    select distinct
        uses.subject_kind,
        uses.subject,
        uses.match_kind,
        uses.counted_as,
        packages.ecosystem,
        packages.name,
        packages.dependent_packages_count
    from uses
    inner join confirmed on uses.repository = confirmed.repository
    inner join packages
        on confirmed.ecosystem = packages.ecosystem
        and confirmed.name = packages.name
),

package_counts as (
    select
        subject_kind,
        subject,
        match_kind,
        counted_as,
        count(*) as packages,
        max(dependent_packages_count) as dependent_packages_largest,
        arg_max(
            ecosystem || ': ' || name,
            (coalesce(dependent_packages_count, -1), name)
        ) as largest_package,
        sum(dependent_packages_count)::bigint as dependent_packages_sum
    from used_packages
    group by all
),

final as (
    select
        repository_counts.subject_kind,
        repository_counts.subject,
        repository_counts.match_kind,
        repository_counts.counted_as,
        repository_counts.repositories,
        repository_counts.stars,
        coalesce(package_counts.packages, 0) as packages,
        package_counts.largest_package,
        package_counts.dependent_packages_largest,
        package_counts.dependent_packages_sum
    from repository_counts
    left join package_counts
        on repository_counts.subject_kind = package_counts.subject_kind
        and repository_counts.subject = package_counts.subject
        and repository_counts.match_kind = package_counts.match_kind
        and repository_counts.counted_as = package_counts.counted_as
)

select * from final
