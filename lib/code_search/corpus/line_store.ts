/**
 * A line store: every line of a corpus that names a target, as partitioned Parquet.
 *
 * ```
 * corpora/{corpus}/{revision}/
 *   lines/host_hash=NN/{part}-{targets}.parquet   sorted by host; plain Parquet for any engine
 *   targets/{targets}.txt                         what these lines were kept for
 *   journal.ndjson                                one line per part and set of targets that is done
 *   manifest.json                                 what the store holds, and what it lacks
 * ```
 *
 * A file counts when a journal line names it. Shards write journals of their own and share the rest:
 * stores of shards that are copied into one folder are the store of one process.
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { ensureDir } from "@std/fs/ensure-dir";
import { StageError } from "../../cli/errors.ts";
import { type CorpusPaths, listNames, writeWhole } from "../../storage/paths.ts";
import { readJournal } from "../../storage/sealed_run.ts";
import { readJsonFile } from "../../storage/validation.ts";
import { nameOfShard, type Shard } from "../../storage/shards.ts";
import type { CorpusConfig } from "./corpus_config.ts";
import type { PartCounts, StoredFile } from "./scan_part.ts";
import { uncovered } from "./targets.ts";

/** One journal line: how the scan of a part for a set of targets ended. */
export interface PartEntry {
  /** Part and set of targets. */
  key: string;
  part: string;
  /** Name of the set of targets. */
  targets: string;
  status: "complete" | "failed";
  reason?: string;
  /** Of the part as it was fetched; what identifies its content. */
  bytes: number;
  sha256?: string;
  counts?: PartCounts;
  files?: StoredFile[];
  at: string;
}

const counts = z.object({
  repositories: z.number(),
  files: z.number(),
  empty: z.number(),
  vendored: z.number(),
  too_large: z.number(),
  other_languages: z.number(),
  text_bytes: z.number(),
  lines: z.number(),
});

const MANIFEST = z.object({
  corpus: z.string(),
  title: z.string(),
  layout: z.string(),
  revision: z.string(),
  location: z.string(),
  languages: z.array(z.string()),
  /** ISO date of the code. */
  as_of: z.string().nullable(),
  /** What the corpus leaves out, in words. */
  leaves_out: z.array(z.string()),
  complete: z.boolean(),
  reasons: z.array(z.string()),
  /** Sets of targets that were scanned for, with the number of parts that are done for each. */
  targets: z.array(z.object({ name: z.string(), targets: z.number(), parts: z.number() })),
  /** Parts of the corpus, and those that were read for every target. */
  parts: z.object({
    total: z.number(),
    complete: z.number(),
    failed: z.array(z.object({ part: z.string(), reason: z.string() })),
  }),
  counts,
  /** Bytes of the store's Parquet files. */
  bytes: z.number(),
  sealed_at: z.string(),
});

/** What a store holds, for whoever reads it. */
export type StoreManifest = z.infer<typeof MANIFEST>;

/** The name of a set of targets: sets with the same name are the same. */
export function nameOfTargets(targets: string[]): string {
  return createHash("sha256").update(targets.join("\n")).digest("hex").slice(0, 12);
}

/** A line store that is being written, by one process or by several shards. */
export class LineStore {
  /** Complete entries by part and name of targets. */
  #done = new Map<string, Map<string, PartEntry>>();
  #failed = new Map<string, PartEntry>();
  #targets = new Map<string, string[]>();
  #unions = new Map<string, Set<string>>();
  #journal: Deno.FsFile;

  private constructor(readonly paths: CorpusPaths, journal: Deno.FsFile, entries: PartEntry[]) {
    this.#journal = journal;
    for (const entry of entries) this.#remember(entry);
  }

  /** Opens the store of a corpus's revision, or begins it. */
  static async open(paths: CorpusPaths, shard: Shard | undefined): Promise<LineStore> {
    await ensureDir(join(paths.store, "lines"));
    await ensureDir(join(paths.store, "targets"));
    const own = shard === undefined
      ? "journal.ndjson"
      : `journal_shard_${nameOfShard(shard).replace("/", "_of_")}.ndjson`;
    const { length } = await readJournal(paths.store, Infinity, own);
    const journal = await Deno.open(join(paths.store, own), { append: true, create: true });
    // a line that a kill cut in the middle is taken back before new ones follow it
    await journal.truncate(length);
    const store = new LineStore(paths, journal, await readEntries(paths.store));
    for (const file of await listNames(join(paths.store, "targets"), ({ isFile }) => isFile)) {
      const name = file.replace(/\.txt$/, "");
      const targets = (await Deno.readTextFile(join(paths.store, "targets", file)))
        .split("\n").filter(Boolean);
      store.#targets.set(name, targets);
    }
    return store;
  }

  /** The targets that a part was scanned for already, as long as its content is the same. */
  scannedFor(part: string, bytes: number): Set<string> {
    const names = [...this.#done.get(part) ?? []]
      .filter(([, entry]) => entry.bytes === bytes).map(([name]) => name).sort();
    // thousands of parts have the same few unions
    const key = names.join();
    let scanned = this.#unions.get(key);
    if (scanned === undefined) {
      scanned = new Set(names.flatMap((name) => this.#targets.get(name) ?? []));
      this.#unions.set(key, scanned);
    }
    return scanned;
  }

  /** Parquet files that hold what was found in a part for earlier targets. */
  filesOf(part: string, bytes: number): string[] {
    return [...this.#done.get(part)?.values() ?? []]
      .filter((entry) => entry.bytes === bytes)
      .flatMap(({ files = [] }) => files.map(({ file }) => join(this.paths.store, "lines", file)));
  }

  /** Writes a set of targets down before a journal line names it. */
  async addTargets(targets: string[]): Promise<string> {
    const name = nameOfTargets(targets);
    if (!this.#targets.has(name)) {
      await writeWhole(
        join(this.paths.store, "targets", `${name}.txt`),
        targets.map((target) => `${target}\n`).join(""),
      );
      this.#targets.set(name, targets);
    }
    return name;
  }

  /** Adds a journal line: from here on the part's files count. */
  append(entry: PartEntry): void {
    const line = new TextEncoder().encode(JSON.stringify(entry) + "\n");
    let at = 0;
    try {
      while (at < line.length) at += this.#journal.writeSync(line.subarray(at));
      this.#journal.syncDataSync();
    } catch (error) {
      // what a full disk took of the line would spoil the next one
      this.#journal.truncateSync(this.#journal.statSync().size - at);
      throw error;
    }
    this.#remember(entry);
  }

  /**
   * Writes the manifest from all that is done, by other shards too, and takes files away that no
   * journal line names.
   * @param wanted what was requested now, of which parts
   */
  async seal(
    config: CorpusConfig,
    parts: { name: string; bytes: number }[],
    wanted: string[],
    now: Date,
  ): Promise<StoreManifest> {
    const entries = await readEntries(this.paths.store);
    for (const entry of entries) this.#remember(entry);
    const covers = new Map<Set<string>, boolean>();
    const complete = parts.filter(({ name, bytes }) => {
      const scanned = this.scannedFor(name, bytes);
      if (!covers.has(scanned)) covers.set(scanned, uncovered(wanted, scanned).length === 0);
      return covers.get(scanned);
    });
    const failed = parts.filter((part) => this.#failed.has(part.name) && !complete.includes(part))
      .map(({ name }) => ({ part: name, reason: this.#failed.get(name)!.reason ?? "" }));
    const counts: PartCounts = { ...NOTHING };
    let bytes = 0;
    const sets = new Map<string, number>();
    for (const done of this.#done.values()) {
      let isFirst = true;
      for (const entry of done.values()) {
        sets.set(entry.targets, (sets.get(entry.targets) ?? 0) + 1);
        counts.lines += entry.counts?.lines ?? 0;
        bytes += (entry.files ?? []).reduce((sum, file) => sum + file.bytes, 0);
        // a part that was read for several sets of targets has its files once
        if (isFirst) addCounts(counts, entry.counts);
        isFirst = false;
      }
    }
    const reasons: string[] = [];
    const unread = parts.length - complete.length - failed.length;
    if (failed.length > 0) {
      const named = failed.slice(0, 5).map(({ part, reason }) => `"${part}": ${reason}`).join("; ");
      reasons.push(
        `${failed.length} of ${parts.length} parts could not be read (${named}${
          failed.length > 5 ? "; and others" : ""
        })`,
      );
    }
    if (unread > 0) reasons.push(`${unread} of ${parts.length} parts were not read`);
    const manifest: StoreManifest = {
      corpus: config.short_name,
      title: config.title,
      layout: config.layout,
      revision: config.revision,
      location: config.location,
      languages: config.languages,
      as_of: config.as_of ?? null,
      leaves_out: config.leaves_out,
      complete: reasons.length === 0,
      reasons,
      targets: [...sets].sort().map(([name, parts]) => ({
        name,
        targets: this.#targets.get(name)?.length ?? 0,
        parts,
      })),
      parts: { total: parts.length, complete: complete.length, failed },
      counts,
      bytes,
      sealed_at: now.toISOString(),
    };
    await writeWhole(
      join(this.paths.store, "manifest.json"),
      JSON.stringify(manifest, null, 2) + "\n",
    );
    return manifest;
  }

  close(): void {
    this.#journal.close();
  }

  #remember(entry: PartEntry): void {
    if (entry.status === "failed") {
      this.#failed.set(entry.part, entry);
      return;
    }
    this.#failed.delete(entry.part);
    const done = this.#done.get(entry.part) ?? new Map<string, PartEntry>();
    // a part whose content has changed begins again
    for (const [name, other] of done) if (other.bytes !== entry.bytes) done.delete(name);
    done.set(entry.targets, entry);
    this.#done.set(entry.part, done);
  }
}

const NOTHING: PartCounts = {
  repositories: 0,
  files: 0,
  empty: 0,
  vendored: 0,
  too_large: 0,
  other_languages: 0,
  text_bytes: 0,
  lines: 0,
};

function addCounts(sum: PartCounts, more: PartCounts | undefined): void {
  for (const name of Object.keys(NOTHING) as (keyof PartCounts)[]) {
    if (name !== "lines") sum[name] += more?.[name] ?? 0;
  }
}

/** A line store as 04 reads it. */
export interface StoredLines {
  folder: string;
  manifest: StoreManifest;
  /** The newest entry of each part that is done, and of each that failed. */
  parts: { name: string; entries: PartEntry[]; failed?: string }[];
  /** Every target that all parts of the store were scanned for. */
  targets: Set<string>;
  /** What the store is made of: changes with every line that is added. */
  sha256: string;
}

/**
 * Reads what a store says of itself.
 * @throws {StageError} where there is none, or one that is not readable.
 */
export async function readStore(folder: string): Promise<StoredLines> {
  const manifest = await readJsonFile(
    join(folder, "manifest.json"),
    MANIFEST,
    "manifest",
    'run "deno task scan_corpus" again',
  );
  if (manifest === undefined) {
    throw new StageError(
      `no line store "${folder}": run "deno task scan_corpus" first, or set code_search.endpoint_url to a folder corpora/{corpus}/{revision}`,
    );
  }
  const byPart = new Map<string, { entries: PartEntry[]; failed?: string }>();
  for (const entry of await readEntries(folder)) {
    const part = byPart.get(entry.part) ?? { entries: [] };
    if (entry.status === "failed") part.failed = entry.reason ?? "no reason given";
    else {
      delete part.failed;
      part.entries = part.entries.filter((other) =>
        other.bytes === entry.bytes && other.targets !== entry.targets
      );
      part.entries.push(entry);
    }
    byPart.set(entry.part, part);
  }
  const parts = [...byPart].map(([name, part]) => ({ name, ...part }))
    .sort((one, other) => one.name < other.name ? -1 : 1);
  const sets = new Map<string, string[]>();
  const targetsOf = async (name: string) => {
    if (!sets.has(name)) {
      const text = await Deno.readTextFile(join(folder, "targets", `${name}.txt`));
      sets.set(name, text.split("\n").filter(Boolean));
    }
    return sets.get(name)!;
  };
  let targets: Set<string> | undefined;
  const seen = new Set<string>();
  for (const { entries } of parts.filter(({ failed }) => failed === undefined)) {
    const names = entries.map((entry) => entry.targets).sort().join();
    if (seen.has(names)) continue;
    seen.add(names);
    const own = new Set<string>();
    for (const entry of entries) for (const it of await targetsOf(entry.targets)) own.add(it);
    targets = targets === undefined ? own : targets.intersection(own);
  }
  const identity = parts.map(({ name, entries, failed }) => [
    name,
    failed ?? null,
    entries.map(({ files = [] }) => files.map((file) => [file.file, file.sha256])),
  ]);
  const sha256 = createHash("sha256").update(JSON.stringify(identity)).digest("hex");
  return { folder, manifest, parts, targets: targets ?? new Set(), sha256 };
}

/** The lines of all journals of a store, shard by shard. */
async function readEntries(folder: string): Promise<PartEntry[]> {
  const journals = await listNames(
    folder,
    ({ isFile, name }) => isFile && /^journal(_shard_\d+_of_\d+)?\.ndjson$/.test(name),
  );
  const entries: PartEntry[] = [];
  for (const name of journals) {
    entries.push(...(await readJournal(folder, Infinity, name)).entries as unknown as PartEntry[]);
  }
  return entries.sort((one, other) => one.at < other.at ? -1 : one.at > other.at ? 1 : 0);
}
