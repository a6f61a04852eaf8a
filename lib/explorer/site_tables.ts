/**
 * What every page needs of a site, held in memory in the order in which it is shown: which rows there
 * are, what belongs to what, titles and counts. Long text stays in the snapshot, found by `itemRow`.
 * @module
 */
import type { Database } from "../duckdb/database.ts";
import {
  CodeColumn,
  type Column,
  type Dictionary,
  EntityDictionary,
  type ListColumn,
} from "./columns.ts";
import { readListColumn, readSearchIndex, TableReader } from "./table_reader.ts";
import { MATCH_KINDS } from "../web/labels.ts";

/** The rows of a list. */
export interface Table {
  size: number;
  /** The row number in the table of the snapshot. */
  itemRow: Uint32Array;
  /** What can filter the rows, by the name of the column. */
  columns: Record<string, Column>;
}

/** All tables of a site. */
export type SiteTables = Awaited<ReturnType<typeof readSiteTables>>;

const KIND_COLUMNS = Object.keys(MATCH_KINDS).map((kind) => `${kind}_repositories`);

/** Reads the tables of sql/explorer/, which may be dropped afterwards. */
export async function readSiteTables(db: Database) {
  const organizations = await readOrganizations(db);
  const repositories = await readRepositories(db);
  const topics = await readTopics(db);
  const datasets = await readDatasets(db, organizations.entities, topics.entities);
  const links = (column: Uint32Array, names: Dictionary) => new CodeColumn(column, names, true);
  const of = {
    dataset: (column: Uint32Array) => links(column, datasets.entities),
    organization: (column: Uint32Array) => links(column, organizations.entities),
    repository: (column: Uint32Array) => links(column, repositories.entities),
  };
  const resources = await readResources(db, of);
  return {
    organizations,
    repositories,
    topics,
    datasets,
    resources,
    mentions: await readMentions(db, of, resources.entities),
    pairs: await readPairs(db, of),
    packages: await readPackages(db),
    brokenLinks: await readBrokenLinks(db, of),
    changes: await readChanges(db, of),
    datasetReach: await readReach(db, "dataset", of.dataset),
    organizationReach: await readReach(db, "organization", of.organization),
  };
}

async function readOrganizations(db: Database) {
  const read = await TableReader.of(db, "organizations");
  const { item_row, organization_row, datasets } = await read.numbers(
    "item_row",
    "organization_row",
    "datasets",
  );
  return {
    size: read.size,
    itemRow: item_row,
    organizationRow: organization_row,
    datasets,
    search: await readSearchIndex(db, "organization"),
    entities: new EntityDictionary(
      read.size,
      await read.keys(),
      await read.strings("organization_id"),
      await read.strings("title"),
    ),
    columns: { is_mentioned: await read.categories("is_mentioned") },
  };
}

async function readRepositories(db: Database) {
  const read = await TableReader.of(db, "repositories");
  const { item_row, stars, datasets, mentions } = await read.numbers(
    "item_row",
    "stars",
    "datasets",
    "mentions",
  );
  return {
    size: read.size,
    itemRow: item_row,
    stars,
    datasets,
    mentions,
    entities: new EntityDictionary(read.size, await read.keys(), await read.strings("repository")),
    search: await readSearchIndex(db, "repository"),
    matchKinds: await read.categories("match_kinds"),
    kindsOfUse: await read.categories("kinds_of_use"),
    columns: {
      counted_as: await read.categories("counted_as"),
      language: await read.categories("language"),
      host: await read.categories("host"),
    },
  };
}

async function readTopics(db: Database) {
  const read = await TableReader.of(db, "topics");
  const { item_row } = await read.numbers("item_row");
  return {
    size: read.size,
    itemRow: item_row,
    entities: new EntityDictionary(
      read.size,
      await read.keys(),
      await read.strings("id"),
      await read.strings("topic"),
    ),
    columns: {
      topic_kind: await read.categories("topic_kind"),
      is_mentioned: await read.categories("is_mentioned"),
    },
  };
}

async function readDatasets(
  db: Database,
  organizations: EntityDictionary,
  topics: EntityDictionary,
) {
  const read = await TableReader.of(db, "datasets");
  const numbers = await read.numbers(
    "item_row",
    "dataset_row",
    "organization",
    "resources",
    "repositories",
    ...KIND_COLUMNS,
  );
  const listColumn = (sql: string, names?: Dictionary): Promise<ListColumn> =>
    readListColumn(db, read.size, sql, names);
  const use = (aspect: string) =>
    listColumn(
      `select dataset::uinteger, value from explorer.dataset_uses where aspect = '${aspect}'`,
    );
  return {
    size: read.size,
    itemRow: numbers.item_row!,
    datasetRow: numbers.dataset_row!,
    resources: numbers.resources!,
    search: await readSearchIndex(db, "dataset"),
    repositories: numbers.repositories!,
    kinds: Object.fromEntries(KIND_COLUMNS.map((name) => [name, numbers[name]!])),
    entities: new EntityDictionary(
      read.size,
      await read.keys(),
      await read.strings("dataset_id"),
      await read.strings("title"),
    ),
    columns: {
      organization_id: new CodeColumn(numbers.organization!, organizations, true),
      is_mentioned: await read.categories("is_mentioned"),
      licence: await read.categories("licence"),
      topic: await listColumn(
        "select dataset::uinteger, topic::uinteger from explorer.dataset_topics",
        topics,
      ),
      format: await listColumn("select dataset::uinteger, format from explorer.dataset_formats"),
      match_kind: await use("match_kind"),
      kind_of_use: await use("kind_of_use"),
      language: await use("language"),
    },
  };
}

async function readResources(db: Database, of: ForeignKeys) {
  const read = await TableReader.of(db, "resources");
  const { item_row, dataset, organization, repositories } = await read.numbers(
    "item_row",
    "dataset",
    "organization",
    "repositories",
  );
  return {
    size: read.size,
    itemRow: item_row,
    repositories,
    entities: new EntityDictionary(read.size, await read.keys()),
    columns: {
      dataset_id: of.dataset(dataset),
      organization_id: of.organization(organization),
      format: await read.categories("format"),
      is_mentioned: await read.categories("is_mentioned"),
    },
  };
}

/** Makes columns that lead to tables. */
type ForeignKeys = Record<
  "dataset" | "organization" | "repository",
  (column: Uint32Array) => CodeColumn
>;

async function readMentions(db: Database, of: ForeignKeys, resources: Dictionary) {
  const read = await TableReader.of(db, "mentions");
  const { item_row, dataset, organization, repository, resource } = await read.numbers(
    "item_row",
    "dataset",
    "organization",
    "repository",
    "resource",
  );
  return {
    size: read.size,
    itemRow: item_row,
    entities: new EntityDictionary(read.size, await read.keys()),
    columns: {
      dataset_id: of.dataset(dataset),
      organization_id: of.organization(organization),
      repository: of.repository(repository),
      resource_id: new CodeColumn(resource, resources),
      match_kind: await read.categories("match_kind"),
      kind_of_use: await read.categories("kind_of_use"),
      language: await read.categories("language"),
      format: await read.categories("format"),
      counted_as: await read.categories("counted_as"),
      is_new: await read.categories("is_new"),
    },
  };
}

async function readPairs(db: Database, of: ForeignKeys) {
  const read = await TableReader.of(db, "pairs");
  const numbers = await read.numbers(
    "item_row",
    "dataset",
    "organization",
    "repository",
    "mentions",
    "repository_datasets",
  );
  return {
    size: read.size,
    itemRow: numbers.item_row,
    mentions: numbers.mentions,
    /** How many datasets the repository mentions in its own right. */
    repositoryDatasets: numbers.repository_datasets,
    columns: {
      dataset_id: of.dataset(numbers.dataset),
      organization_id: of.organization(numbers.organization),
      repository: of.repository(numbers.repository),
      match_kind: await read.categories("match_kind"),
      counted_as: await read.categories("counted_as"),
    },
  };
}

async function readPackages(db: Database) {
  const read = await TableReader.of(db, "packages");
  const { item_row } = await read.numbers("item_row");
  return {
    size: read.size,
    itemRow: item_row,
    columns: {
      ecosystem: await read.categories("ecosystem"),
      is_confirmed: await read.categories("is_confirmed"),
      counted_as: await read.categories("counted_as"),
    },
  };
}

async function readBrokenLinks(db: Database, of: ForeignKeys) {
  const read = await TableReader.of(db, "dead_references");
  const { item_row, repository, dataset } = await read.numbers("item_row", "repository", "dataset");
  return {
    size: read.size,
    itemRow: item_row,
    columns: {
      names: await read.categories("names"),
      was_known: await read.categories("was_known"),
      repository: of.repository(repository),
      dataset_id: of.dataset(dataset),
    },
  };
}

async function readChanges(db: Database, of: ForeignKeys) {
  const read = await TableReader.of(db, "changes");
  const { item_row, dataset } = await read.numbers("item_row", "dataset");
  return {
    size: read.size,
    itemRow: item_row,
    columns: {
      thing: await read.categories("thing"),
      change: await read.categories("change"),
      is_mentioned: await read.categories("is_mentioned"),
      dataset_id: of.dataset(dataset),
    },
  };
}

async function readReach(
  db: Database,
  kind: "dataset" | "organization",
  of: (column: Uint32Array) => CodeColumn,
) {
  const read = await TableReader.of(db, `${kind}_reach`);
  const numbers = await read.numbers("item_row", kind);
  return {
    size: read.size,
    itemRow: numbers.item_row,
    columns: {
      [`${kind}_id`]: of(numbers[kind]),
      match_kind: await read.categories("match_kind"),
      counted_as: await read.categories("counted_as"),
    },
  };
}
