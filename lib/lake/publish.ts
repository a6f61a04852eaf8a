/**
 * One site's snapshots into a lake that is attached as `lake`: a schema a site, all of it at once.
 *
 * @module
 */
import { type Database, quoteName, quoteText } from "../duckdb/database.ts";
import { StageError } from "../cli/errors.ts";
import type { Snapshot } from "../storage/snapshots.ts";

/** What a publication did. */
export interface Published {
  /** The snapshots that were written. */
  written: Snapshot[];
  /** Those that the lake had in a newer state. */
  older: Snapshot[];
  rows: number;
}

/** What `published_snapshots` says of one database. */
interface Standing {
  database: string;
  snapshot: string;
  sha256: string;
  tables: string[];
}

const RECORD = "published_snapshots";
const RECORD_COMMENT =
  "Which snapshots the tables of this schema are, and whether they are complete; one row per database.";

/**
 * Writes what the lake does not have yet of these snapshots, in one transaction, so that a reader
 * sees all tables of the site change together. Tables that a new snapshot lacks are dropped; whatever
 * else people keep in the schema is left alone.
 * @throws when another writer was faster: nothing is changed then, and it may be tried again.
 */
export async function publishSite(
  db: Database,
  site: string,
  snapshots: Snapshot[],
  now: Date,
): Promise<Published> {
  await db.run("begin");
  try {
    const published = await writeSite(db, site, snapshots, now);
    await db.run("commit");
    return published;
  } catch (error) {
    // a commit that failed has ended its transaction already
    await db.run("rollback").catch(() => {});
    throw error;
  }
}

async function writeSite(db: Database, site: string, snapshots: Snapshot[], now: Date) {
  const schema = `lake.${quoteName(site)}`;
  const standing = await readStanding(db, site);
  const of = (snapshot: Snapshot) =>
    standing.find(({ database }) => database === snapshot.manifest.database);
  const others = snapshots.filter((it) => of(it)?.sha256 !== it.manifest.sha256);
  const older = others.filter((it) => it.name < (of(it)?.snapshot ?? ""));
  const written = others.filter((it) => !older.includes(it));
  const published: Published = { written, older, rows: 0 };
  if (written.length === 0) return published;

  await db.run(`create schema if not exists ${schema}`);
  for (const snapshot of written) {
    const tables = Object.keys(snapshot.manifest.tables);
    for (const table of of(snapshot)?.tables ?? []) {
      if (!tables.includes(table)) await db.run(`drop table ${schema}.${quoteName(table)}`);
    }
    for (const table of tables) published.rows += await writeTable(db, schema, snapshot, table);
  }
  await writeRecord(db, schema, written, now);
  await db.run("call lake.set_commit_message('publish_lake', $1)", [
    `${site}: ${written.map(({ name }) => name).join(", ")}`,
  ]);
  return published;
}

async function readStanding(db: Database, site: string): Promise<Standing[]> {
  const tables = await db.rows(
    `select table_name from duckdb_tables()
     where database_name = 'lake' and schema_name = $1 and table_name = $2`,
    [site, RECORD],
  );
  if (tables.length === 0) return [];
  const rows = await db.rows<Omit<Standing, "tables"> & { tables: string }>(
    `select database, snapshot, sha256, tables from lake.${quoteName(site)}.${RECORD}`,
  );
  return rows.map((row) => ({ ...row, tables: JSON.parse(row.tables) }));
}

async function writeTable(
  db: Database,
  schema: string,
  { name, manifest }: Snapshot,
  table: string,
): Promise<number> {
  const target = `${schema}.${quoteName(table)}`;
  const source = `${quoteName(manifest.database)}.${quoteName(table)}`;
  await db.run(`create or replace table ${target} as from ${source}`);
  const { rows } = await db.one<{ rows: number }>(`select count(*) as rows from ${target}`);
  if (rows !== manifest.tables[table]) {
    throw new StageError(
      `"${table}" of "${name}" has ${rows} rows and not the ${manifest.tables[table]} of its ` +
        `manifest: run "deno task verify_artifacts"`,
    );
  }
  await carryComments(db, manifest.database, table, target);
  return rows;
}

/** Writes the descriptions of a table and its columns beside the copy. */
async function carryComments(db: Database, database: string, table: string, target: string) {
  const comments = await db.rows<{ column_name: string | null; comment: string }>(
    `select null as column_name, comment from duckdb_tables()
     where database_name = $1 and table_name = $2 and comment is not null
     union all
     select column_name, comment from duckdb_columns()
     where database_name = $1 and table_name = $2 and comment is not null`,
    [database, table],
  );
  for (const { column_name, comment } of comments) {
    const thing = column_name === null
      ? `table ${target}`
      : `column ${target}.${quoteName(column_name)}`;
    await db.run(`comment on ${thing} is ${quoteText(comment)}`);
  }
}

async function writeRecord(db: Database, schema: string, written: Snapshot[], now: Date) {
  const record = `${schema}.${RECORD}`;
  await db.run(
    `create table if not exists ${record} (
         database varchar, snapshot varchar, sha256 varchar, is_complete boolean,
         reasons varchar, tables varchar, created_at timestamp, published_at timestamp
     )`,
  );
  await db.run(`comment on table ${record} is ${quoteText(RECORD_COMMENT)}`);
  for (const { name, manifest } of written) {
    await db.run(`delete from ${record} where database = $1`, [manifest.database]);
    await db.run(
      `insert into ${record} values ($1, $2, $3, $4, $5, $6, $7::timestamp, $8::timestamp)`,
      [
        manifest.database,
        name,
        manifest.sha256,
        manifest.complete,
        manifest.reasons.join("; "),
        JSON.stringify(Object.keys(manifest.tables)),
        manifest.created_at,
        now.toISOString(),
      ],
    );
  }
}
