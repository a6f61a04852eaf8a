-- Which copy of an organization counts: the one fetched last; one row per organization id.
-- key: id
-- not null: id, record_number
with organizations as (
    select
        id,
        name,
        record_number
    from ckan_api.ckan_organizations
),

final as (
    select
        id_of(organizations.id) as id,
        arg_max(id_of(organizations.name), organizations.record_number) as name,
        max(organizations.record_number) as record_number
    from organizations
    where id_of(organizations.id) is not null
    group by id_of(organizations.id)
)

select * from final
