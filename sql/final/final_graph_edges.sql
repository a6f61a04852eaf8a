-- Who owns and who mentions what, without forks, mirrors and generic URLs; one row per edge.
-- key: source, target
-- not null: source, target, kind, weight
with mappings as (
    select dataset_id, organization_id, repository, match_kind, mentions
    from final_dataset_repository_mappings
    where counted_as = 'original'
),

final as (
    select
        'repository:' || repository as source,
        'dataset:' || dataset_id as target,
        'mentions' as kind,
        match_kind,
        mentions as weight
    from mappings
    union all
    select distinct
        'organization:' || organization_id,
        'dataset:' || dataset_id,
        'owns',
        null,
        1
    from mappings
    where organization_id is not null
)

select * from final
