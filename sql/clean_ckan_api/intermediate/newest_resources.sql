-- Which copy of a resource counts, of those that can be used; one row per resource id.
-- key: id
-- not null: id, raw_row
with resources as (
    select
        rowid as raw_row,
        record_number,
        id_of(id) as id,
        id_of(url) as url,
        try_cast(position as bigint) as position
    from ckan_api.ckan_resources
),

datasets as (
    select * from newest_datasets
),

-- the dataset that lists a resource owns it, whatever the resource itself claims; what is only in a
-- copy of a dataset that was fetched again later has left the portal since
current_resources as (
    select resources.*
    from resources
    inner join datasets on resources.record_number = datasets.record_number
),

usable_resources as (
    select *
    from current_resources
    where id is not null and url is not null
),

final as (
    -- the copy fetched last, and of several in one dataset the one that the dataset lists last
    select
        id,
        raw_row
    from usable_resources
    qualify
        row_number() over (
            partition by id
            order by record_number desc, position desc nulls last, url desc, raw_row desc
        ) = 1
)

select * from final
