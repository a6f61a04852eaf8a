/**
 * A pass over a corpus: some parts are fetched while one is scanned; each is journalled when its
 * lines are in the store, and then deleted. Memory and disk stay level however large the corpus is.
 * @module
 */
import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { messageOf, StageError } from "../../cli/errors.ts";
import { formatBytes, formatCount, type Log } from "../../cli/progress.ts";
import { HttpClient } from "../../http/client.ts";
import type { Effects } from "../../http/client.ts";
import { FatalFailure, PermanentFailure, TransientFailure } from "../../http/failures.ts";
import type { CorpusPaths } from "../../storage/paths.ts";
import { isOfShard, type Shard } from "../../storage/shards.ts";
import type { CorpusConfig } from "./corpus_config.ts";
import { LineStore, type StoreManifest } from "./line_store.ts";
import { fetchPart, fileNameOf, listParts, type Part } from "./parts.ts";
import { type LocalPart, PartScanner, UnreadablePart } from "./scan_part.ts";
import { uncovered } from "./targets.ts";

/** What a pass is to do. */
export interface Pass {
  config: CorpusConfig;
  paths: CorpusPaths;
  targets: string[];
  /** Numbers of the first and last part of a sample, from 0. */
  range?: { first: number; last: number };
  shard?: Shard;
  force: boolean;
}

/** How a pass ended. */
export interface PassEnd {
  manifest: StoreManifest;
  /** Parts that this process scanned now. */
  scanned: number;
}

/** What keeps a part out, without stopping the others. */
interface Broken {
  part: Part;
  reason: string;
}

/** So many parts failed one after the other: it is the service, and more would only harm it. */
const HOPELESS = 8;

/** Scans what is missing in the store, and seals it. */
export async function scanCorpus(
  pass: Pass,
  effects: Effects & { log: Log },
  userAgent: string,
): Promise<PassEnd> {
  const { config, paths, shard } = pass;
  const client = new HttpClient({
    name: config.title,
    timeoutSeconds: config.timeout_seconds,
    attempts: config.attempts,
    requestsPerSecond: config.requests_per_second,
    concurrency: config.concurrency,
    headers: { "user-agent": userAgent },
  }, effects);
  await ensureDir(paths.scratch);
  const all = await listParts(config, client);
  const range = pass.range ?? { first: 0, last: all.length - 1 };
  const wanted = all.slice(range.first, range.last + 1).filter(({ name }) =>
    isOfShard(shard, name)
  );
  const store = await LineStore.open(paths, shard);
  try {
    const work = wanted.flatMap((part) => {
      const targets = pass.force
        ? pass.targets
        : uncovered(pass.targets, store.scannedFor(part.name, part.bytes));
      return targets.length > 0 ? [{ part, targets }] : [];
    });
    effects.log.info(
      `${config.title}, revision ${config.revision}: ${formatCount(all.length)} parts, ${
        formatCount(work.length)
      } to read for ${formatCount(pass.targets.length)} hosts and owners`,
    );
    const scanned = work.length === 0 ? 0 : await new Scan(pass, store, client, effects).run(work);
    const manifest = await store.seal(config, all, pass.targets, effects.now());
    return { manifest, scanned };
  } finally {
    store.close();
  }
}

interface Work {
  part: Part;
  targets: string[];
}

/** The pipeline of one process: fetching side by side, scanning one part after the other. */
class Scan {
  #scanner: { targets: string; scanner: PartScanner } | undefined;
  #turn: Promise<void> = Promise.resolve();
  #scanned = 0;
  #failedInARow = 0;
  #fatal: unknown;

  constructor(
    readonly pass: Pass,
    readonly store: LineStore,
    readonly client: HttpClient,
    readonly effects: Effects & { log: Log },
  ) {}

  async run(work: Work[]): Promise<number> {
    const { log, signal } = this.effects;
    const bar = log.bar("Scanning", "parts", work.length);
    let lines = 0;
    let bytes = 0;
    const queue = [...work];
    const worker = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (this.#fatal !== undefined) return;
        signal.throwIfAborted();
        const counts = await this.#part(next);
        lines += counts?.lines ?? 0;
        bytes += counts?.text_bytes ?? 0;
        bar.advance(1, { note: `${formatCount(lines)} lines of ${formatBytes(bytes)} of text` });
      }
    };
    const workers = this.pass.config.isRemote ? this.pass.config.concurrency : 1;
    const results = await Promise.allSettled(Array.from({ length: workers }, worker));
    this.#scanner?.scanner.close();
    bar.end();
    const thrown = results.find((result) => result.status === "rejected");
    if (thrown !== undefined) throw thrown.reason;
    if (this.#fatal !== undefined) {
      throw new StageError(`the corpus cannot be read: ${messageOf(this.#fatal)}`);
    }
    return this.#scanned;
  }

  async #part(work: Work) {
    const { part } = work;
    let path: string | undefined;
    try {
      path = await fetchPart(part, this.pass.paths.scratch, this.client);
      const fetched = path;
      const counts = await this.#inTurn(() => this.#scan(work, fetched));
      if (part.path === undefined) await Deno.remove(path);
      this.#failedInARow = 0;
      return counts;
    } catch (error) {
      this.effects.signal.throwIfAborted();
      if (error instanceof FatalFailure) {
        this.#fatal ??= error;
        return undefined;
      }
      if (!isOfPart(error)) throw error;
      if (path !== undefined && part.path === undefined) await Deno.remove(path);
      this.#broken({ part, reason: messageOf(error) });
      return undefined;
    }
  }

  #broken({ part, reason }: Broken): void {
    this.effects.log.warn(`Part "${part.name}" could not be read: ${reason}`);
    this.store.append({
      key: part.name,
      part: part.name,
      targets: "",
      status: "failed",
      reason,
      bytes: part.bytes,
      at: this.effects.now().toISOString(),
    });
    this.#failedInARow += 1;
    if (this.#failedInARow >= HOPELESS) this.#fatal ??= new Error(reason);
  }

  /** DuckDB uses all cores for one part: two at once would only take twice the memory. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.then(() => {}, () => {});
    return result;
  }

  async #scan({ part, targets }: Work, path: string) {
    const { config, paths, force } = this.pass;
    const { store } = this;
    const name = await store.addTargets(targets);
    if (this.#scanner?.targets !== name) {
      this.#scanner?.scanner.close();
      this.#scanner = {
        targets: name,
        scanner: await PartScanner.open(join(paths.scratch, "duckdb"), targets, config.languages),
      };
    }
    const local: LocalPart = { name: part.name, layout: config.layout, path };
    const { counts, files } = await this.#scanner.scanner.scan(local, {
      folder: join(paths.store, "lines"),
      name: `${fileNameOf(part.name)}-${name}`,
      known: force ? [] : store.filesOf(part.name, part.bytes),
    }, this.effects.signal);
    store.append({
      key: `${part.name} ${name}`,
      part: part.name,
      targets: name,
      status: "complete",
      bytes: part.bytes,
      ...(part.sha256 === undefined ? {} : { sha256: part.sha256 }),
      counts,
      files,
      at: this.effects.now().toISOString(),
    });
    this.#scanned += 1;
    return counts;
  }
}

/** Whether the part is at fault: its file is broken, or cannot be fetched. */
function isOfPart(error: unknown): boolean {
  return error instanceof TransientFailure || error instanceof PermanentFailure ||
    error instanceof UnreadablePart;
}
