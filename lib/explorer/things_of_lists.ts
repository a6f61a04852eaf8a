import type { Database } from "../duckdb/database.ts";
import { type Names, Single } from "./columns.ts";
import { TableReader } from "./table_reader.ts";
import { Named } from "./named.ts";

/** What is held in memory of mentions, and of what is counted from them: see things.ts. */

/** Makes columns that lead to things. */
export type Links = Record<
  "dataset" | "organization" | "repository",
  (column: Uint32Array) => Single
>;

export async function readMentions(db: Database, of: Links, resources: Names) {
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
    named: new Named(read.size, await read.keys()),
    columns: {
      dataset_id: of.dataset(dataset),
      organization_id: of.organization(organization),
      repository: of.repository(repository),
      resource_id: new Single(resource, resources),
      match_kind: await read.words("match_kind"),
      kind_of_use: await read.words("kind_of_use"),
      language: await read.words("language"),
      format: await read.words("format"),
      counted_as: await read.words("counted_as"),
    },
  };
}

export async function readPairs(db: Database, of: Links) {
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
      match_kind: await read.words("match_kind"),
      counted_as: await read.words("counted_as"),
    },
  };
}

export async function readPackages(db: Database) {
  const read = await TableReader.of(db, "packages");
  const { item_row } = await read.numbers("item_row");
  return {
    size: read.size,
    itemRow: item_row,
    columns: {
      ecosystem: await read.words("ecosystem"),
      is_confirmed: await read.words("is_confirmed"),
      counted_as: await read.words("counted_as"),
    },
  };
}

export async function readDeadReferences(db: Database, of: Links) {
  const read = await TableReader.of(db, "dead_references");
  const { item_row, repository, dataset } = await read.numbers("item_row", "repository", "dataset");
  return {
    size: read.size,
    itemRow: item_row,
    columns: {
      names: await read.words("names"),
      was_known: await read.words("was_known"),
      repository: of.repository(repository),
      dataset_id: of.dataset(dataset),
    },
  };
}

export async function readChanges(db: Database, of: Links) {
  const read = await TableReader.of(db, "changes");
  const { item_row, dataset } = await read.numbers("item_row", "dataset");
  return {
    size: read.size,
    itemRow: item_row,
    columns: {
      thing: await read.words("thing"),
      change: await read.words("change"),
      is_mentioned: await read.words("is_mentioned"),
      dataset_id: of.dataset(dataset),
    },
  };
}

export async function readReach(
  db: Database,
  kind: "dataset" | "organization",
  of: (column: Uint32Array) => Single,
) {
  const read = await TableReader.of(db, `${kind}_reach`);
  const numbers = await read.numbers("item_row", kind);
  return {
    size: read.size,
    itemRow: numbers.item_row,
    columns: {
      [`${kind}_id`]: of(numbers[kind]),
      match_kind: await read.words("match_kind"),
      counted_as: await read.words("counted_as"),
    },
  };
}
