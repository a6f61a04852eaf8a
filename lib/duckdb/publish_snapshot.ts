/**
 * Publishing a snapshot: built under another name, checked, closed, hashed; then its manifest is
 * written, and renaming the database is the moment of publication. A database that can be seen is
 * complete and has its manifest.
 * @module
 */
import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import type { Config } from "../pipeline/config.ts";
import { checksums } from "../storage/checksums.ts";
import { listNames, type SitePaths, timestamp, writeWhole } from "../storage/paths.ts";
import { hashOfRecipe, rowMakerOf } from "../storage/recipes.ts";
import {
  type Manifest,
  newestSnapshot,
  type Parent,
  readSnapshot,
  type Snapshot,
  SNAPSHOT_NAME,
} from "../storage/snapshots.ts";
import { Database, quoteName } from "./database.ts";

/** What a stage says of the snapshot that it wants to build. */
export interface SnapshotPlan {
  database: string;
  /** Folder under sql/, where it is not named like the database. */
  sql?: string;
  stage: string;
  parents: Parent[];
  complete: boolean;
  reasons: string[];
  /** What the result depends on beside parents and SQL. */
  settings?: unknown;
}

/**
 * Builds and publishes a snapshot, unless the newest one was made from the same parents by the same
 * recipe. `build` gets a database whose catalog in use is the new, empty one, and may give reasons why
 * what it built is not complete, beside those of the plan.
 */
export async function publishSnapshot(
  site: { paths: SitePaths; config: Config; now: () => Date; force: boolean },
  plan: SnapshotPlan,
  build: (db: Database) => Promise<string[] | void>,
): Promise<{ snapshot: Snapshot; upToDate: boolean }> {
  const { paths, config } = site;
  const maker = await rowMakerOf(plan.sql ?? plan.database);
  const recipe = hashOfRecipe(maker, plan.settings);
  const newest = await newestSnapshot(paths, plan.database);
  if (newest && !site.force && isUpToDate(newest.manifest, plan, recipe)) {
    return { snapshot: newest, upToDate: true };
  }
  await ensureDir(paths.snapshots);
  await removeLeftovers(paths, plan.database);
  const building = join(paths.snapshots, `.building_${plan.database}.db`);
  const found: string[] = [];
  const buildAndJudge = async (db: Database) => {
    found.push(...await build(db) ?? []);
  };
  const tables = await buildFile(building, paths, plan.database, buildAndJudge).catch(
    async (error) => {
      await removeLeftovers(paths, plan.database);
      throw error;
    },
  );
  const sums = await checksums(building);
  const time = timeAfter(newest, site.now());
  const file = join(paths.snapshots, `${plan.database}_${timestamp(time)}.db`);
  const manifest: Manifest = {
    database: plan.database,
    site: config.site.short_name,
    stage: plan.stage,
    created_at: time.toISOString(),
    ...sums,
    storage_version: "v1.2.0",
    tables,
    parents: plan.parents,
    complete: plan.complete && found.length === 0,
    reasons: [...plan.reasons, ...found],
    config,
    ...maker,
    recipe,
  };
  await writeWhole(file.replace(/\.db$/, ".json"), JSON.stringify(manifest, null, 2) + "\n");
  await Deno.chmod(file.replace(/\.db$/, ".json"), 0o444);
  await Deno.chmod(building, 0o444);
  await Deno.rename(building, file);
  return { snapshot: await readSnapshot(paths, file), upToDate: false };
}

function isUpToDate(manifest: Manifest, plan: SnapshotPlan, recipe: string): boolean {
  const hashes = (parents: Parent[]) => parents.map((parent) => parent.sha256).sort().join();
  return manifest.recipe === recipe && hashes(manifest.parents) === hashes(plan.parents);
}

async function buildFile(
  building: string,
  paths: SitePaths,
  database: string,
  build: (db: Database) => Promise<void>,
): Promise<Record<string, number>> {
  const db = await Database.open(paths.scratch);
  try {
    await db.attachNew(building, database);
    await db.run(`use ${quoteName(database)}`);
    await build(db);
    await db.run(`checkpoint ${quoteName(database)}`);
    await db.run("use memory");
    await db.run(`detach ${quoteName(database)}`);
  } finally {
    db.close();
  }
  // a file copied without its log silently loses rows
  const logs = await listNames(paths.snapshots, (it) => it.name === `.building_${database}.db.wal`);
  if (logs.length > 0) throw new Error(`"${building}" still has its log after its checkpoint`);
  const handle = await Deno.open(building, { read: true, write: true });
  await handle.syncData();
  handle.close();
  return await countRows(building, paths.scratch);
}

async function countRows(file: string, scratch: string): Promise<Record<string, number>> {
  const db = await Database.open(scratch);
  try {
    await db.attach(file, "built");
    const tables: Record<string, number> = {};
    const names = await db.rows<{ table_name: string }>(
      "select table_name from duckdb_tables() where database_name = 'built' order by table_name",
    );
    for (const { table_name } of names) {
      const { rows } = await db.one<{ rows: number }>(
        `select count(*) as rows from built.${quoteName(table_name)}`,
      );
      tables[table_name] = rows;
    }
    return tables;
  } finally {
    db.close();
  }
}

/** What a build left that failed or was killed: its unfinished file, and a manifest whose database never came. */
async function removeLeftovers(paths: SitePaths, database: string): Promise<void> {
  const names = await listNames(paths.snapshots, (entry) => entry.isFile);
  for (const name of names) {
    const isBuilding = name.startsWith(`.building_${database}.`);
    const isOrphan = name.startsWith(`${database}_`) &&
      SNAPSHOT_NAME.exec(name.replace(/\.json(\.part)?$/, ".db"))?.[1] === database &&
      !names.includes(name.replace(/\.json(\.part)?$/, ".db"));
    if (isBuilding || isOrphan) await Deno.remove(join(paths.snapshots, name));
  }
}

/** Now, or a second after the newest snapshot where the clock has not moved on. */
function timeAfter(newest: Snapshot | undefined, now: Date): Date {
  const last = newest === undefined ? 0 : Date.parse(newest.manifest.created_at);
  const second = (milliseconds: number) => Math.floor(milliseconds / 1000) * 1000;
  return new Date(Math.max(second(now.getTime()), second(last) + 1000));
}
