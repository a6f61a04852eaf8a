/**
 * Two states of a catalogue compared by the SQL of sql/changes/.
 *
 * @module
 */
import { type Database, quoteName } from "../duckdb/database.ts";
import { StageError, UsageError } from "../cli/errors.ts";
import { basename, join } from "node:path";
import { exists } from "@std/fs/exists";
import { type SitePaths, timestamp } from "../storage/paths.ts";
import { buildModels } from "../duckdb/models.ts";
import type { Log } from "../cli/progress.ts";
import { listSnapshots, readSnapshot, type Snapshot } from "../storage/snapshots.ts";

/** The database whose snapshots are compared. */
export const CATALOGUE = "clean_ckan_api";

const SQL = new URL("../../sql/changes/", import.meta.url);

/** Which table of a catalogue is behind which table of the shape. */
const TABLES: Record<string, string> = {
  datasets: "ckan_clean_datasets",
  resources: "ckan_clean_all_resources",
  organizations: "ckan_clean_organizations",
};

/** A query of `sql/changes/queries/`. */
export function readChangesQuery(name: string): Promise<string> {
  return Deno.readTextFile(new URL(`queries/${name}.sql`, SQL));
}

/**
 * Builds `changes.changes`, in memory, of two attached snapshots; empty where there is no earlier
 * one. The catalog in use stays as it was.
 * @param earlier name of the catalog that holds the earlier snapshot
 */
export async function buildChanges(
  db: Database,
  earlier: string | undefined,
  later: string,
  log: Log,
): Promise<void> {
  const { here } = await db.one<{ here: string }>("select current_database() as here");
  await db.run("attach ':memory:' as compared");
  await db.run("create schema compared.expected; use compared");
  await db.run(await readShape());
  for (const [part, table] of Object.entries(TABLES)) {
    for (const [age, catalog] of [["old", earlier ?? later], ["new", later]] as const) {
      const columns = await db.rows<{ column_name: string }>(
        "select column_name from duckdb_columns() where database_name = $1 and table_name = $2 " +
          "and column_name in (select column_name from duckdb_columns() where " +
          "database_name = 'compared' and schema_name = 'expected' and table_name = $3)",
        [catalog, table, `${age}_${part}`],
      );
      const list = columns.map(({ column_name }) => quoteName(column_name)).join(", ");
      await db.run(
        `create view main.${age}_${part} as select * from expected.${age}_${part} union all by name ` +
          `select ${list} from ${quoteName(catalog)}.main.${table}`,
      );
    }
  }
  await db.run("attach ':memory:' as changes; use changes");
  await buildModels(db, "changes", log);
  await db.run(`use ${quoteName(here)}`);
}

/**
 * Of some catalogues, oldest first, the one to compare `later` with, or undefined: the newest that
 * is earlier and was not made from the same raw catalogue, so that cleaning again is not taken for a
 * change of the portal.
 */
export function catalogueBefore(catalogues: Snapshot[], later: Snapshot): Snapshot | undefined {
  const source = ({ manifest }: Snapshot) => manifest.parents.map(({ sha256 }) => sha256).join();
  return catalogues.findLast((snapshot) =>
    snapshot.name < later.name && (source(snapshot) === "" || source(snapshot) !== source(later))
  );
}

/**
 * The two snapshots to compare: each given by file name, path or datetime, or by default the newest
 * catalogue and the one before it.
 * @throws {StageError} where there are not two, {UsageError} where what is named are no such two.
 */
export async function findCompared(
  paths: SitePaths,
  from: string | undefined,
  to: string | undefined,
): Promise<{ earlier: Snapshot; later: Snapshot }> {
  const later = to === undefined
    ? (await listSnapshots(paths, CATALOGUE)).at(-1)
    : await namedSnapshot(paths, "to", to);
  if (later === undefined) {
    throw new StageError(
      `no snapshot of "${CATALOGUE}" in ${paths.snapshots}: run "deno task 03_clean_datasets" first`,
    );
  }
  const earlier = from === undefined
    ? catalogueBefore(await listSnapshots(paths, CATALOGUE), later)
    : await namedSnapshot(paths, "from", from);
  if (earlier === undefined) {
    throw new StageError(
      `no catalogue earlier than ${later.name} in ${paths.snapshots}: run "deno task pipeline --to 03" when the portal has changed`,
    );
  }
  if (earlier.manifest.created_at < later.manifest.created_at) return { earlier, later };
  throw new UsageError(
    `--from ${earlier.name} is not earlier than --to ${later.name}: give the earlier one as --from`,
  );
}

function readShape(): Promise<string> {
  return Deno.readTextFile(new URL("inputs/compared.sql", SQL));
}

async function namedSnapshot(paths: SitePaths, flag: string, text: string): Promise<Snapshot> {
  const file = await fileOf(paths, text);
  if (file === undefined) {
    const names = (await listSnapshots(paths, CATALOGUE)).map(({ name }) => name);
    throw new StageError(
      `--${flag} "${text}" is not a snapshot in ${paths.snapshots}: there is ${
        names.slice(-5).join(", ") || "none"
      }`,
    );
  }
  const snapshot = await readSnapshot(paths, file);
  if (snapshot.manifest.database === CATALOGUE) return snapshot;
  throw new UsageError(
    `--${flag} "${text}" is a snapshot of "${snapshot.manifest.database}": expected one of "${CATALOGUE}"`,
  );
}

async function fileOf(paths: SitePaths, text: string): Promise<string | undefined> {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && !isNaN(Date.parse(text))
    ? timestamp(new Date(text))
    : text;
  const candidates = [
    join(paths.snapshots, `${CATALOGUE}_${time}.db`),
    ...(basename(text) === text ? [join(paths.snapshots, text)] : []),
    text,
  ];
  for (const file of candidates) {
    if (file.endsWith(".db") && await exists(file)) return file;
  }
  return undefined;
}
