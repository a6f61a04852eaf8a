-- Questions that the final tables answer, for any DuckDB from 1.2 on:
--     duckdb -readonly artifacts/port_aurelia/delivery/final.db < notebooks/explore.sql

-- The figures at the head of the report, each with what is counted.
select figure, value, explanation from final_key_figures;

-- Which datasets do most repositories mention? The kinds overlap and are never added up.
select
    title,
    repositories,
    exact_repositories,
    normalized_repositories,
    identifier_repositories,
    template_repositories,
    landing_page_repositories
from final_dataset_usage
order by repositories desc, dataset_id
limit 10;

-- Which share of each organization's datasets has any mention?
select
    title,
    datasets,
    mentioned_datasets,
    round(100 * mentioned_datasets / datasets, 1) as percent
from final_organization_usage
order by mentioned_datasets desc, organization_id
limit 10;

-- The lines of code behind the first of those datasets.
select repository, path, line_number, line, url
from final_mentions
where counted_as = 'original'
    and dataset_id = (
        select dataset_id from final_dataset_usage order by repositories desc, dataset_id limit 1
    )
order by repository, path, line_number
limit 10;

-- Which projects build on most of the data?
select repository, stars, language, datasets, mentions, kinds_of_use
from final_repositories
where counted_as = 'original'
order by datasets desc, stars desc nulls last, repository
limit 10;

-- Which datasets are used together?
select one.title, other.title as together_with, pairs.repositories
from final_used_together as pairs
inner join final_clean_datasets as one on pairs.dataset_id = one.id
inner join final_clean_datasets as other on pairs.other_dataset_id = other.id
order by pairs.repositories desc, pairs.dataset_id, pairs.other_dataset_id
limit 10;

-- Which addresses of the portal in public code are broken?
select missing, names, count(distinct repository) as repositories, min(url_in_code) as url_in_code
from final_dead_references
where not is_fork and not is_catalogue_mirror
group by missing, names
order by repositories desc, missing
limit 10;

-- How far does the data reach? Of one package; package data: packages.ecosyste.ms, CC BY-SA 4.0.
select datasets.title, reach.largest_package, reach.dependent_packages_largest, reach.packages
from final_dataset_reach as reach
inner join final_clean_datasets as datasets on reach.dataset_id = datasets.id
where reach.match_kind = 'any' and reach.counted_as = 'original' and reach.packages > 0
order by reach.dependent_packages_largest desc nulls last, reach.dataset_id
limit 10;

-- What does a column mean? The database knows.
select table_name, column_name, comment
from duckdb_columns()
where table_name = 'final_dataset_usage';
