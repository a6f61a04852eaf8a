import type { List, Row } from "./list.ts";
import { CHANGES } from "./list_of_changes.ts";
import { DATASET_REACH, DEAD_REFERENCES, ORGANIZATION_REACH, PACKAGES } from "./lists_of_reach.ts";
import { together } from "./co_mentions.ts";
import type { Things } from "./things.ts";

/** The lists of the explorer: which rows there are, what they can be narrowed by, what is read. */

const USES = `
  code_repositories, notebook_repositories, documentation_repositories,
  configuration_repositories, data_repositories, fork_repositories, mirror_repositories,
  generic_repositories`;
const KIND_COUNTS = `
  repositories, exact_repositories, normalized_repositories, query_variant_repositories,
  identifier_repositories, service_call_repositories, resolved_repositories,
  template_repositories, sibling_repositories, landing_page_repositories`;

/** Id and title of the dataset that a row belongs to. */
export function datasetOf(
  { datasets }: Things,
  table: { columns: { dataset_id: { codes: Uint32Array } } },
  row: number,
): Row {
  const dataset = table.columns.dataset_id.codes[row]!;
  return { dataset_id: datasets.named.valueOf(dataset), dataset: datasets.named.labelOf(dataset) };
}

export const DATASETS: List = {
  name: "datasets",
  heading: "Datasets",
  one: "dataset",
  about: "Every dataset of the catalogue, those that most repositories mention first. " +
    "Forks, mirrors of the catalogue and generic URLs are counted apart.",
  table: ({ datasets }) => datasets,
  known: ({ datasets }, row) => ({
    dataset_id: datasets.named.valueOf(row),
    title: datasets.named.labelOf(row),
    organization_id: datasets.columns.organization_id.at(row),
    organization: datasets.columns.organization_id.labelAt(row),
    licence: datasets.columns.licence.at(row),
    resources: datasets.resources[row],
    repositories: datasets.repositories[row],
    ...Object.fromEntries(Object.entries(datasets.kinds).map(([name, of]) => [name, of[row]])),
  }),
  file: "final_dataset_usage",
  selectForFiles: `name, mentioned_resources, ${USES}`,
  facets: {
    is_mentioned: "Mentioned",
    organization_id: "Organization",
    format: "Format",
    match_kind: "Match kind",
    kind_of_use: "Kind of use",
    language: "Language",
    licence: "Licence",
  },
};

export const ORGANIZATIONS: List = {
  name: "organizations",
  heading: "Organizations",
  one: "organization",
  about: "Every organization that owns a dataset, those that most repositories mention first.",
  table: ({ organizations }) => organizations,
  file: "final_organization_usage",
  select: `organization_id, title, name, datasets, mentioned_datasets, resources,
    mentioned_resources, ${KIND_COUNTS}`,
  selectForFiles: USES,
  facets: { is_mentioned: "Mentioned" },
};

export const REPOSITORIES: List = {
  name: "repositories",
  heading: "Repositories",
  one: "repository",
  about: "Every repository that was found to mention a dataset, those that mention most first. " +
    "Forks and mirrors of the catalogue stand at the end.",
  table: ({ repositories }) => repositories,
  known: ({ repositories }, row) => ({
    repository: repositories.named.valueOf(row),
    host: repositories.columns.host.at(row),
    counted_as: repositories.columns.counted_as.at(row),
    language: repositories.columns.language.at(row),
    datasets: repositories.datasets[row],
    mentions: repositories.mentions[row],
    match_kinds: repositories.matchKinds.at(row),
    kinds_of_use: repositories.kindsOfUse.at(row),
  }),
  file: "final_repositories",
  select: "stars",
  selectForFiles: "last_fetched_at, resources, organizations, files",
  facets: { counted_as: "Counted as", language: "Language", host: "Code host" },
};

export const TOPICS: List = {
  name: "topics",
  heading: "Topics",
  one: "topic",
  about: "Tags and groups of the catalogue, those that most repositories mention first.",
  table: ({ topics }) => topics,
  file: "final_topic_usage",
  select: `topic, topic_kind, datasets, mentioned_datasets, ${KIND_COUNTS}`,
  selectForFiles: USES,
  facets: { topic_kind: "Kind", is_mentioned: "Mentioned" },
};

export const RESOURCES: List = {
  name: "resources",
  heading: "Resources",
  one: "resource",
  about: "Files and services of the datasets, those that most repositories name first.",
  table: ({ resources }) => resources,
  known: (things, row) => ({
    ...datasetOf(things, things.resources, row),
    format: things.resources.columns.format.at(row),
    repositories: things.resources.repositories[row],
  }),
  pageRows: 25,
  file: "final_clean_all_resources",
  select: "id as resource_id, name, url",
  selectForFiles: "organization_id",
  facets: { is_mentioned: "Mentioned", format: "Format" },
};

export const MENTIONS: List = {
  name: "mentions",
  heading: "Mentions",
  one: "mention",
  about: "Places in public code and what of the catalogue they name, the strongest kinds first. " +
    "A mention is not yet a use: read the line.",
  table: ({ mentions }) => mentions,
  known: (things, row) => {
    const { columns } = things.mentions;
    return {
      match_kind: columns.match_kind.at(row),
      kind_of_use: columns.kind_of_use.at(row),
      language: columns.language.at(row),
      counted_as: columns.counted_as.at(row),
      ...datasetOf(things, things.mentions, row),
    };
  },
  pageRows: 25,
  file: "final_mentions",
  select: "mention_id, repository, path, line_number, text, line, url",
  selectForFiles: "resource_id, organization_id, backends",
  facets: {
    match_kind: "Match kind",
    kind_of_use: "Kind of use",
    language: "Language",
    format: "Format",
    organization_id: "Organization",
    counted_as: "Counted as",
  },
};

export const PAIRS: List = {
  name: "pairs",
  heading: "Datasets and repositories",
  one: "pair",
  about: "Which repository mentions which dataset, each pair once with its strongest kind.",
  table: ({ pairs }) => pairs,
  known: (things, row) => ({
    repository: things.pairs.columns.repository.at(row),
    ...datasetOf(things, things.pairs, row),
    match_kind: things.pairs.columns.match_kind.at(row),
    counted_as: things.pairs.columns.counted_as.at(row),
    mentions: things.pairs.mentions[row],
  }),
  file: "final_dataset_repository_mappings",
  selectForFiles: "organization_id, resources",
  facets: { match_kind: "Match kind", organization_id: "Organization", counted_as: "Counted as" },
};

export const TOGETHER: List = {
  name: "together",
  heading: "Used together",
  one: "dataset",
  about: "Datasets that the same repositories mention. " +
    "Repositories that mention more than 50 datasets say little about any pair and are left out.",
  table: ({ pairs }) => ({ ...pairs, columns: { dataset_id: pairs.columns.dataset_id } }),
  file: "final_used_together",
  needs: "dataset_id",
  compute: (things, { dataset_id }) => together(things, dataset_id!),
  facets: {},
};

const ALL = [
  DATASETS,
  ORGANIZATIONS,
  REPOSITORIES,
  TOPICS,
  RESOURCES,
  MENTIONS,
  PAIRS,
  PACKAGES,
  DEAD_REFERENCES,
  CHANGES,
  DATASET_REACH,
  ORGANIZATION_REACH,
  TOGETHER,
];

/** All lists by name. */
export const LISTS: Record<string, List> = Object.fromEntries(ALL.map((list) => [list.name, list]));
