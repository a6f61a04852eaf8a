/**
 * Which rows each database has for a fixed input, the demo's city: `row_versions.json` keeps a hash
 * of them with the version of the code and the hash of the SQL that made them.
 */
import { createHash } from "node:crypto";
import { walk } from "@std/fs/walk";
import { Database } from "../../lib/duckdb/database.ts";
import type { Snapshot } from "../../lib/storage/snapshots.ts";

/** What was recorded of one database. */
export interface RecordedRows {
  version: number;
  sql: string;
  /** Hash of the rows of all tables, in any order. */
  rows: string;
}

/** What was recorded. */
export interface RecordedVersions {
  /** Hash of the code that makes the demo's city. */
  input: string;
  databases: Record<string, RecordedRows>;
}

const FILE = new URL("./row_versions.json", import.meta.url);
/** Columns that differ from run to run: times, and what is named or numbered by them. */
const NOT_FIXED =
  /_at$|^(file|sha256|record_number|name|database_name|seconds|attempts|bytes|fetched|repolastfetched|endpoint_url|parents?)$/i;

/** Reads what was recorded. */
export async function readRecorded(): Promise<RecordedVersions> {
  return JSON.parse(await Deno.readTextFile(FILE));
}

/** Records what is made now. */
export async function record(versions: RecordedVersions): Promise<void> {
  await Deno.writeTextFile(FILE, JSON.stringify(versions, null, 2) + "\n");
}

/** The hash of the code that makes the demo's city. */
export async function hashOfInput(): Promise<string> {
  const files: string[] = [];
  for await (const { path } of walk("lib/demo", { includeDirs: false })) files.push(path);
  const hash = createHash("sha256");
  for (const file of files.sort()) hash.update(file).update(await Deno.readFile(file));
  return hash.digest("hex");
}

/** The rows of a snapshot as they are recorded. */
export async function rowsOf({ file, manifest }: Snapshot): Promise<RecordedRows> {
  const db = await Database.open();
  const hash = createHash("sha256");
  try {
    await db.attach(file, "made");
    const columns = await db.rows<{ table_name: string; column_name: string }>(
      "select table_name, column_name from duckdb_columns() where database_name = 'made' order by all",
    );
    for (const { table_name, column_name } of columns) {
      if (NOT_FIXED.test(column_name)) continue;
      const { sum } = await db.one<{ sum: string }>(
        `select (count(*), sum(hash("${column_name}"::varchar)::hugeint))::varchar as sum from made."${table_name}"`,
      );
      hash.update(`${table_name}.${column_name} ${sum}\n`);
    }
  } finally {
    db.close();
  }
  return { version: manifest.version, sql: manifest.sql.sha256, rows: hash.digest("hex") };
}

/**
 * Which databases have other rows than were recorded, although nothing says why they should: the
 * same input, the same SQL, the same version, and databases before them with the same rows.
 * @param order the databases in the order in which they are made
 */
export function unexplained(
  order: string[],
  recorded: RecordedVersions,
  now: RecordedVersions,
): string[] {
  const found: string[] = [];
  let isExplained = recorded.input !== now.input;
  for (const database of order) {
    const [before, after] = [recorded.databases[database], now.databases[database]];
    if (before === undefined || after === undefined || before.rows === after.rows) continue;
    isExplained ||= before.version !== after.version || before.sql !== after.sql;
    if (!isExplained) found.push(database);
    isExplained = true;
  }
  return found;
}
