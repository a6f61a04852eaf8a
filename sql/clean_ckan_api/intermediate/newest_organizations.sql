-- Which copy of an organization counts: the dataset changed last; one row per organization id.
-- key: id
-- not null: id, record_number
-- A portal that renames an organization gives the new title with the datasets that it indexes from
-- then on; the others carry the old one for years.
with organizations as (
    select
        id_of(id) as id,
        id_of(name) as name,
        record_number
    from ckan_api.ckan_organizations
),

datasets as (
    select
        record_number,
        time_of(metadata_modified) as metadata_modified
    from ckan_api.ckan_datasets
),

final as (
    select
        organizations.id,
        organizations.name,
        organizations.record_number
    from organizations
    left join datasets on organizations.record_number = datasets.record_number
    where organizations.id is not null
    qualify
        row_number() over (
            partition by organizations.id
            order by datasets.metadata_modified desc nulls last, organizations.record_number desc
        ) = 1
)

select * from final
