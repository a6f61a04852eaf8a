-- Which repositories use what data and how; one row per kind of subject, subject, repository, match_kind and counted_as.
-- key: subject_kind, subject, repository, match_kind, counted_as
--
-- A subject is a dataset or an organization. match_kind "any" has a repository once, however it
-- mentions the data.
with mentions as (
    select 'dataset' as subject_kind, dataset_id as subject, repository, match_kind, counted_as
    from final_mentions
    union all
    select 'organization', organization_id, repository, match_kind, counted_as
    from final_mentions
    where organization_id is not null
),

final as (
    select subject_kind, subject, repository, match_kind, counted_as from mentions
    union
    select subject_kind, subject, repository, 'any' as match_kind, counted_as from mentions
)

select * from final
