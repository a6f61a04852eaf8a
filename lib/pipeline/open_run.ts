/**
 * How a stage of the network starts its download run, or continues one.
 *
 * A run is identified by what it asks for (`identity`): the same command continues the newest run
 * with the same identity that is not complete. Identities are compared in one way, as JSON, so the
 * order of their keys does not matter and an undefined value is an absent one. Of a sharded stage
 * only the runs of its own shard are considered; the shard is added to the identity here.
 *
 * @module
 */
import { DownloadRun, isSameIdentity } from "../storage/download_run.ts";
import { type Download, newestOwnDownload } from "../storage/merged_downloads.ts";
import { isRunOf, withShard } from "../storage/shards.ts";
import type { Context } from "./stage.ts";

type Identity = Record<string, unknown>;

/** Which run may be continued. */
export interface ResumeOptions {
  /** Considers these runs only, such as those of one search backend. */
  among?: (identity: Identity) => boolean;
  /** Continues a complete run too, to query again. */
  evenComplete?: boolean;
  /** A last condition on the run found, such as its age. */
  accepts?: (run: DownloadRun) => boolean;
}

/** The run to write into: the one to continue, or a new one. With `--force` always a new one. */
export async function openRun(
  context: Context,
  kind: string,
  identity: Identity,
  options: ResumeOptions = {},
): Promise<DownloadRun> {
  return await resumeRun(context, kind, identity, options) ??
    await beginRun(context, kind, identity);
}

/** The run to continue; undefined where there is none, and with `--force`. */
export async function resumeRun(
  context: Context,
  kind: string,
  identity: Identity,
  options: ResumeOptions = {},
): Promise<DownloadRun | undefined> {
  const { paths, shard, force } = context;
  if (force) return undefined;
  const { among = () => true, evenComplete } = options;
  const isOurs = shard === undefined ? () => true : isRunOf(shard);
  const run = await DownloadRun.resume(paths, kind, withShard(identity, shard), {
    among: (of) => isOurs(of) && among(of),
    evenComplete,
  });
  if (run === undefined || (options.accepts?.(run) ?? true)) return run;
  run.close();
  return undefined;
}

/**
 * A new run.
 * @param details what the run has to know when it is continued, kept with its identity
 */
export function beginRun(
  context: Context,
  kind: string,
  identity: Identity,
  details?: Record<string, unknown>,
): Promise<DownloadRun> {
  const { paths, shard, now } = context;
  return DownloadRun.begin(paths, kind, withShard(identity, shard), now(), details);
}

/**
 * The newest download, where it is complete and requested the same: there is nothing to do.
 * Undefined otherwise, and with `--force`.
 */
export async function completeDownload(
  context: Context,
  kind: string,
  identity: Identity,
  among?: (identity: Identity) => boolean,
): Promise<Download | undefined> {
  if (context.force) return undefined;
  const newest = await newestOwnDownload(context.paths, kind, context.shard, among);
  return newest?.complete && isSameIdentity(newest.identity, identity) ? newest : undefined;
}
