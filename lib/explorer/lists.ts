/**
 * The lists of the explorer. Each is a page, a table on other pages, and a file: which rows it has,
 * what filters them, which columns are in memory and which are read from the snapshot.
 * @module
 */
import { MATCH_KINDS } from "../web/labels.ts";
import type { SiteTables, Table } from "./site_tables.ts";

/** The filters that apply: name → value, as they are in the address. */
export type Filters = Record<string, string>;

/** A row as it is shown or written to a file. */
export type Row = Record<string, unknown>;

/** A list of rows. */
export interface List {
  name: string;
  heading: string;
  /** One row, for "3 datasets". */
  singular: string;
  /** What a row is, and the order, for the head of the page. */
  description: string;
  /** Which rows there are, and what can filter them. */
  table: (tables: SiteTables) => Table;
  /** Columns that a page counts the rows by; the table's other columns only filter. */
  facets: Record<string, string>;
  /** The columns of a row that are in memory. */
  memoryColumns?: (tables: SiteTables, row: number) => Row;
  /** The table of the snapshot that has the other columns. */
  source: string;
  /** Columns that pages show; empty where memory has all of them. */
  columns?: string;
  /** Columns that only files have. */
  fileColumns?: string;
  /** A filter without which the list makes no sense; such a list has no page of its own. */
  requiredFilter?: string;
  /** All rows, where they are not rows of a table. */
  compute?: (tables: SiteTables, filters: Filters) => Row[];
  /** Rows per page where they are taller than others; default 50. */
  pageRows?: number;
  /** It has numbers of the package index, whose licence must go with them. */
  hasPackageData?: boolean;
}

/** A repository that mentions more datasets says little about any two of them. */
export const MOST_DATASETS_TO_RELATE = 50;

const USES = `code_repositories, notebook_repositories, documentation_repositories,
  configuration_repositories, data_repositories, fork_repositories, mirror_repositories,
  generic_repositories`;
const KIND_COUNTS = [
  "repositories",
  ...Object.keys(MATCH_KINDS).map((kind) => `${kind}_repositories`),
].join(", ");
const REACH = `match_kind, counted_as, repositories, stars, packages, largest_package,
  dependent_packages_largest, dependent_packages_sum`;

/** Id and title of the dataset that a row belongs to. */
function datasetOf(
  { datasets }: SiteTables,
  table: { columns: { dataset_id: { codes: Uint32Array } } },
  row: number,
): Row {
  const dataset = table.columns.dataset_id.codes[row]!;
  return {
    dataset_id: datasets.entities.valueOf(dataset),
    dataset: datasets.entities.labelOf(dataset),
  };
}

export const DATASETS: List = {
  name: "datasets",
  heading: "Datasets",
  singular: "dataset",
  description: "Every dataset of the catalogue, ordered by the number of repositories that " +
    "mention it. Forks, mirrors of the catalogue and generic URLs are counted apart.",
  table: ({ datasets }) => datasets,
  memoryColumns: ({ datasets }, row) => ({
    dataset_id: datasets.entities.valueOf(row),
    title: datasets.entities.labelOf(row),
    organization_id: datasets.columns.organization_id.at(row),
    organization: datasets.columns.organization_id.labelAt(row),
    licence: datasets.columns.licence.at(row),
    resources: datasets.resources[row],
    repositories: datasets.repositories[row],
    ...Object.fromEntries(Object.entries(datasets.kinds).map(([name, of]) => [name, of[row]])),
  }),
  source: "final_dataset_usage",
  fileColumns: `name, mentioned_resources, ${USES}`,
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
  singular: "organization",
  description: "Every organization that owns a dataset, ordered by the number of repositories " +
    "that mention its data.",
  table: ({ organizations }) => organizations,
  source: "final_organization_usage",
  columns: `organization_id, title, name, datasets, mentioned_datasets, resources,
    mentioned_resources, ${KIND_COUNTS}`,
  fileColumns: USES,
  facets: { is_mentioned: "Mentioned" },
};

export const REPOSITORIES: List = {
  name: "repositories",
  heading: "Repositories",
  singular: "repository",
  description: "Every repository that was found to mention a dataset, ordered by the number of " +
    "datasets. Forks and mirrors of the catalogue come last.",
  table: ({ repositories }) => repositories,
  memoryColumns: ({ repositories }, row) => ({
    repository: repositories.entities.valueOf(row),
    host: repositories.columns.host.at(row),
    counted_as: repositories.columns.counted_as.at(row),
    language: repositories.columns.language.at(row),
    datasets: repositories.datasets[row],
    mentions: repositories.mentions[row],
    match_kinds: repositories.matchKinds.at(row),
    kinds_of_use: repositories.kindsOfUse.at(row),
  }),
  source: "final_repositories",
  columns: "stars",
  fileColumns: "last_fetched_at, resources, organizations, files",
  facets: { counted_as: "Counted as", language: "Language", host: "Code host" },
};

export const TOPICS: List = {
  name: "topics",
  heading: "Topics",
  singular: "topic",
  description: "Tags and groups of the catalogue, ordered by the number of repositories that " +
    "mention their datasets.",
  table: ({ topics }) => topics,
  source: "final_topic_usage",
  columns: `topic, topic_kind, datasets, mentioned_datasets, ${KIND_COUNTS}`,
  fileColumns: USES,
  facets: { topic_kind: "Kind", is_mentioned: "Mentioned" },
};

export const RESOURCES: List = {
  name: "resources",
  heading: "Resources",
  singular: "resource",
  description: "Files and services of the datasets, ordered by the number of repositories that " +
    "name them.",
  table: ({ resources }) => resources,
  memoryColumns: (tables, row) => ({
    ...datasetOf(tables, tables.resources, row),
    format: tables.resources.columns.format.at(row),
    repositories: tables.resources.repositories[row],
  }),
  pageRows: 25,
  source: "final_clean_all_resources",
  columns: "id as resource_id, name, url",
  fileColumns: "organization_id",
  facets: { is_mentioned: "Mentioned", format: "Format" },
};

export const MENTIONS: List = {
  name: "mentions",
  heading: "Mentions",
  singular: "mention",
  description: "Places in public code and what they name in the catalogue, strongest kinds of " +
    "match first. A mention is not yet a use: read the line.",
  table: ({ mentions }) => mentions,
  memoryColumns: (tables, row) => {
    const { columns } = tables.mentions;
    return {
      match_kind: columns.match_kind.at(row),
      kind_of_use: columns.kind_of_use.at(row),
      language: columns.language.at(row),
      counted_as: columns.counted_as.at(row),
      is_new: columns.is_new.at(row),
      ...datasetOf(tables, tables.mentions, row),
    };
  },
  pageRows: 25,
  source: "final_mentions",
  columns: "mention_id, repository, path, line_number, text, line, url",
  fileColumns: "resource_id, organization_id, sources",
  facets: {
    match_kind: "Match kind",
    kind_of_use: "Kind of use",
    language: "Language",
    format: "Format",
    organization_id: "Organization",
    counted_as: "Counted as",
    is_new: "New",
  },
};

export const PAIRS: List = {
  name: "pairs",
  heading: "Datasets and repositories",
  singular: "pair",
  description: "Which repository mentions which dataset: each pair once, with its strongest kind.",
  table: ({ pairs }) => pairs,
  memoryColumns: (tables, row) => ({
    repository: tables.pairs.columns.repository.at(row),
    ...datasetOf(tables, tables.pairs, row),
    match_kind: tables.pairs.columns.match_kind.at(row),
    counted_as: tables.pairs.columns.counted_as.at(row),
    mentions: tables.pairs.mentions[row],
  }),
  source: "final_dataset_repository_mappings",
  fileColumns: "organization_id, resources",
  facets: { match_kind: "Match kind", organization_id: "Organization", counted_as: "Counted as" },
};

export const PACKAGES: List = {
  name: "packages",
  heading: "Packages",
  singular: "package",
  description: "Packages that the repositories publish, ordered by the number of packages that " +
    "depend on them. Dependents are given only for confirmed packages, whose record points back " +
    "to the repository.",
  table: ({ packages }) => packages,
  source: "final_packages",
  columns: `ecosystem, name, is_confirmed, counted_as, registry_url, description, repositories,
    datasets, dependent_packages_count, dependent_repos_count`,
  fileColumns: `is_declared, registry, licenses, status, latest_release_number, organizations,
    downloads, downloads_period, average_ranking, latest_release_published_at`,
  facets: { ecosystem: "Ecosystem", is_confirmed: "Confirmed", counted_as: "Counted as" },
  hasPackageData: true,
};

export const BROKEN_LINKS: List = {
  name: "dead_references",
  heading: "Broken links",
  singular: "broken link",
  description: "URLs in public code whose dataset or resource is not, or no longer, in the " +
    "catalogue; what is missing in most places first. An incomplete harvest makes datasets seem " +
    "missing.",
  table: ({ brokenLinks }) => brokenLinks,
  source: "final_dead_references",
  columns: `url_in_code, repository, path, line_number, url, names, missing, dataset_id,
    dataset_title, last_in_catalogue_at, gone_since`,
  fileColumns: "seen_at",
  facets: { names: "What is missing", was_known: "In an earlier catalogue" },
};

export const CHANGES: List = {
  name: "changes",
  heading: "Changes",
  singular: "change",
  description: "Differences from the catalogue before this one, first what is removed or moved " +
    "and mentioned in public code. Empty where there is no earlier catalogue.",
  table: ({ changes }) => changes,
  // only datasets that are in the catalogue have a page
  memoryColumns: ({ changes }, row) => ({
    in_catalogue: changes.columns.dataset_id.at(row) !== null,
  }),
  source: "final_changes",
  columns: `thing, change, field, dataset_id, resource_id, dataset_title, resource_name, old_value,
    new_value, repositories, item.url`,
  fileColumns: "earlier_id, dataset_name, is_with_dataset",
  facets: { change: "Change", thing: "What changed", is_mentioned: "Mentioned" },
};

export const DATASET_REACH = reachOf("dataset");
export const ORGANIZATION_REACH = reachOf("organization");

function reachOf(kind: "dataset" | "organization"): List {
  return {
    name: `${kind}_reach`,
    heading: `Reach of ${kind}s`,
    singular: "row",
    description: `How far the data of each ${kind} reaches through packages of the repositories ` +
      "that mention it. Each kind of match has a row; the rows overlap and do not add up to “any”.",
    table: (tables) => tables[`${kind}Reach`],
    memoryColumns: (tables, row) => {
      const column = tables[`${kind}Reach`].columns[`${kind}_id`]!;
      return "labelAt" in column ? { [kind]: column.labelAt(row) } : {};
    },
    source: `final_${kind}_reach`,
    columns: `${kind}_id, ${REACH}`,
    facets: { match_kind: "Match kind", counted_as: "Counted as" },
    hasPackageData: true,
  };
}

export const USED_TOGETHER: List = {
  name: "together",
  heading: "Mentioned together",
  singular: "dataset",
  description: "Datasets that the same repositories mention. Repositories that mention more than " +
    `${MOST_DATASETS_TO_RELATE} datasets say little about any pair and are left out.`,
  table: ({ pairs }) => ({ ...pairs, columns: { dataset_id: pairs.columns.dataset_id } }),
  source: "final_used_together",
  requiredFilter: "dataset_id",
  compute: (tables, { dataset_id }) => mentionedTogether(tables, dataset_id!),
  facets: {},
};

/** As `final_used_together`, but for one dataset and in both directions. */
function mentionedTogether({ datasets, pairs }: SiteTables, id: string): Row[] {
  const dataset = datasets.entities.codeOf(id);
  if (dataset === undefined) return [];
  const { dataset_id, repository, counted_as } = pairs.columns;
  const original = counted_as.dictionary.codeOf("original");
  const counts = new Map<number, number>();
  for (const pair of dataset_id.rowsOf(dataset)) {
    if (
      counted_as.codes[pair] !== original ||
      pairs.repositoryDatasets[pair]! > MOST_DATASETS_TO_RELATE
    ) continue;
    for (const other of repository.rowsOf(repository.codes[pair]!)) {
      const related = dataset_id.codes[other]!;
      if (related === dataset || counted_as.codes[other] !== original) continue;
      counts.set(related, (counts.get(related) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([one, few], [other, many]) => many - few || one - other)
    .map(([row, count]) => ({
      dataset_id: datasets.entities.valueOf(row),
      title: datasets.entities.labelOf(row),
      together: count,
      repositories: datasets.repositories[row],
    }));
}

const ALL = [
  DATASETS,
  ORGANIZATIONS,
  REPOSITORIES,
  TOPICS,
  RESOURCES,
  MENTIONS,
  PAIRS,
  PACKAGES,
  BROKEN_LINKS,
  CHANGES,
  DATASET_REACH,
  ORGANIZATION_REACH,
  USED_TOGETHER,
];

/** All lists by name. */
export const LISTS: ReadonlyMap<string, List> = new Map(ALL.map((list) => [list.name, list]));
