import type { List } from "./list.ts";
import { MENTIONED, mentionedWith, ORGANIZATION_FACET, throughMentions } from "./facets.ts";

/** The lists of the explorer: which rows there are, what they can be narrowed by, what is read. */

const ORGANIZATION_JOIN = () => `
  left join explorer.organizations as organization
    on chosen.organization_key = organization.organization_key`;
/** With one dataset asked for, its title is looked up once instead of row by row. */
const DATASET_JOIN = (filters: Record<string, string>) =>
  filters.dataset_id === undefined
    ? "inner join explorer.datasets as dataset on chosen.dataset_key = dataset.dataset_key"
    : `cross join (
        select dataset_id, title from explorer.datasets where dataset_key = hash($dataset_id)
      ) as dataset`;

const KIND_COUNTS = `
  item.repositories, item.exact_repositories, item.normalized_repositories,
  item.query_variant_repositories, item.identifier_repositories, item.template_repositories,
  item.landing_page_repositories, item.code_repositories, item.notebook_repositories,
  item.documentation_repositories, item.configuration_repositories, item.data_repositories,
  item.fork_repositories, item.mirror_repositories, item.generic_repositories`;

const BY_KEY = {
  dataset_id: "dataset_key = hash($dataset_id)",
  resource_id: "resource_key = hash($resource_id)",
  organization_id: "organization_key = hash($organization_id)",
  repository: "repository_key = hash($repository)",
};

const byColumn = (...columns: string[]) =>
  Object.fromEntries(columns.map((column) => [column, `${column} = $${column}`]));

export const DATASETS: List = {
  name: "datasets",
  heading: "Datasets",
  one: "dataset",
  about: "Every dataset of the catalogue, those that most repositories mention first. " +
    "Forks, mirrors of the catalogue and generic URLs are counted apart.",
  source: "explorer.datasets",
  table: "final.final_dataset_usage",
  joins: ORGANIZATION_JOIN,
  select: `item.dataset_id, item.title, item.name, item.organization_id,
    organization.title as organization, chosen.licence, item.resources,
    item.mentioned_resources, ${KIND_COUNTS}`,
  filters: {
    organization_id: BY_KEY.organization_id,
    ...byColumn("is_mentioned", "licence"),
    topic: "dataset_key in " +
      "(select dataset_key from explorer.dataset_topics where topic_key = hash($topic))",
    format: "dataset_key in (select dataset_key from explorer.resources where format = $format)",
    match_kind: mentionedWith("match_kind"),
    kind_of_use: mentionedWith("kind_of_use"),
    language: mentionedWith("language"),
  },
  facets: {
    is_mentioned: MENTIONED,
    organization_id: ORGANIZATION_FACET,
    format: {
      heading: "Format",
      read: (source) => `
        select format as value, format as label, count(distinct dataset_key) as count
        from explorer.resources where dataset_key in (select dataset_key from ${source})
        group by all order by count desc, value limit 12`,
    },
    match_kind: throughMentions("Match kind", "match_kind"),
    kind_of_use: throughMentions("Kind of use", "kind_of_use"),
    language: throughMentions("Language", "language"),
    licence: { heading: "Licence" },
  },
};

export const ORGANIZATIONS: List = {
  name: "organizations",
  heading: "Organizations",
  one: "organization",
  about: "Every organization that owns a dataset, those that most repositories mention first.",
  source: "explorer.organizations",
  table: "final.final_organization_usage",
  joins: () => "",
  select: `item.organization_id, item.title, item.name, item.datasets, item.mentioned_datasets,
    item.resources, item.mentioned_resources, ${KIND_COUNTS}`,
  filters: byColumn("is_mentioned"),
  facets: { is_mentioned: MENTIONED },
};

export const REPOSITORIES: List = {
  name: "repositories",
  heading: "Repositories",
  one: "repository",
  about: "Every repository that was found to mention a dataset, those that mention most first. " +
    "Forks and mirrors of the catalogue stand at the end.",
  source: "explorer.repositories",
  table: "final.final_repositories",
  joins: () => "",
  select: `item.repository, item.host, item.counted_as, item.language, item.stars,
    item.last_fetched_at, item.datasets, item.resources, item.organizations, item.mentions,
    item.files, item.match_kinds, item.kinds_of_use`,
  filters: byColumn("counted_as", "language", "host"),
  facets: {
    counted_as: { heading: "Counted as" },
    language: { heading: "Language" },
    host: { heading: "Code host" },
  },
};

export const TOPICS: List = {
  name: "topics",
  heading: "Topics",
  one: "topic",
  about: "Tags and groups of the catalogue, those that most repositories mention first.",
  source: "explorer.topics",
  table: "final.final_topic_usage",
  joins: () => "",
  select: `item.topic, item.topic_kind, item.datasets, item.mentioned_datasets, ${KIND_COUNTS}`,
  filters: byColumn("topic_kind", "is_mentioned"),
  facets: { topic_kind: { heading: "Kind" }, is_mentioned: MENTIONED },
};

export const RESOURCES: List = {
  name: "resources",
  heading: "Resources",
  one: "resource",
  about: "Files and services of the datasets, those that most repositories name first.",
  source: "explorer.resources",
  table: "final.final_clean_all_resources",
  joins: DATASET_JOIN,
  select: `item.id as resource_id, item.name, item.format, item.url, dataset.dataset_id,
    dataset.title as dataset, chosen.repositories`,
  selectForFiles: "item.organization_id",
  filters: {
    dataset_id: BY_KEY.dataset_id,
    organization_id: BY_KEY.organization_id,
    ...byColumn("format", "is_mentioned"),
  },
  facets: { is_mentioned: MENTIONED, format: { heading: "Format" } },
};

export const MENTIONS: List = {
  name: "mentions",
  heading: "Mentions",
  one: "mention",
  about: "Places in public code and what of the catalogue they name, the strongest kinds first. " +
    "A mention is not yet a use: read the line.",
  source: "explorer.mentions",
  pageRows: 25,
  table: "final.final_mentions",
  joins: DATASET_JOIN,
  select: `item.mention_id, item.repository, item.path, item.line_number, item.text, item.line,
    item.url, chosen.match_kind, chosen.kind_of_use, chosen.language, chosen.counted_as,
    dataset.dataset_id, dataset.title as dataset`,
  selectForFiles: "item.resource_id, item.organization_id, item.backends",
  filters: {
    ...BY_KEY,
    ...byColumn("format", "match_kind", "kind_of_use", "language", "counted_as"),
  },
  facets: {
    match_kind: { heading: "Match kind" },
    kind_of_use: { heading: "Kind of use" },
    language: { heading: "Language" },
    format: { heading: "Format" },
    organization_id: ORGANIZATION_FACET,
    counted_as: { heading: "Counted as" },
  },
};

export const PAIRS: List = {
  name: "pairs",
  heading: "Datasets and repositories",
  one: "pair",
  about: "Which repository mentions which dataset, each pair once with its strongest kind.",
  source: "explorer.pairs",
  table: "final.final_dataset_repository_mappings",
  joins: DATASET_JOIN,
  select: `item.repository, dataset.dataset_id, dataset.title as dataset, chosen.match_kind,
    chosen.counted_as, item.mentions`,
  selectForFiles: "item.organization_id, item.resources",
  filters: {
    dataset_id: BY_KEY.dataset_id,
    organization_id: BY_KEY.organization_id,
    repository: BY_KEY.repository,
    ...byColumn("match_kind", "counted_as"),
  },
  facets: {
    match_kind: { heading: "Match kind" },
    organization_id: ORGANIZATION_FACET,
    counted_as: { heading: "Counted as" },
  },
};

/** As final_used_together, but for one dataset at a time, by keys. */
export const TOGETHER: List = {
  name: "together",
  heading: "Used together",
  one: "dataset",
  about: "Datasets that the same repositories mention. " +
    "Repositories that mention more than 50 datasets say little about any pair and are left out.",
  source: `(
    with telling as (
      select repository_key from explorer.pairs
      where dataset_key = hash($dataset_id) and counted_as = 'original'
        and repository_datasets <= 50
    ),
    others as (
      select dataset_key, count(*) as together from explorer.pairs
      where repository_key in (select repository_key from telling)
        and dataset_key <> hash($dataset_id) and counted_as = 'original'
      group by dataset_key
    ),
    ordered as (
      select *, row_number() over (order by together desc, dataset_key) as position from others
    )
    select ordered.position, ordered.together, datasets.rowid as item_row
    from explorer.datasets
    inner join ordered on datasets.dataset_key = ordered.dataset_key)`,
  table: "explorer.datasets",
  joins: () => "",
  select: "item.dataset_id, item.title, chosen.together, item.repositories",
  filters: { dataset_id: "true" },
  needs: "dataset_id",
  facets: {},
};

const ALL = [DATASETS, ORGANIZATIONS, REPOSITORIES, TOPICS, RESOURCES, MENTIONS, PAIRS, TOGETHER];

/** All lists by name. */
export const LISTS: Record<string, List> = Object.fromEntries(ALL.map((list) => [list.name, list]));
