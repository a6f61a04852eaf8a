-- A join that drops or multiplies rows would make data vanish or count twice without a word.
with raw_counts as (
    select 'ckan_clean_all_resources' as table_name, count(*) as raw_rows
    from ckan_api.ckan_resources
    union all
    select 'ckan_clean_datasets' as table_name, count(*) as raw_rows
    from ckan_api.ckan_datasets
),

clean_counts as (
    select 'ckan_clean_all_resources' as table_name, count(*) as clean_rows
    from ckan_clean_all_resources
    union all
    select 'ckan_clean_datasets' as table_name, count(*) as clean_rows
    from ckan_clean_datasets
),

left_out_counts as (
    select table_name, sum(rows) as left_out_rows
    from cleaning_report
    where reason like 'left out:%'
    group by table_name
)

select
    raw_counts.table_name,
    raw_counts.raw_rows,
    clean_counts.clean_rows,
    coalesce(left_out_counts.left_out_rows, 0) as left_out_rows
from raw_counts
inner join clean_counts on raw_counts.table_name = clean_counts.table_name
left join left_out_counts on raw_counts.table_name = left_out_counts.table_name
where raw_rows <> clean_rows + coalesce(left_out_rows, 0)
