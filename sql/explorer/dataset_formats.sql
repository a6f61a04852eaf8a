-- Formats of a dataset's resources; one row per dataset and format.
-- not null: dataset, format
with final as (
    select distinct
        dataset,
        format
    from resources
)

select * from final
