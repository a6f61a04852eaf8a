/**
 * Gets artifacts back from the bucket: which objects are needed, and in which order they are written.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { checksums, checksumsOf } from "../storage/checksums.ts";
import { isSame } from "./objects.ts";
import type { CloudStorage } from "./bucket.ts";
import { PermanentFailure } from "../http/failures.ts";
import { comesLast, newestVersion, type StoredArtifact } from "./objects.ts";

/** What of the bucket is wanted; what is not said does not limit. */
export interface Selection {
  site?: string;
  database?: string;
  /** The state at that datetime: of each database, download and shard the newest that is not younger. */
  time?: string;
}

/** Tries to get a file whose bytes do not have the checksum that the bucket lists. */
const TRIES = 3;

/** The artifacts that are wanted. */
export function selectArtifacts(
  stored: Iterable<StoredArtifact>,
  { site, database, time }: Selection,
): StoredArtifact[] {
  const wanted = [...stored].filter((it) =>
    (site === undefined || it.site === site) &&
    (database === undefined || it.database === database) &&
    (time === undefined || (it.time !== undefined && it.time <= time))
  );
  const newest = new Map<string, string>();
  const series = ({ site, kind, database, run }: StoredArtifact) =>
    [site, kind, database ?? run?.kind, run?.shard].join("/");
  for (const it of wanted) {
    if (it.time && it.time > (newest.get(series(it)) ?? "")) newest.set(series(it), it.time);
  }
  return wanted.filter((it) => time === undefined || newest.get(series(it)) === it.time);
}

/**
 * The same with the runs that a chosen one continues from, and those that these continue from: a harvest
 * of what changed cannot be read without the one whose name its seal has as `details.parent`.
 */
export async function withParents(
  storage: CloudStorage,
  stored: Iterable<StoredArtifact>,
  chosen: StoredArtifact[],
): Promise<StoredArtifact[]> {
  const runs = Map.groupBy(stored, ({ run }) => run?.folder);
  const all = new Set(chosen);
  const isSeal = ({ run }: StoredArtifact) => run?.file === "manifest.json";
  const seals = chosen.filter(isSeal);
  for (let seal = seals.pop(); seal !== undefined; seal = seals.pop()) {
    const parent = await parentOf(storage, seal);
    if (parent === undefined) continue;
    for (const artifact of runs.get(`${dirname(seal.run!.folder)}/${parent}`) ?? []) {
      if (all.has(artifact)) continue;
      all.add(artifact);
      if (isSeal(artifact)) seals.push(artifact);
    }
  }
  return [...all];
}

async function parentOf(storage: CloudStorage, seal: StoredArtifact): Promise<unknown> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of storage.read(newestVersion(seal))) pieces.push(new Uint8Array(piece));
  try {
    return JSON.parse(await new Blob(pieces).text()).details?.parent;
  } catch (error) {
    // what is damaged is reported when it is restored
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Two waves: what the second makes visible is in the first. */
export function inWaves(chosen: StoredArtifact[]): [StoredArtifact[], StoredArtifact[]] {
  return [chosen.filter((it) => !comesLast(it)), chosen.filter(comesLast)];
}

/** The state of one file on this machine. */
export type Standing = "absent" | "same" | "differs" | "own";

/** Compares what is there here, byte by byte, with what the bucket lists. */
export async function standingOf(root: string, artifact: StoredArtifact): Promise<Standing> {
  const file = join(root, artifact.path);
  try {
    const { size } = await Deno.lstat(file);
    const stored = newestVersion(artifact);
    if (size === stored.bytes && isSame(stored, await checksums(file))) return "same";
    // every machine writes its own list of runs as soon as anything runs there
    return artifact.kind === "runs" ? "own" : "differs";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "absent";
    throw error;
  }
}

/**
 * Gets one file: written aside, size and checksum compared while it is written, then renamed.
 * @throws {PermanentFailure} where the bucket does not give what it lists.
 */
export async function restoreFile(
  storage: CloudStorage,
  root: string,
  artifact: StoredArtifact,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const file = join(root, artifact.path);
  const temporary = `${file}.part`;
  const stored = newestVersion(artifact);
  await ensureDir(dirname(file));
  let got = "";
  for (let left = TRIES; left > 0; left--) {
    const sums = await checksumsOf(written(temporary, storage.read(stored)));
    if (isSame(stored, sums)) {
      const isFinal = artifact.kind === "snapshot" || artifact.kind === "snapshot_manifest";
      if (isFinal) await Deno.chmod(temporary, 0o444);
      await Deno.rename(temporary, file);
      return onBytes(stored.bytes);
    }
    await Deno.remove(temporary);
    got = sums.crc32c;
  }
  throw new PermanentFailure(
    `what ${storage.url(stored.name)} gives has crc32c ${got}, listed is ${stored.crc32c}`,
  );
}

/** The pieces as they are written. */
async function* written(file: string, pieces: AsyncIterable<Uint8Array>) {
  const handle = await Deno.open(file, { write: true, create: true, truncate: true });
  try {
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length;) at += await handle.write(piece.subarray(at));
      yield piece;
    }
    await handle.syncData();
  } finally {
    handle.close();
  }
}
