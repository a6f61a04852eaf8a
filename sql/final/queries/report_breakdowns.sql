-- Breakdowns that the report draws, the twelve most mentioned values of each; one row per value.
select
    breakdown,
    value,
    datasets,
    mentioned_datasets,
    repositories
from final.final_breakdowns
where breakdown in (
    'kind_of_use', 'language', 'format', 'licence', 'year_of_last_push',
    'repositories_per_dataset'
)
qualify row_number() over (
    partition by breakdown
    order by repositories desc nulls last, datasets desc, value
) <= 12
order by breakdown, repositories desc nulls last, datasets desc, value
