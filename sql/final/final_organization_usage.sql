-- How often public code mentions each organization's data; one row per organization id.
-- key: organization_id
-- not null: organization_id, datasets, resources, mentioned_datasets, repositories
with organizations as (
    select id, name, title, resources_count from final_clean_organizations_with_resource_count
),

dataset_usage as (
    select organization_id, dataset_id, repositories as dataset_repositories
    from final_dataset_usage
),

mentions as (
    select * from final_mentions
),

dataset_counts as (
    select
        organization_id,
        count(*) as datasets,
        count(*) filter (dataset_repositories > 0) as mentioned_datasets
    from dataset_usage
    group by organization_id
),

counted as (
    select
        organization_id,
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
    group by organization_id
),

final as (
    select
        organizations.id as organization_id,
        organizations.name,
        organizations.title,
        coalesce(dataset_counts.datasets, 0) as datasets,
        coalesce(dataset_counts.mentioned_datasets, 0) as mentioned_datasets,
        organizations.resources_count as resources,
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
    from organizations
    left join dataset_counts on organizations.id = dataset_counts.organization_id
    left join counted on organizations.id = counted.organization_id
)

select * from final
