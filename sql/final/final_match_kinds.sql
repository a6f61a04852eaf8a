-- How mentions were graded, each kind by itself, with an example; one row per match kind.
-- key: match_kind
-- not null: match_kind, explanation, repositories, mentions
with kinds as (
    select
        enum_code(match_kind::match_kind) + 1 as strength,
        match_kind,
        explanation
    from (
        values
        ('exact', 'The code has the URL as the catalogue has it.'),
        (
            'normalized',
            'The same URL, written differently: scheme, www., upper case in the host, port, '
            || 'trailing slash, fragment, or escaping.'
        ),
        (
            'query_variant',
            'The same URL up to the query string, where all catalogue URLs with that path belong '
            || 'to one dataset.'
        ),
        (
            'identifier',
            'Another URL that holds the portal''s own id of the resource or dataset, or a DOI '
            || 'that the catalogue has.'
        ),
        (
            'service_call',
            'A URL below the root of a service that the catalogue has: OData, an API, WFS, ArcGIS.'
        ),
        (
            'resolved',
            'A URL that the file puts together from constants, strings and lists, or a call of a '
            || 'client library with an id.'
        ),
        (
            'template',
            'A URL that the program completes as it runs, whose fixed beginning fits one dataset '
            || 'only.'
        ),
        (
            'sibling',
            'The URL of a file that the catalogue does not have, in a folder whose catalogue URLs '
            || 'all belong to one dataset.'
        ),
        ('landing_page', 'The page that presents the dataset, rather than its data.')
    ) as kinds (match_kind, explanation)
),

mentions as (
    select * from final_mentions
),

counted as (
    select
        match_kind,
        count(distinct repository) filter (counted_as = 'original') as repositories,
        count(distinct place_id) filter (counted_as = 'original') as mentions,
        count(distinct dataset_id) filter (counted_as = 'original') as datasets,
        count(distinct resource_id) filter (counted_as = 'original') as resources,
        count(distinct repository) filter (counted_as = 'fork') as fork_repositories,
        count(distinct place_id) filter (counted_as = 'fork') as fork_mentions,
        count(distinct repository) filter (
            counted_as = 'catalogue_mirror'
        ) as mirror_repositories,
        count(distinct place_id) filter (counted_as = 'catalogue_mirror') as mirror_mentions,
        count(distinct repository) filter (counted_as = 'generic') as generic_repositories,
        count(distinct place_id) filter (counted_as = 'generic') as generic_mentions
    from mentions
    group by match_kind
),

examples as (
    select
        mentions.match_kind,
        arg_min(
            {
                'repository': mentions.repository,
                'path': mentions.path,
                'line_number': mentions.line_number,
                'text': mentions.text,
                'url': mentions.url,
                'dataset_id': mentions.dataset_id
            },
            -- a short text of a well-known repository makes the better example
            (-coalesce(repositories.stars, 0), length(mentions.text), mentions.mention_id)
        ) as example
    from mentions
    left join final_repositories as repositories
        on mentions.repository = repositories.repository
    where mentions.counted_as = 'original'
    group by mentions.match_kind
),

final as (
    select
        kinds.strength,
        kinds.match_kind,
        kinds.explanation,
        coalesce(counted.repositories, 0) as repositories,
        coalesce(counted.mentions, 0) as mentions,
        coalesce(counted.datasets, 0) as datasets,
        coalesce(counted.resources, 0) as resources,
        coalesce(counted.fork_repositories, 0) as fork_repositories,
        coalesce(counted.fork_mentions, 0) as fork_mentions,
        coalesce(counted.mirror_repositories, 0) as mirror_repositories,
        coalesce(counted.mirror_mentions, 0) as mirror_mentions,
        coalesce(counted.generic_repositories, 0) as generic_repositories,
        coalesce(counted.generic_mentions, 0) as generic_mentions,
        examples.example.repository as example_repository,
        examples.example.path as example_path,
        examples.example.line_number as example_line_number,
        examples.example.text as example_text,
        examples.example.url as example_url,
        examples.example.dataset_id as example_dataset_id
    from kinds
    left join counted on kinds.match_kind = counted.match_kind
    left join examples on kinds.match_kind = examples.match_kind
)

select * from final
