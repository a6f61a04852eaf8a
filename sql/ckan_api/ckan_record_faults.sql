-- What was wrong with records: mended, or not read; one row per dataset and fault.
-- not null: fault, places, is_unread
-- The variable "fault_file" names what tasks/02 found in the JSON itself.
with json_faults as (
    select
        dataset_id,
        fault,
        places
    from read_json(
        getvariable('fault_file'),
        format = 'newline_delimited',
        columns = {dataset_id: 'VARCHAR', fault: 'VARCHAR', places: 'BIGINT'}
    )
),

odd_records as (
    select
        raw_json::json as record,
        dataset
    from page_records
    where is_odd and not getvariable('is_converted')
),

members as (
    select
        dataset.id as dataset_id,
        record,
        unnest([
            {
                'name': 'resources',
                'is_read': dataset.resources is not null,
                'unread': len(list_filter(
                    dataset.resources,
                    lambda it: it is not null and it.id is null and it.url is null
                ))
            },
            {
                'name': 'tags',
                'is_read': dataset.tags is not null,
                'unread': len(list_filter(
                    dataset.tags,
                    lambda it: it is not null and it.name is null
                ))
            },
            {
                'name': 'extras',
                'is_read': dataset.extras is not null,
                'unread': len(list_filter(
                    dataset.extras,
                    lambda it: it is not null and it.key is null
                ))
            },
            {
                'name': 'groups',
                'is_read': dataset.groups is not null,
                'unread': len(list_filter(
                    dataset.groups,
                    lambda it: it is not null and it.id is null and it.name is null
                ))
            },
            {
                'name': 'organization',
                'is_read': coalesce(dataset.organization.id, dataset.organization.name) is not null,
                'unread': 0
            },
            {
                'name': 'relationships_as_subject',
                'is_read': dataset.relationships_as_subject is not null,
                'unread': 0
            },
            {
                'name': 'relationships_as_object',
                'is_read': dataset.relationships_as_object is not null,
                'unread': 0
            }
        ]) as member
    from odd_records
),

shapes as (
    select
        dataset_id,
        member,
        json_type(record, '$.' || member.name) as shape,
        record ->> ('$.' || member.name) as text
    from members
),

shape_faults as (
    select
        dataset_id,
        'unread shape of "' || member.name || '": '
        || case shape when 'VARCHAR' then 'text' else lower(shape) end as fault,
        1 as places
    from shapes
    where not member.is_read and shape <> 'NULL' and text not in ('', '[]', '{}')
    union all
    select
        dataset_id,
        'unread element of "' || member.name || '"' as fault,
        member.unread as places
    from shapes
    where member.is_read and member.unread > 0
),

final as (
    select dataset_id, fault, places, fault like '%left out' as is_unread from json_faults
    union all
    select dataset_id, fault, places, true as is_unread from shape_faults
)

select * from final
