-- Repositories in which something was found, and whether they list the catalogue rather than use it; one row per repository.
-- key: repository
-- not null: repository, datasets, resources, is_catalogue_mirror
--
-- Measured on real code: people's own repositories mention a handful of datasets each, while two
-- mirrors held 2,447 of 2,546 mentions. A mirror is a repository that names more than 100 datasets,
-- or at least 20 that are more than a tenth of the catalogue. Generic URLs do not count.
with files as (
    select
        repository,
        count(path) as files,
        max(repo_stars) as repo_stars,
        max(repo_last_fetched) as repo_last_fetched,
        bool_or(is_fork) as is_fork
    from newest_files
    group by repository
),

named as (
    select
        repository,
        count(distinct dataset_id) as datasets,
        count(distinct resource_id) as resources
    from found_places
    where not is_generic
    group by repository
),

catalogue as (
    select count(*) as datasets from clean_ckan_api.ckan_clean_datasets
),

final as (
    select
        files.repository,
        files.files,
        coalesce(named.datasets, 0) as datasets,
        coalesce(named.resources, 0) as resources,
        files.is_fork,
        coalesce(
            named.datasets > 100
            or (named.datasets >= 20 and named.datasets > catalogue.datasets / 10),
            false
        ) as is_catalogue_mirror,
        files.repo_stars,
        files.repo_last_fetched
    from files
    left join named on files.repository = named.repository
    cross join catalogue
)

select * from final
