-- What the pages hold, text and fields; one row per dataset record.
-- not null: page_number, raw_json, is_odd
-- The variable "is_converted" says that the records are not packages of CKAN: each is made from
-- the portal's record, whose own text is beside it as "source_text".
-- The variable "record_files" names the files that tasks/02 cuts from the pages, one per page,
-- numbered in the order in which the pages were received. Records with a list of another shape than
-- CKAN's are read a second time, rewritten.
with records as (
    select
        json as package_json,
        case
            when getvariable('is_converted') then json ->> '$.source_text'
            else json::varchar
        end as raw_json,
        parse_filename(filename, true)::bigint as page_number
    from read_ndjson_objects(
        getvariable('record_files'),
        filename = true,
        maximum_object_size = getvariable('longest_record')
    )
),

read as (
    select
        raw_json,
        package_json,
        dataset_of(package_json) as dataset,
        page_number
    from records
),

judged as (
    select
        raw_json,
        package_json,
        dataset,
        page_number,
        not getvariable('is_converted') and has_odd_shape(package_json, dataset) as is_odd
    from read
),

odd_records as (
    select
        *,
        elements_of(package_json -> '$.resources', 'url', 'id') as resources,
        elements_of(package_json -> '$.tags', 'name', 'id') as tags,
        extras_of(package_json -> '$.extras') as extras,
        elements_of(package_json -> '$.groups', 'name', 'id') as groups,
        elements_of(package_json -> '$.relationships_as_subject', 'type', 'id') as subjects,
        elements_of(package_json -> '$.relationships_as_object', 'type', 'id') as objects,
        organization_of(package_json -> '$.organization') as organization
    from judged
    where is_odd
),

rewritten as (
    select
        raw_json,
        json_merge_patch(
            package_json,
            json_object(
                'resources', objects_of(resources, 'url'),
                'tags', objects_of(tags, 'name'),
                'extras', extras,
                'groups', objects_of(groups, 'name'),
                'relationships_as_subject', subjects,
                'relationships_as_object', objects,
                'organization', organization
            )
        ) as package_json,
        page_number
    from odd_records
),

final as (
    select
        raw_json,
        dataset,
        page_number,
        is_odd
    from judged
    where not is_odd
    union all
    select
        raw_json,
        dataset_of(package_json) as dataset,
        page_number,
        true as is_odd
    from rewritten
)

select * from final
