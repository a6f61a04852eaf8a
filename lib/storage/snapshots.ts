import { basename, join, relative, resolve } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { listNames, type SitePaths, timestamp, writeWhole } from "./paths.ts";
import { checksums } from "./checksums.ts";
import { z } from "zod";
import type { Config } from "../pipeline/config.ts";
import { readJsonFile } from "./validation.ts";
import { Database, quoteName } from "../duckdb/database.ts";
import { StageError } from "../cli/errors.ts";
import { hashOfRecipe, type RowMaker, rowMakerOf } from "./recipes.ts";

/**
 * Snapshots: read-only DuckDB files that appear whole or not at all. One is built under another
 * name, checked, closed, hashed; its manifest is written, and the rename of the database is the
 * moment of publication: a database that can be seen is whole and has its manifest.
 */

/** The manifest beside a snapshot. */
export interface Manifest extends RowMaker {
  database: string;
  site: string;
  stage: string;
  created_at: string;
  bytes: number;
  /** Hex. */
  sha256: string;
  /** Base64 of the four bytes, big end first, as Cloud Storage gives it. */
  crc32c: string;
  storage_version: string;
  /** Table name → number of rows. */
  tables: Record<string, number>;
  /** What it was made from, with paths under the artifacts directory. */
  parents: Parent[];
  complete: boolean;
  /** Why it is not complete, the parents' reasons included; empty when it is. */
  reasons: string[];
  config: Config;
  /** Hash of code version, SQL and settings; with the parents it says what is up to date. */
  recipe: string;
}

export interface Parent {
  file: string;
  sha256: string;
}

/** A snapshot that stands. */
export interface Snapshot {
  file: string;
  name: string;
  manifest: Manifest;
  parent: Parent;
}

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

const PARENT = z.looseObject({ file: z.string(), sha256: z.string() });
/** Manifests of earlier versions have no `version`; what else is unknown is kept. */
const MANIFEST = z.looseObject({
  database: z.string(),
  site: z.string(),
  stage: z.string(),
  created_at: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  crc32c: z.string(),
  storage_version: z.string(),
  tables: z.record(z.string(), z.number()),
  parents: z.array(PARENT),
  complete: z.boolean(),
  reasons: z.array(z.string()),
  config: z.looseObject({
    site: z.looseObject({ short_name: z.string(), title: z.string() }),
  }) as unknown as z.ZodType<Config>,
  version: z.number().default(0),
  sql: z.looseObject({ folder: z.string(), sha256: z.string() }),
  recipe: z.string(),
});

const NAME = /^([a-z0-9_]+)_(\d{8}T\d{6}Z)\.db$/;

/** All snapshots of a database, oldest first. */
export async function listSnapshots(paths: SitePaths, database: string): Promise<Snapshot[]> {
  const names = await listNames(
    paths.snapshots,
    (entry) => isFileOrLink(entry) && NAME.exec(entry.name)?.[1] === database,
  );
  return await Promise.all(names.map((name) => readSnapshot(paths, join(paths.snapshots, name))));
}

/** The names of the databases that a site has snapshots of, sorted. */
export async function listSnapshotDatabases(paths: SitePaths): Promise<string[]> {
  const names = await listNames(
    paths.snapshots,
    (entry) => isFileOrLink(entry) && NAME.test(entry.name),
  );
  return [...new Set(names.map((name) => NAME.exec(name)![1]!))].sort();
}

/** A link to a snapshot counts as one; where it leads nowhere, reading it says so. */
function isFileOrLink(entry: Deno.DirEntry): boolean {
  return entry.isFile || entry.isSymlink;
}

/** The newest snapshot of a database by name, or undefined. */
export async function newestSnapshot(
  paths: SitePaths,
  database: string,
): Promise<Snapshot | undefined> {
  const names = await listNames(
    paths.snapshots,
    (entry) => isFileOrLink(entry) && NAME.exec(entry.name)?.[1] === database,
  );
  const name = names.at(-1);
  return name === undefined ? undefined : await readSnapshot(paths, join(paths.snapshots, name));
}

/**
 * A snapshot by its file.
 * @throws {StageError} where file or manifest are missing or damaged.
 */
export async function readSnapshot(paths: SitePaths, file: string): Promise<Snapshot> {
  try {
    await Deno.stat(file);
    const manifest = await readManifest(file);
    if (manifest === undefined) {
      throw new StageError(`no snapshot "${file}" with its manifest beside it`);
    }
    const parent = {
      file: relative(resolve(paths.root), resolve(file)),
      sha256: manifest.sha256,
    };
    return { file, name: file.split("/").at(-1)!, manifest, parent };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new StageError(`no snapshot "${file}" with its manifest beside it`);
  }
}

/** The manifest of a snapshot, checked, or undefined where there is none. */
export function readManifest(file: string): Promise<Manifest | undefined> {
  return readJsonFile(
    file.replace(/\.db$/, ".json"),
    MANIFEST,
    "manifest",
    "restore it from the backup, or remove it with its database and run the stage again",
  );
}

/** The parents without those of the past: earlier snapshots of a database, read for what changed. */
export function presentParents({ parents }: Manifest): Parent[] {
  const database = (file: string) => NAME.exec(basename(file))?.[1];
  return parents.filter(({ file }) =>
    database(file) === undefined ||
    !parents.some((other) => database(other.file) === database(file) && other.file > file)
  );
}

/**
 * Builds and publishes a snapshot, unless the newest one was made from the same parents by the same
 * recipe. `build` gets a database whose catalog in use is the new, empty one.
 */
export async function publishSnapshot(
  site: { paths: SitePaths; config: Config; now: () => Date; force: boolean },
  plan: SnapshotPlan,
  build: (db: Database) => Promise<void>,
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
  const tables = await buildFile(building, paths, plan.database, build).catch(async (error) => {
    await removeLeftovers(paths, plan.database);
    throw error;
  });
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
    complete: plan.complete,
    reasons: plan.reasons,
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
      NAME.exec(name.replace(/\.json(\.part)?$/, ".db"))?.[1] === database &&
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
