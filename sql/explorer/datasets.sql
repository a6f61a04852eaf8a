-- Datasets in the order they are shown, most mentioned first; one row per dataset id.
-- key: position
-- not null: dataset_key, item_row, dataset_row, title
--
-- What is long stays in the file: `item_row` and `dataset_row` say where. A key is the hash of an
-- id, so that no join and no sort carries texts; `id_key` is the one of lib/explorer/keys.ts.
-- `organization` and its like in other tables: the row of that thing, counted from 0.
with final as (
    select
        row_number() over (
            order by
                usage.repositories desc,
                usage.mentioned_resources desc,
                usage.rowid
        ) as position,
        hash(usage.dataset_id) as dataset_key,
        hash(usage.organization_id) as organization_key,
        (md5_number_upper(usage.dataset_id) >> 11)::double as id_key,
        organizations.position - 1 as organization,
        usage.rowid as item_row,
        datasets.rowid as dataset_row,
        usage.dataset_id,
        left(coalesce(usage.title, usage.name, usage.dataset_id), 400) as title,
        left(
            coalesce(
                nullif(trim(datasets.license_title), ''),
                nullif(trim(datasets.license_id), ''),
                'Not stated'
            ),
            200
        ) as licence,
        usage.resources,
        usage.repositories,
        usage.exact_repositories,
        usage.normalized_repositories,
        usage.query_variant_repositories,
        usage.identifier_repositories,
        usage.service_call_repositories,
        usage.resolved_repositories,
        usage.template_repositories,
        usage.sibling_repositories,
        usage.landing_page_repositories,
        case when usage.repositories > 0 then 'yes' else 'no' end as is_mentioned
    from final.final_dataset_usage as usage
    inner join final.final_clean_datasets as datasets on usage.dataset_id = datasets.id
    left join organizations on hash(usage.organization_id) = organizations.organization_key
)

select * from final
