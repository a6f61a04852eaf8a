/**
 * What a stage reads: the newest output of an earlier one, or an error that names that stage.
 *
 * @module
 */
import { StageError, UsageError } from "../cli/errors.ts";
import { newestSnapshot, readSnapshot, type Snapshot } from "../storage/snapshots.ts";
import type { Context } from "./stage.ts";
import { nameOfShard } from "../storage/shards.ts";
import { describeLack, type Download, newestDownload } from "../storage/merged_downloads.ts";

/**
 * The newest snapshot of a database, or the one that `--input` names where this is the database
 * that `--input` names.
 * @param madeBy the task to run first when there is none
 * @throws {StageError} when there is none, {UsageError} when `--input` is of another database.
 */
export async function requireSnapshot(
  context: Context,
  database: string,
  madeBy: string,
  input?: string,
): Promise<Snapshot> {
  if (input !== undefined) {
    const snapshot = await readSnapshot(context.paths, input);
    if (snapshot.manifest.database === database) return snapshot;
    throw new UsageError(
      `--input "${input}" is a snapshot of "${snapshot.manifest.database}": expected one of "${database}"`,
    );
  }
  const snapshot = await newestSnapshot(context.paths, database);
  if (snapshot !== undefined) return snapshot;
  throw new StageError(
    `no snapshot of "${database}" for site "${context.config.site.short_name}" in ${context.paths.snapshots}: run "deno task ${madeBy}" first`,
  );
}

/**
 * The newest sealed download of a kind, with all its shards.
 * @param madeBy the task to run first when there is none
 * @param passes whether a run of this identity is meant
 * @throws {StageError} when there is none, or a shard of it is missing.
 */
export async function requireDownload(
  context: Context,
  kind: string,
  madeBy: string,
  passes?: (identity: Record<string, unknown>) => boolean,
): Promise<Download> {
  const download = await newestDownload(context.paths, kind, passes);
  const what = kind.replaceAll("_", " ");
  if (download === undefined) {
    throw new StageError(
      `no finished download of ${what} for site "${context.config.site.short_name}" in ${
        context.paths.downloads(kind)
      }: run "deno task ${madeBy}" first`,
    );
  }
  if ("lacking" in download) {
    const [first] = download.lacking;
    throw new StageError(
      `${
        describeLack(download)
      } of the download of ${what} that "${download.name}" is part of: run "deno task ${madeBy} --shard ${
        nameOfShard(first!)
      }"${download.lacking.length > 1 ? " and the others" : ""} first`,
    );
  }
  return download;
}
