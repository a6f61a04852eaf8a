import type { Database } from "../duckdb/database.ts";
import { type Column, type Names, type Several, Single } from "./columns.ts";
import { Named } from "./named.ts";
import { readSearchTexts, readSeveral, TableReader } from "./table_reader.ts";
import {
  type Links,
  readChanges,
  readDeadReferences,
  readMentions,
  readPackages,
  readPairs,
  readReach,
} from "./things_of_lists.ts";
import { MATCH_KINDS } from "../web/labels.ts";

/**
 * What every page asks of a site, held in memory in the order in which it is shown: which rows there
 * are, what belongs to what, titles and counts. Whatever is long stays in the snapshot, at `itemRow`.
 */

/** The rows of a list. */
export interface Table {
  size: number;
  /** Where the row stands in its table of the snapshot. */
  itemRow: Uint32Array;
  /** What the list can be narrowed by; a column of that name. */
  columns: Record<string, Column>;
}

/** All of a site. */
export type Things = Awaited<ReturnType<typeof readThings>>;

const KIND_COLUMNS = Object.keys(MATCH_KINDS).map((kind) => `${kind}_repositories`);

/** Reads the tables of sql/explorer/, which may be dropped then. */
export async function readThings(db: Database) {
  const organizations = await readOrganizations(db);
  const repositories = await readRepositories(db);
  const topics = await readTopics(db);
  const datasets = await readDatasets(db, organizations.named, topics.named);
  const links = (column: Uint32Array, names: Names) => new Single(column, names, true);
  const of = {
    dataset: (column: Uint32Array) => links(column, datasets.named),
    organization: (column: Uint32Array) => links(column, organizations.named),
    repository: (column: Uint32Array) => links(column, repositories.named),
  };
  const resources = await readResources(db, of);
  return {
    organizations,
    repositories,
    topics,
    datasets,
    resources,
    mentions: await readMentions(db, of, resources.named),
    pairs: await readPairs(db, of),
    packages: await readPackages(db),
    deadReferences: await readDeadReferences(db, of),
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
    search: await readSearchTexts(db, "organization"),
    named: new Named(
      read.size,
      await read.keys(),
      await read.texts("organization_id"),
      await read.texts("title"),
    ),
    columns: { is_mentioned: await read.words("is_mentioned") },
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
    named: new Named(read.size, await read.keys(), await read.texts("repository")),
    search: await readSearchTexts(db, "repository"),
    matchKinds: await read.words("match_kinds"),
    kindsOfUse: await read.words("kinds_of_use"),
    columns: {
      counted_as: await read.words("counted_as"),
      language: await read.words("language"),
      host: await read.words("host"),
    },
  };
}

async function readTopics(db: Database) {
  const read = await TableReader.of(db, "topics");
  const { item_row } = await read.numbers("item_row");
  return {
    size: read.size,
    itemRow: item_row,
    named: new Named(
      read.size,
      await read.keys(),
      await read.texts("id"),
      await read.texts("topic"),
    ),
    columns: {
      topic_kind: await read.words("topic_kind"),
      is_mentioned: await read.words("is_mentioned"),
    },
  };
}

async function readDatasets(db: Database, organizations: Named, topics: Named) {
  const read = await TableReader.of(db, "datasets");
  const numbers = await read.numbers(
    "item_row",
    "dataset_row",
    "organization",
    "resources",
    "repositories",
    ...KIND_COLUMNS,
  );
  const several = (sql: string, names?: Names): Promise<Several> =>
    readSeveral(db, read.size, sql, names);
  const use = (aspect: string) =>
    several(
      `select dataset::uinteger, value from explorer.dataset_uses where aspect = '${aspect}'`,
    );
  return {
    size: read.size,
    itemRow: numbers.item_row!,
    datasetRow: numbers.dataset_row!,
    resources: numbers.resources!,
    search: await readSearchTexts(db, "dataset"),
    repositories: numbers.repositories!,
    kinds: Object.fromEntries(KIND_COLUMNS.map((name) => [name, numbers[name]!])),
    named: new Named(
      read.size,
      await read.keys(),
      await read.texts("dataset_id"),
      await read.texts("title"),
    ),
    columns: {
      organization_id: new Single(numbers.organization!, organizations, true),
      is_mentioned: await read.words("is_mentioned"),
      licence: await read.words("licence"),
      topic: await several(
        "select dataset::uinteger, topic::uinteger from explorer.dataset_topics",
        topics,
      ),
      format: await several("select dataset::uinteger, format from explorer.dataset_formats"),
      match_kind: await use("match_kind"),
      kind_of_use: await use("kind_of_use"),
      language: await use("language"),
    },
  };
}

async function readResources(db: Database, of: Links) {
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
    named: new Named(read.size, await read.keys()),
    columns: {
      dataset_id: of.dataset(dataset),
      organization_id: of.organization(organization),
      format: await read.words("format"),
      is_mentioned: await read.words("is_mentioned"),
    },
  };
}
