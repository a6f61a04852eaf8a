/**
 * An append-only download run: a folder with what was requested (`run.json`), one compressed file an
 * answer, a journal with one line an answer (`journal.ndjson`), and, when the run has come to its
 * end, a seal (`manifest.json`). Whatever is in the journal is finished and is never fetched
 * again; a kill loses at most what was in flight.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { ensureDir } from "@std/fs/ensure-dir";
import { runName, type SitePaths, writeWhole } from "./paths.ts";
import { z } from "zod";
import { readJsonFile } from "./validation.ts";
import { Compressor } from "./compressor.ts";
import {
  type Entry,
  readAnswer,
  readJournal,
  readSeal,
  runNames,
  type Seal,
} from "./sealed_run.ts";

/** Level 3 writes JSON at 260 MB/s on one core and takes 15 % more room than level 6 at 180 MB/s. */
const LEVEL = 3;

/** A run that is being written. One process writes a run; the stage's lock sees to that. */
export class DownloadRun {
  #entries = new Map<string, Entry>();
  #compressor = new Compressor(LEVEL);
  #journal: Deno.FsFile;
  #nextFile: number;

  private constructor(
    readonly folder: string,
    readonly identity: Record<string, unknown>,
    journal: Deno.FsFile,
    entries: Entry[],
    /** ISO 8601. */
    readonly startedAt: string,
    /** What the stage wanted to remember when the run began. */
    readonly details: Record<string, unknown>,
    /** Of a run that was sealed as incomplete, or complete, and is continued. */
    readonly previousSeal?: Seal,
  ) {
    this.#journal = journal;
    for (const entry of entries) this.#entries.set(entry.key, entry);
    this.#nextFile = 1 + Math.max(0, ...entries.map((entry) => parseInt(entry.file ?? "0")));
  }

  /** Begins a new run; its folder is named for the time, and for `identity.shard` where there is one. */
  static async begin(
    paths: SitePaths,
    kind: string,
    identity: Record<string, unknown>,
    now: Date,
    details: Record<string, unknown> = {},
  ): Promise<DownloadRun> {
    const folder = await newFolder(paths.downloads(kind), now, identity.shard);
    const startedAt = now.toISOString();
    await writeWhole(
      join(folder, "run.json"),
      JSON.stringify({ identity, started_at: startedAt, details }, null, 2) + "\n",
    );
    return new DownloadRun(folder, identity, await openJournal(folder), [], startedAt, details);
  }

  /**
   * Continues the newest run where it requested the same and is not complete;
   * undefined where there is no such run.
   * @param more.among looks at the newest of these runs only
   * @param more.evenComplete continues with a complete run too, to ask again
   */
  static async resume(
    paths: SitePaths,
    kind: string,
    identity: Record<string, unknown>,
    more: { among?: (identity: Record<string, unknown>) => boolean; evenComplete?: boolean } = {},
  ): Promise<DownloadRun | undefined> {
    const newest = await newestRun(paths, kind, more.among ?? (() => true));
    if (newest === undefined || !isSameIdentity(newest.started.identity, identity)) {
      return undefined;
    }
    const { folder, started } = newest;
    const seal = await readSeal(folder);
    if (seal?.complete && !more.evenComplete) return undefined;
    const { entries, length } = await readJournal(folder);
    const journal = await openJournal(folder);
    // a line that a kill cut in the middle is taken back before new ones follow it
    await journal.truncate(length);
    const { started_at, details } = started;
    return new DownloadRun(folder, started.identity, journal, entries, started_at, details, seal);
  }

  get name(): string {
    return basename(this.folder);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  entries(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  /**
   * Keeps one finished answer: the file first, then its journal line. An answer without a body
   * (null) is a journal line alone. A key that comes again replaces what it said before.
   */
  async append(
    key: string,
    body: Uint8Array | null,
    details: Record<string, unknown>,
    now: Date,
  ): Promise<Entry> {
    const entry: Entry = { key, ...details, bytes: body?.length ?? 0, at: now.toISOString() };
    if (body !== null) {
      const file = `${String(this.#nextFile++).padStart(6, "0")}.gz`;
      const packed = await this.#compressor.compress(body);
      await writeWhole(join(this.folder, file), packed);
      entry.file = file;
      entry.sha256 = createHash("sha256").update(packed).digest("hex");
    }
    this.#write(new TextEncoder().encode(JSON.stringify(entry) + "\n"));
    this.#entries.set(key, entry);
    return entry;
  }

  #write(line: Uint8Array): void {
    let at = 0;
    try {
      while (at < line.length) at += this.#journal.writeSync(line.subarray(at));
    } catch (error) {
      // what a full disk took of the line would spoil the next one
      this.#journal.truncateSync(this.#journal.statSync().size - at);
      throw error;
    }
  }

  /** Reads a kept answer back. */
  read(entry: Entry): Promise<Uint8Array> {
    return readAnswer(this.folder, entry);
  }

  /** Seals the run; a run sealed as incomplete may be resumed and sealed again. */
  async seal(
    end: {
      complete: boolean;
      reasons: string[];
      counts: Record<string, number>;
      details?: Record<string, unknown>;
    },
    now: Date,
  ): Promise<void> {
    this.#journal.syncDataSync();
    const seal: Seal = {
      complete: end.complete,
      reasons: end.reasons,
      entries: (await readJournal(this.folder)).lines,
      started_at: this.startedAt,
      sealed_at: now.toISOString(),
      counts: end.counts,
      identity: this.identity,
      details: end.details ?? {},
    };
    await writeWhole(join(this.folder, "manifest.json"), JSON.stringify(seal, null, 2) + "\n");
  }

  /** Takes a run away that turned out to have nothing to keep. */
  async discard(): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }

  close(): void {
    this.#journal.close();
    this.#compressor.close();
  }
}

type RunStart = z.infer<typeof RUN_START>;

/** Runs of earlier versions have no `details`. */
const RUN_START = z.looseObject({
  identity: z.record(z.string(), z.unknown()),
  started_at: z.string(),
  details: z.record(z.string(), z.unknown()).default({}),
});
const REMEDY = "remove the folder and download again";

/** Whether two runs ask for the same: equal as JSON, in whatever order the keys are. */
export function isSameIdentity(
  one: Record<string, unknown>,
  other: Record<string, unknown>,
): boolean {
  return isDeepStrictEqual(plain(one), plain(other));
}

/** The newest run that passes; one that a kill left without its `run.json` is none. */
async function newestRun(
  paths: SitePaths,
  kind: string,
  passes: (identity: Record<string, unknown>) => boolean,
): Promise<{ folder: string; started: RunStart } | undefined> {
  for (const name of (await runNames(paths.downloads(kind))).reverse()) {
    const folder = join(paths.downloads(kind), name);
    const started = await readJsonFile(join(folder, "run.json"), RUN_START, "run", REMEDY);
    if (started !== undefined && passes(started.identity)) return { folder, started };
  }
  return undefined;
}

async function newFolder(parent: string, now: Date, shard: unknown): Promise<string> {
  await ensureDir(parent);
  for (let time = now.getTime();; time += 1000) {
    const folder = join(
      parent,
      runName(new Date(time), typeof shard === "string" ? shard : undefined),
    );
    try {
      await Deno.mkdir(folder);
      return folder;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

function openJournal(folder: string): Promise<Deno.FsFile> {
  return Deno.open(join(folder, "journal.ndjson"), { append: true, create: true });
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
