/**
 * The files under the artifacts directory as a backup sees them, with their checksums. A file that no
 * manifest knows is read once; its checksum is remembered with its size and time.
 *
 * @module
 */
import { StageError } from "../cli/errors.ts";
import { checksums } from "../storage/checksums.ts";
import { type Artifact, artifactOf, listSites, sitePaths, writeWhole } from "../storage/paths.ts";
import { readJournal, readSeal } from "../storage/sealed_run.ts";
import { readJsonFile } from "../storage/validation.ts";
import { looksLikeVersion } from "./objects.ts";
import { inParallel } from "./parallel.ts";
import { ensureDir } from "@std/fs/ensure-dir";
import { walk } from "@std/fs/walk";
import { dirname, join, relative } from "node:path";
import { z } from "zod";

/** A file to back up. */
export interface LocalArtifact extends Artifact {
  /** Under the artifacts directory, with `/`. */
  path: string;
  bytes: number;
  /** Milliseconds since 1970. */
  mtime: number;
  /** It may get other content under the same name. */
  mayChange: boolean;
}

/** What is under an artifacts directory. */
export interface LocalArtifacts {
  artifacts: LocalArtifact[];
  /** Sentences about what is left out; locks, scratch space and half files go without saying. */
  leftOut: string[];
}

/**
 * Everything of every site that can be backed up, sorted by path. Left out are download runs that
 * still grow (no seal yet), in a run sealed as incomplete what is not in its journal, and databases
 * or manifests that are alone: each may yet get other content under its name.
 */
export async function listArtifacts(root: string): Promise<LocalArtifacts> {
  const found = await listFiles(root);
  const leftOut: string[] = [];
  const paths = new Set(found.map(({ path }) => path));
  const runs = new Map<string, RunState>();
  const artifacts: LocalArtifact[] = [];
  for (const artifact of found) {
    const reason = looksLikeVersion(artifact.path)
      ? `"${artifact.path}": its name ends like a version in the bucket`
      : await reasonToLeaveOut(root, artifact, paths, runs);
    if (reason === undefined) artifacts.push(artifact);
    else if (!leftOut.includes(reason)) leftOut.push(reason);
  }
  artifacts.sort((one, other) => one.path < other.path ? -1 : 1);
  return { artifacts, leftOut };
}

/** Every artifact of every site (or of some), those that a backup leaves out among them. */
export async function listFiles(root: string, sites?: string[]): Promise<LocalArtifact[]> {
  const found: LocalArtifact[] = [];
  for (const site of sites ?? await listSites(root)) {
    for (const folder of [join(root, site), join(root, "read_only", site)]) {
      found.push(...await listFolder(root, folder));
    }
  }
  return found;
}

async function listFolder(root: string, folder: string): Promise<LocalArtifact[]> {
  const files: { path: string; artifact: Artifact }[] = [];
  try {
    for await (const entry of walk(folder, { includeDirs: false, includeSymlinks: false })) {
      const path = relative(root, entry.path).replaceAll("\\", "/");
      const artifact = artifactOf(path);
      if (artifact !== undefined) files.push({ path, artifact });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const found: LocalArtifact[] = [];
  await inParallel(files, 16, async ({ path, artifact }) => {
    const { size, mtime } = await Deno.stat(join(root, path));
    found.push({
      ...artifact,
      path,
      bytes: size,
      mtime: mtime?.getTime() ?? 0,
      mayChange: ["delivery", "runs", "other"].includes(artifact.kind),
    });
  });
  return found;
}

/** How far a download run has come. */
interface RunState {
  isSealed: boolean;
  /** The files that its seal covers; undefined where these are all. */
  finished?: Set<string>;
}

async function reasonToLeaveOut(
  root: string,
  artifact: LocalArtifact,
  paths: Set<string>,
  runs: Map<string, RunState>,
): Promise<string | undefined> {
  const { path, kind, run } = artifact;
  if (kind === "snapshot" && !paths.has(path.replace(/db$/, "json"))) {
    return `"${path}": it has no manifest beside it`;
  }
  if (kind === "snapshot_manifest" && !paths.has(path.replace(/json$/, "db"))) {
    return `"${path}": its database is not there`;
  }
  if (run === undefined) return undefined;
  let state = runs.get(run.folder);
  if (state === undefined) runs.set(run.folder, state = await readRun(join(root, run.folder)));
  if (!state.isSealed) return `"${run.folder}": the download has not come to its end`;
  // a run that was sealed as incomplete continues: its journal and its seal get longer
  artifact.mayChange = run.file === "journal.ndjson" || run.file === "manifest.json";
  if (artifact.mayChange || run.file === "run.json") return undefined;
  if (state.finished === undefined || state.finished.has(run.file)) return undefined;
  return `"${path}": the download has not finished it`;
}

async function readRun(folder: string): Promise<RunState> {
  try {
    const seal = await readSeal(folder);
    if (seal === undefined) return { isSealed: false };
    if (seal.complete) return { isSealed: true };
    const { entries } = await readJournal(folder, seal.entries);
    return { isSealed: true, finished: new Set(entries.flatMap(({ file }) => file ?? [])) };
  } catch (error) {
    // a damaged seal or journal is kept as it is, with everything beside it
    if (error instanceof StageError) return { isSealed: true };
    throw error;
  }
}

/**
 * The checksums of artifacts by path: a snapshot's from its manifest, those of all others read
 * once and remembered.
 */
export async function checksumsOfArtifacts(
  root: string,
  artifacts: LocalArtifact[],
): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  for (const site of new Set(artifacts.map((artifact) => artifact.site))) {
    const index = await ChecksumIndex.open(root, site);
    const own = artifacts.filter((artifact) => artifact.site === site);
    await inParallel(own, 4, async ({ path, kind, bytes, mtime }) => {
      const known = kind === "snapshot" ? await crc32cOfManifest(join(root, path)) : undefined;
      sums.set(path, known ?? await index.crc32cOf(path, bytes, mtime));
    });
    await index.save(new Set(own.map(({ path }) => path)));
  }
  return sums;
}

/** All that a backup needs of a manifest: even a damaged one is kept. */
const CHECKSUM = z.looseObject({ crc32c: z.string() });

async function crc32cOfManifest(file: string): Promise<string | undefined> {
  try {
    return (await readJsonFile(file.replace(/db$/, "json"), CHECKSUM, "manifest", ""))?.crc32c;
  } catch (error) {
    if (error instanceof StageError) return undefined;
    throw error;
  }
}

/** What is remembered of a file: its checksum, and the size and time that it had then. */
interface Remembered {
  bytes: number;
  /** Milliseconds since 1970. */
  mtime: number;
  crc32c: string;
}

const INDEX = z.record(
  z.string(),
  z.object({ bytes: z.number(), mtime: z.number(), crc32c: z.string() }),
);

/** The checksums of one site's files that no manifest knows; kept in its folder. */
export class ChecksumIndex {
  #isChanged = false;

  private constructor(
    readonly root: string,
    readonly file: string,
    readonly remembered: Map<string, Remembered>,
  ) {}

  /** A damaged index is an empty one: the files are read again. */
  static async open(root: string, site: string): Promise<ChecksumIndex> {
    const file = sitePaths(root, site).checksums;
    const content = await readJsonFile(file, INDEX, "index", "").catch((error) => {
      if (error instanceof StageError) return undefined;
      throw error;
    });
    return new ChecksumIndex(root, file, new Map(Object.entries(content ?? {})));
  }

  /** The checksum of a file that has not changed since it was read, or undefined. */
  get(path: string, bytes: number, mtime: number): string | undefined {
    const known = this.remembered.get(path);
    return known?.bytes === bytes && known.mtime === mtime ? known.crc32c : undefined;
  }

  /** The checksum of a file, which is read where it is not known. */
  async crc32cOf(path: string, bytes: number, mtime: number): Promise<string> {
    const known = this.get(path, bytes, mtime);
    if (known !== undefined) return known;
    const { crc32c } = await checksums(join(this.root, path));
    this.remembered.set(path, { bytes, mtime, crc32c });
    this.#isChanged = true;
    return crc32c;
  }

  /** Writes what is new, and forgets the files that are gone. */
  async save(paths: Set<string>): Promise<void> {
    for (const path of this.remembered.keys()) {
      if (paths.has(path)) continue;
      this.remembered.delete(path);
      this.#isChanged = true;
    }
    if (!this.#isChanged) return;
    // of some sites only snapshots are here
    await ensureDir(dirname(this.file));
    await writeWhole(this.file, JSON.stringify(Object.fromEntries(this.remembered)));
    this.#isChanged = false;
  }
}
