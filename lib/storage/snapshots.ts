/**
 * Snapshots: read-only DuckDB files that appear complete or not at all. This file finds them and
 * reads their manifests, without DuckDB; `lib/duckdb/publish_snapshot.ts` makes them.
 * @module
 */
import { basename, join, relative, resolve } from "node:path";
import { z } from "zod";
import { StageError } from "../cli/errors.ts";
import type { Config } from "../pipeline/config.ts";
import { listNames, type SitePaths } from "./paths.ts";
import type { RowMaker } from "./recipes.ts";
import { readJsonFile } from "./validation.ts";

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

/** A published snapshot. */
export interface Snapshot {
  file: string;
  name: string;
  manifest: Manifest;
  parent: Parent;
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

/** The file name of a snapshot: database and datetime. */
export const SNAPSHOT_NAME = /^([a-z0-9_]+)_(\d{8}T\d{6}Z)\.db$/;

/** All snapshots of a database, oldest first. */
export async function listSnapshots(paths: SitePaths, database: string): Promise<Snapshot[]> {
  const names = await listNames(
    paths.snapshots,
    (entry) => isFileOrLink(entry) && SNAPSHOT_NAME.exec(entry.name)?.[1] === database,
  );
  return await Promise.all(names.map((name) => readSnapshot(paths, join(paths.snapshots, name))));
}

/** The names of the databases that a site has snapshots of, sorted. */
export async function listSnapshotDatabases(paths: SitePaths): Promise<string[]> {
  const names = await listNames(
    paths.snapshots,
    (entry) => isFileOrLink(entry) && SNAPSHOT_NAME.test(entry.name),
  );
  return [...new Set(names.map((name) => SNAPSHOT_NAME.exec(name)![1]!))].sort();
}

/** A link to a snapshot counts as one; where it is broken, reading it says so. */
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
    (entry) => isFileOrLink(entry) && SNAPSHOT_NAME.exec(entry.name)?.[1] === database,
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
  const database = (file: string) => SNAPSHOT_NAME.exec(basename(file))?.[1];
  return parents.filter(({ file }) =>
    database(file) === undefined ||
    !parents.some((other) => database(other.file) === database(file) && other.file > file)
  );
}
