-- Keys of CKAN's records that no column holds, kept in raw_json; one row per kind of record and key.
-- key: record_kind, key
-- not null: record_kind, key, records
with dataset_keys as (
    select
        'dataset' as record_kind,
        unnest(json_keys(raw_json)) as key
    from page_records
    where not getvariable('is_converted')
),

resource_keys as (
    select
        'resource' as record_kind,
        unnest(flatten(json_keys(raw_json, '$.resources[*]'))) as key
    from page_records
    where not getvariable('is_converted')
),

counted as (
    select record_kind, key, count(*) as records from dataset_keys group by all
    union all
    select record_kind, key, count(*) as records from resource_keys group by all
),

final as (
    select
        record_kind,
        key,
        records
    from counted
    where
        record_kind = 'dataset'
        and key not in (
            'author', 'author_email', 'creator_user_id', 'id', 'isopen', 'license_id',
            'license_title', 'license_url', 'maintainer', 'maintainer_email', 'metadata_created',
            'metadata_modified', 'name', 'notes', 'num_resources', 'num_tags', 'owner_org',
            'private', 'state', 'title', 'type', 'url', 'version', 'organization', 'resources',
            'tags', 'extras', 'groups', 'relationships_as_subject', 'relationships_as_object'
        )
        or record_kind = 'resource'
        and key not in (
            'cache_last_updated', 'cache_url', 'created', 'description', 'format', 'hash', 'id',
            'last_modified', 'metadata_modified', 'mimetype', 'mimetype_inner', 'name',
            'package_id', 'position', 'resource_type', 'size', 'state', 'url', 'url_type'
        )
)

select * from final
