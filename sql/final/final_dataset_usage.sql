-- How often public code mentions each dataset, kinds side by side; one row per dataset id.
-- key: dataset_id
-- not null: dataset_id, resources, repositories
--
-- The kinds are no parts of a whole: a repository may mention a dataset in several ways. Forks,
-- mirrors of the catalogue and generic URLs stand in columns of their own and nowhere else.
with datasets as (
    select id, name, title, owner_org, resources_count
    from final_clean_datasets_with_resource_count
),

organizations as (
    select id as organization_id from final_clean_organizations
),

mentions as (
    select * from final_mentions
),

counted as (
    select
        dataset_id,
        count(distinct resource_id) filter (counted_as = 'original') as mentioned_resources,
        count(distinct repository) filter (counted_as = 'original') as repositories,
        count(distinct repository) filter (
            counted_as = 'original' and match_kind = 'exact'
        ) as exact_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and match_kind = 'normalized'
        ) as normalized_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and match_kind = 'query_variant'
        ) as query_variant_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and match_kind = 'identifier'
        ) as identifier_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and match_kind = 'template'
        ) as template_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and match_kind = 'landing_page'
        ) as landing_page_repositories,
        count(distinct place_id) filter (
            counted_as = 'original' and match_kind = 'exact'
        ) as exact_mentions,
        count(distinct place_id) filter (
            counted_as = 'original' and match_kind = 'normalized'
        ) as normalized_mentions,
        count(distinct place_id) filter (
            counted_as = 'original' and match_kind = 'query_variant'
        ) as query_variant_mentions,
        count(distinct place_id) filter (
            counted_as = 'original' and match_kind = 'identifier'
        ) as identifier_mentions,
        count(distinct place_id) filter (
            counted_as = 'original' and match_kind = 'template'
        ) as template_mentions,
        count(distinct place_id) filter (
            counted_as = 'original' and match_kind = 'landing_page'
        ) as landing_page_mentions,
        count(distinct repository) filter (
            counted_as = 'original' and kind_of_use = 'code'
        ) as code_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and kind_of_use = 'notebook'
        ) as notebook_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and kind_of_use = 'documentation'
        ) as documentation_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and kind_of_use = 'configuration'
        ) as configuration_repositories,
        count(distinct repository) filter (
            counted_as = 'original' and kind_of_use = 'data'
        ) as data_repositories,
        count(distinct repository) filter (
            counted_as = 'fork'
        ) as fork_repositories,
        count(distinct repository) filter (
            counted_as = 'catalogue_mirror'
        ) as mirror_repositories,
        count(distinct repository) filter (
            counted_as = 'generic'
        ) as generic_repositories
    from mentions
    group by dataset_id
),

final as (
    select
        datasets.id as dataset_id,
        organizations.organization_id,
        datasets.name,
        datasets.title,
        datasets.resources_count as resources,
        coalesce(counted.mentioned_resources, 0) as mentioned_resources,
        coalesce(counted.repositories, 0) as repositories,
        coalesce(counted.exact_repositories, 0) as exact_repositories,
        coalesce(counted.normalized_repositories, 0) as normalized_repositories,
        coalesce(counted.query_variant_repositories, 0) as query_variant_repositories,
        coalesce(counted.identifier_repositories, 0) as identifier_repositories,
        coalesce(counted.template_repositories, 0) as template_repositories,
        coalesce(counted.landing_page_repositories, 0) as landing_page_repositories,
        coalesce(counted.exact_mentions, 0) as exact_mentions,
        coalesce(counted.normalized_mentions, 0) as normalized_mentions,
        coalesce(counted.query_variant_mentions, 0) as query_variant_mentions,
        coalesce(counted.identifier_mentions, 0) as identifier_mentions,
        coalesce(counted.template_mentions, 0) as template_mentions,
        coalesce(counted.landing_page_mentions, 0) as landing_page_mentions,
        coalesce(counted.code_repositories, 0) as code_repositories,
        coalesce(counted.notebook_repositories, 0) as notebook_repositories,
        coalesce(counted.documentation_repositories, 0) as documentation_repositories,
        coalesce(counted.configuration_repositories, 0) as configuration_repositories,
        coalesce(counted.data_repositories, 0) as data_repositories,
        coalesce(counted.fork_repositories, 0) as fork_repositories,
        coalesce(counted.mirror_repositories, 0) as mirror_repositories,
        coalesce(counted.generic_repositories, 0) as generic_repositories
    from datasets
    left join organizations on datasets.owner_org = organizations.organization_id
    left join counted on datasets.id = counted.dataset_id
)

select * from final
