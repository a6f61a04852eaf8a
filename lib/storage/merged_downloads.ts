/**
 * A download as later stages read it: one run, or all shards of one, merged.
 *
 * @module
 */
import { join } from "node:path";
import { isSameIdentity } from "./download_run.ts";
import type { SitePaths } from "./paths.ts";
import { newestSealedRun, readSealedRun, runNames, type SealedRun } from "./sealed_run.ts";
import { isRunOf, nameOfShard, type Shard, withoutShard } from "./shards.ts";

/** What a stage of the network brought, from one process or several. */
export interface Download {
  /** The folder and its name; of shards, those of the newest. */
  folder: string;
  name: string;
  /** One, or one a shard in their order. */
  runs: SealedRun[];
  complete: boolean;
  /** Those of the shards begin with the shard. */
  reasons: string[];
  /** Those of the shards added up. */
  counts: Record<string, number>;
  /** What was requested, without the shard. */
  identity: Record<string, unknown>;
  parents: { file: string; sha256: string }[];
}

/** The newest download is sharded, and some shards of it are not there. */
export interface LackingDownload {
  name: string;
  lacking: Shard[];
  /** Those that are there. */
  runs: SealedRun[];
}

/**
 * Shards that name the same snapshot as their input belong together whenever they ran. A harvest
 * has no such input: there, shards that began so long before the newest are of another time.
 */
const MOST_APART_MS: Record<string, number> = { datasets: 24 * 3600 * 1000 };

/**
 * The newest download of a kind that passes. Where its newest sealed run is a shard, the others are
 * the newest ones of the same number of shards that requested the same.
 */
export async function newestDownload(
  paths: SitePaths,
  kind: string,
  passes: (identity: Record<string, unknown>) => boolean = () => true,
): Promise<Download | LackingDownload | undefined> {
  const newest = await newestSealedRun(paths, kind, passes);
  if (newest === undefined) return undefined;
  const { shard, rest } = withoutShard(newest.seal.identity);
  if (shard === undefined) return merged(newest, [newest], rest);
  const runs: (SealedRun | undefined)[] = Array.from({ length: shard.of });
  for (const name of (await runNames(paths.downloads(kind))).reverse()) {
    const run = await readSealedRun(paths, join(paths.downloads(kind), name));
    if (run === undefined || !isOfSame(kind, newest, run)) continue;
    const { index } = withoutShard(run.seal.identity).shard!;
    runs[index] ??= run;
    if (runs.every((one) => one !== undefined)) break;
  }
  const found = runs.filter((run) => run !== undefined);
  if (found.length === shard.of) return merged(newest, found, rest);
  const lacking = runs.flatMap((run, index) => run === undefined ? [{ index, of: shard.of }] : []);
  return { name: newest.name, lacking, runs: found };
}

/**
 * What a process has nothing to add to when it is complete: the newest run of its own shard, or the
 * newest download with all its shards.
 */
export async function newestOwnDownload(
  paths: SitePaths,
  kind: string,
  shard: Shard | undefined,
  passes: (identity: Record<string, unknown>) => boolean = () => true,
): Promise<Download | undefined> {
  if (shard === undefined) {
    const download = await newestDownload(paths, kind, passes);
    return download === undefined || "lacking" in download ? undefined : download;
  }
  const isOurs = isRunOf(shard);
  const run = await newestSealedRun(paths, kind, (of) => isOurs(of) && passes(of));
  return run && merged(run, [run], withoutShard(run.seal.identity).rest);
}

/** How a download that was read is in the identity of one that was made from it. */
export function inputOf({ parents }: Download): unknown {
  return parents.length === 1 ? parents[0] : parents;
}

/** Whether a run belongs to the same sharded download as another. */
export function isOfSame(kind: string, newest: SealedRun, run: SealedRun): boolean {
  const [one, other] = [withoutShard(newest.seal.identity), withoutShard(run.seal.identity)];
  const apart = Date.parse(newest.seal.started_at) - Date.parse(run.seal.started_at);
  return one.shard?.of === other.shard?.of && isSameIdentity(one.rest, other.rest) &&
    apart <= (MOST_APART_MS[kind] ?? Infinity);
}

/** "shard 3/8 is missing", or the first ones of several. */
export function describeLack({ lacking }: LackingDownload): string {
  const named = lacking.slice(0, 10).map(nameOfShard).join(", ");
  if (lacking.length === 1) return `shard ${named} is missing`;
  return `shards ${named}${
    lacking.length > 10 ? ` and ${lacking.length - 10} more` : ""
  } are missing`;
}

function merged(
  newest: SealedRun,
  runs: SealedRun[],
  identity: Record<string, unknown>,
): Download {
  const counts: Record<string, number> = {};
  const reasons = runs.flatMap(({ seal }) => {
    for (const [name, count] of Object.entries(seal.counts)) {
      counts[name] = (counts[name] ?? 0) + count;
    }
    const { shard } = withoutShard(seal.identity);
    return seal.reasons.map((it) =>
      shard === undefined ? it : `shard ${nameOfShard(shard)}: ${it}`
    );
  });
  return {
    folder: newest.folder,
    name: newest.name,
    runs,
    complete: runs.every(({ seal }) => seal.complete),
    reasons,
    counts,
    identity,
    parents: runs.map(({ parent }) => parent),
  };
}
