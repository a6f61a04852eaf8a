import { assertEquals } from "@std/assert";
import { sitePaths } from "../../lib/storage/paths.ts";
import { parseConfig } from "../../lib/pipeline/config.ts";
import { Database, quoteName } from "../../lib/duckdb/database.ts";
import { attachLake, lakeOf } from "../../lib/lake/catalog.ts";
import { type Extension, loadExtensions } from "../../lib/lake/extensions.ts";
import { publishSnapshot } from "../../lib/duckdb/publish_snapshot.ts";
import { type Snapshot } from "../../lib/storage/snapshots.ts";
import { CONFIG_TEXT } from "./small_snapshots.ts";

/** Sites whose snapshots go into a lake, and a look at what the lake has of them. */

/** Whether the extensions are in `DUCKDB_EXTENSION_DIRECTORY`; the network is never asked. */
export async function hasExtensions(...names: Extension[]): Promise<boolean> {
  const folder = Deno.env.get("DUCKDB_EXTENSION_DIRECTORY");
  if (!folder) return false;
  const db = await Database.open();
  try {
    await loadExtensions(db, names, () => folder);
    return true;
  } catch {
    return false;
  } finally {
    db.close();
  }
}

/** Publishes a snapshot of a site, with types, comments and names that need care. */
export async function publishOf(
  root: string,
  site: string,
  database: string,
  { at = "2026-11-24T03:00:00Z", rows = 3000, more = "", parents = [] as Snapshot[] } = {},
): Promise<Snapshot> {
  const { snapshot } = await publishSnapshot({
    paths: sitePaths(root, site),
    config: parseConfig(CONFIG_TEXT.replace('"small"', `"${site}"`), "small.toml"),
    now: () => new Date(at),
    force: true,
  }, {
    database,
    sql: "final",
    stage: "test",
    parents: parents.map(({ parent }) => parent),
    complete: true,
    reasons: [],
  }, async (db) => {
    await db.run(
      `create table ${database}_things as
       select
           '${site}-' || number as id,
           case when number % 3 > 0 then 'Bäume <b>''' || number end as title,
           number::bigint as size,
           number / 7 as share,
           number % 2 = 0 as is_even,
           timestamp '2026-01-01' + to_seconds(number) as changed_at,
           json_object('n', number) as raw_json,
           number as "odd ""name"
       from range(${rows}) as numbers (number);
       comment on table ${database}_things is 'Things of it''s own; one row per thing.';
       comment on column ${database}_things.title is 'What ''people'' see';
       create table ${database}_empty (id varchar, n integer);
       ${more}`,
    );
  });
  return snapshot;
}

/** A DuckDB that has the lake open as `lake`; `catalog` as in `LAKE_CATALOG`. */
export async function openLake(catalog: string): Promise<Database> {
  const db = await Database.open();
  const env = (name: string) => Deno.env.get(name);
  const lake = lakeOf((name) => name === "LAKE_CATALOG" ? catalog : undefined);
  await attachLake(db, lake, env);
  return db;
}

/** Compares every table of a snapshot, rows, columns and comments, with the lake's. */
export async function assertInLake(db: Database, site: string, snapshot: Snapshot): Promise<void> {
  await db.attach(snapshot.file, "snapshot");
  const describe = (database: string, schema: string) =>
    db.rows(
      `select table_name, column_name, data_type, comment from duckdb_columns()
       where database_name = $1 and schema_name = $2 and list_contains($3::varchar[], table_name)
       union all
       select table_name, null, null, comment from duckdb_tables()
       where database_name = $1 and schema_name = $2 and list_contains($3::varchar[], table_name)
       order by all`,
      [database, schema, `[${Object.keys(snapshot.manifest.tables).join(", ")}]`],
    );
  assertEquals(await describe("lake", site), await describe("snapshot", "main"));
  for (const table of Object.keys(snapshot.manifest.tables).map(quoteName)) {
    const { differing } = await db.one(
      `select count(*) as differing from (
           (from lake.${quoteName(site)}.${table} except all from snapshot.${table})
           union all
           (from snapshot.${table} except all from lake.${quoteName(site)}.${table})
       )`,
    );
    assertEquals(differing, 0, `${site}: ${table}`);
  }
  await db.run("detach snapshot");
}
