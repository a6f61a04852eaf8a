/**
 * Reading download runs; `downloads.ts` says how they are written.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename, join, relative } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { z } from "zod";
import { StageError } from "../cli/errors.ts";
import { listNames, type SitePaths } from "./paths.ts";
import { readJsonFile } from "./validation.ts";

const decompress = promisify(gunzip);

/** One journal line. `file` is absent for answers that left nothing to keep. */
export interface Entry {
  /** What was asked, in the words of the stage; one entry a key. */
  key: string;
  /** Name of the compressed file in the run's folder. */
  file?: string;
  /** Bytes of the answer as it came, uncompressed. */
  bytes: number;
  /** Of the compressed file, in hex. */
  sha256?: string;
  at: string;
  /** What the stage wants to remember of the answer. */
  [detail: string]: unknown;
}

/** The seal of a run: it has come to its end. */
export interface Seal {
  complete: boolean;
  /** Why it is not complete; empty when it is. */
  reasons: string[];
  /** Journal lines that belong to the seal: a run that continues later has more. */
  entries: number;
  started_at: string;
  sealed_at: string;
  counts: Record<string, number>;
  /** What the run requested, as `run.json` has it. */
  identity: Record<string, unknown>;
  /** What the stage wants to remember of the whole run. */
  details: Record<string, unknown>;
}

const SEAL: z.ZodType<Seal> = z.looseObject({
  complete: z.boolean(),
  reasons: z.array(z.string()),
  entries: z.number(),
  started_at: z.string(),
  sealed_at: z.string(),
  counts: z.record(z.string(), z.number()),
  identity: z.record(z.string(), z.unknown()),
  details: z.record(z.string(), z.unknown()),
});

/** A sealed run, for reading. */
export interface SealedRun {
  name: string;
  folder: string;
  seal: Seal;
  /** The seal as a parent of a snapshot: path under the artifacts directory, hash of the seal. */
  parent: { file: string; sha256: string };
}

/** The newest sealed run of a kind that passes, or undefined. */
export async function newestSealedRun(
  paths: SitePaths,
  kind: string,
  passes: (identity: Record<string, unknown>) => boolean = () => true,
): Promise<SealedRun | undefined> {
  for (const name of (await runNames(paths.downloads(kind))).reverse()) {
    const run = await readSealedRun(paths, join(paths.downloads(kind), name));
    if (run !== undefined && passes(run.seal.identity)) return run;
  }
  return undefined;
}

/** One run by its folder, or undefined where it is not sealed. */
export async function readSealedRun(
  paths: SitePaths,
  folder: string,
): Promise<SealedRun | undefined> {
  const file = join(folder, "manifest.json");
  const seal = await readSeal(folder);
  if (seal === undefined) return undefined;
  const sha256 = createHash("sha256").update(await Deno.readFile(file)).digest("hex");
  return {
    name: basename(folder),
    folder,
    seal,
    parent: { file: relative(paths.root, file), sha256 },
  };
}

/** The entries that belong to a seal, in the order they came; of a key that came twice the last. */
export async function sealedEntries(run: SealedRun): Promise<Entry[]> {
  const { entries } = await readJournal(run.folder, run.seal.entries);
  const byKey = new Map<string, Entry>();
  for (const entry of entries) {
    byKey.delete(entry.key);
    byKey.set(entry.key, entry);
  }
  return [...byKey.values()];
}

/**
 * An answer as it came.
 * @throws {Error} where the file does not hold what the journal says.
 */
export async function readAnswer(folder: string, entry: Entry): Promise<Uint8Array> {
  if (entry.file === undefined) return new Uint8Array();
  const packed = await Deno.readFile(join(folder, entry.file));
  if (createHash("sha256").update(packed).digest("hex") !== entry.sha256) {
    throw new Error(`"${join(folder, entry.file)}" is not what was downloaded: its hash differs`);
  }
  return await decompress(packed);
}

/** The names of the runs in a folder, oldest first. */
export async function runNames(folder: string): Promise<string[]> {
  return await listNames(folder, (entry) => entry.isDirectory && /^\d{8}T\d{6}Z/.test(entry.name));
}

function entryOf(line: string, folder: string, number: number): Entry {
  let entry: Entry | null = null;
  try {
    entry = JSON.parse(line);
  } catch {
    // said below
  }
  if (typeof entry === "object" && typeof entry?.key === "string") return entry;
  throw new StageError(
    `line ${number} of "${
      join(folder, "journal.ndjson")
    }" is damaged: restore it from the backup, or remove the folder and download again`,
  );
}

/** The whole lines of a journal; `length` is their bytes, `lines` their number. */
export async function readJournal(
  folder: string,
  most = Infinity,
  name = "journal.ndjson",
): Promise<{ entries: Entry[]; length: number; lines: number }> {
  let bytes = new Uint8Array();
  try {
    bytes = await Deno.readFile(join(folder, name));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const length = bytes.lastIndexOf(10) + 1;
  const text = new TextDecoder().decode(bytes.subarray(0, length));
  const lines = text.split("\n").filter((line) => line !== "").slice(0, most);
  const entries = lines.map((line, index) => entryOf(line, folder, index + 1));
  return { entries, length, lines: lines.length };
}

/**
 * The seal of a run, or undefined where it has none.
 * @throws {StageError} where it is damaged.
 */
export function readSeal(folder: string): Promise<Seal | undefined> {
  return readJsonFile(
    join(folder, "manifest.json"),
    SEAL,
    "seal",
    "restore it from the backup, or remove the folder and download again",
  );
}
