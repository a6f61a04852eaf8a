-- The fields of a CKAN package. The structure is the contract's, never inferred: what a portal
-- gives besides is in raw_json, and a field of another kind than expected becomes its JSON text.
create or replace temporary macro dataset_of(package) as
    from_json(
        package,
        '{
            "author": "VARCHAR",
            "author_email": "VARCHAR",
            "creator_user_id": "VARCHAR",
            "id": "VARCHAR",
            "isopen": "VARCHAR",
            "license_id": "VARCHAR",
            "license_title": "VARCHAR",
            "license_url": "VARCHAR",
            "maintainer": "VARCHAR",
            "maintainer_email": "VARCHAR",
            "metadata_created": "VARCHAR",
            "metadata_modified": "VARCHAR",
            "name": "VARCHAR",
            "notes": "VARCHAR",
            "num_resources": "VARCHAR",
            "num_tags": "VARCHAR",
            "owner_org": "VARCHAR",
            "private": "VARCHAR",
            "state": "VARCHAR",
            "title": "VARCHAR",
            "type": "VARCHAR",
            "url": "VARCHAR",
            "version": "VARCHAR",
            "organization": {
                "approval_status": "VARCHAR",
                "created": "VARCHAR",
                "description": "VARCHAR",
                "id": "VARCHAR",
                "image_url": "VARCHAR",
                "is_organization": "VARCHAR",
                "name": "VARCHAR",
                "state": "VARCHAR",
                "title": "VARCHAR",
                "type": "VARCHAR"
            },
            "resources": [{
                "cache_last_updated": "VARCHAR",
                "cache_url": "VARCHAR",
                "created": "VARCHAR",
                "description": "VARCHAR",
                "format": "VARCHAR",
                "hash": "VARCHAR",
                "id": "VARCHAR",
                "last_modified": "VARCHAR",
                "metadata_modified": "VARCHAR",
                "mimetype": "VARCHAR",
                "mimetype_inner": "VARCHAR",
                "name": "VARCHAR",
                "package_id": "VARCHAR",
                "position": "VARCHAR",
                "resource_type": "VARCHAR",
                "size": "VARCHAR",
                "state": "VARCHAR",
                "url": "VARCHAR",
                "url_type": "VARCHAR"
            }],
            "tags": [{
                "id": "VARCHAR",
                "name": "VARCHAR",
                "display_name": "VARCHAR",
                "state": "VARCHAR",
                "vocabulary_id": "VARCHAR"
            }],
            "extras": [{
                "id": "VARCHAR",
                "key": "VARCHAR",
                "value": "VARCHAR",
                "package_id": "VARCHAR",
                "state": "VARCHAR"
            }],
            "groups": [{
                "id": "VARCHAR",
                "name": "VARCHAR",
                "title": "VARCHAR",
                "display_name": "VARCHAR",
                "description": "VARCHAR",
                "image_display_url": "VARCHAR"
            }],
            "relationships_as_subject": [{
                "id": "VARCHAR",
                "subject_package_id": "VARCHAR",
                "object_package_id": "VARCHAR",
                "type": "VARCHAR",
                "comment": "VARCHAR",
                "state": "VARCHAR",
                "__extras": {
                    "subject_package_id": "VARCHAR",
                    "object_package_id": "VARCHAR"
                }
            }],
            "relationships_as_object": [{
                "id": "VARCHAR",
                "subject_package_id": "VARCHAR",
                "object_package_id": "VARCHAR",
                "type": "VARCHAR",
                "comment": "VARCHAR",
                "state": "VARCHAR",
                "__extras": {
                    "subject_package_id": "VARCHAR",
                    "object_package_id": "VARCHAR"
                }
            }]
        }'
    );
