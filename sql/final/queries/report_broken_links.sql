-- What is missing and most repositories still ask for, each with one place; one row per missing id.
select
    missing,
    names,
    count(distinct repository) as repositories,
    max(dataset_title) as dataset_title,
    max(last_in_catalogue_at) as last_in_catalogue_at,
    unnest(
        min_by(
            struct_pack(
                url_in_code := url_in_code,
                repository := repository,
                path := path,
                line_number := line_number,
                url := url
            ),
            (repository, path, line_number, url_in_code)
        )
    )
from final.final_dead_references
where not is_fork and not is_catalogue_mirror
group by missing, names
order by repositories desc, missing
limit 30
