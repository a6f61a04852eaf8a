import { StageError, UsageError } from "./errors.ts";
import { newestSealedRun, type SealedRun } from "./sealed_runs.ts";
import { newestSnapshot, readSnapshot, type Snapshot } from "./snapshots.ts";
import type { Context } from "./stage.ts";

/** What a stage reads: the newest output of an earlier one, or an error that names that stage. */

/**
 * The newest snapshot of a database, or the one that `--input` names where this is the database
 * that `--input` stands for.
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
      `--input "${input}" is a snapshot of "${snapshot.manifest.database}": wanted is one of "${database}"`,
    );
  }
  const snapshot = await newestSnapshot(context.paths, database);
  if (snapshot !== undefined) return snapshot;
  throw new StageError(
    `no snapshot of "${database}" for site "${context.config.site.short_name}" in ${context.paths.snapshots}: run "deno task ${madeBy}" first`,
  );
}

/**
 * The newest sealed download run of a kind.
 * @param madeBy the task to run first when there is none
 * @param passes whether a run of this identity is meant
 * @throws {StageError} when there is none.
 */
export async function requireSealedRun(
  context: Context,
  kind: string,
  madeBy: string,
  passes?: (identity: Record<string, unknown>) => boolean,
): Promise<SealedRun> {
  const run = await newestSealedRun(context.paths, kind, passes);
  if (run !== undefined) return run;
  throw new StageError(
    `no finished download of ${
      kind.replaceAll("_", " ")
    } for site "${context.config.site.short_name}" in ${
      context.paths.downloads(kind)
    }: run "deno task ${madeBy}" first`,
  );
}
