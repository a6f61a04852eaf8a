/**
 * Gets artifacts back from the bucket: a site, a database, a time, or all.
 * Reads: gs://$GCP_BUCKET/
 * Writes: artifacts/
 */
import { formatRequests, openBucket } from "../lib/backup/bucket.ts";
import { BUCKET_OPTIONS, bucketContext } from "../lib/backup/bucket.ts";
import { groupObjects, newestVersion, prefixBefore } from "../lib/backup/objects.ts";
import { inParallel } from "../lib/backup/parallel.ts";
import {
  inWaves,
  restoreFile,
  selectArtifacts,
  standingOf,
  withParents,
} from "../lib/backup/restore.ts";
import { runCommand } from "../lib/cli/command.ts";
import { messageOf, StageError, UsageError } from "../lib/cli/errors.ts";
import { PermanentFailure, TransientFailure } from "../lib/http/failures.ts";
import type { Command, Given } from "../lib/cli/flags.ts";
import { formatBytes, formatCount } from "../lib/cli/progress.ts";

const command: Command = {
  name: "restore_artifacts",
  action: "restore artifacts",
  description: "Restore artifacts from the bucket GCP_BUCKET",
  options: [
    { name: "site", value: "NAME", help: "only this site; default all" },
    { name: "database", value: "NAME", help: "only snapshots of this database, e.g. final" },
    {
      name: "time",
      value: "DATETIME",
      help:
        "the state at that time, e.g. 20261124T034149Z: the newest of each database and download",
    },
    { name: "dry-run", help: "only print what would be restored" },
    ...BUCKET_OPTIONS,
  ],
};

const IN_FLIGHT = 8;

if (import.meta.main) {
  Deno.exit(await runCommand(command, Deno.args, (given) => restoreArtifacts(given)));
}

/**
 * Restores what is absent, verified while it is written; overwrites nothing. Gives the exit status.
 * @param mayBeEmpty nothing to restore is no error
 */
export async function restoreArtifacts(given: Given, { mayBeEmpty = false } = {}): Promise<number> {
  const { root, endpoint, log, effects } = await bucketContext(command.name, given);
  const { site, database, time } = given.flags as Record<string, string | undefined>;
  if (time !== undefined && !/^\d{8}T\d{6}Z$/.test(time)) {
    throw new UsageError(`--time "${time}" is not a datetime: expected e.g. 20261124T034149Z`);
  }
  const storage = openBucket(given.env, endpoint, effects);
  const { stored } = groupObjects(await storage.list());
  const chosen = selectArtifacts(stored.values(), { site, database, time });
  const all = time === undefined ? chosen : await withParents(storage, stored.values(), chosen);
  const waves = inWaves(all);
  if (all.length === 0 && mayBeEmpty) {
    log.info(`${storage.url("")} holds nothing of the kind yet`);
    return 0;
  }
  if (all.length === 0) {
    throw new StageError(`${storage.url("")} holds nothing of the kind: leave out a flag or two`);
  }
  if (given.flags["dry-run"]) {
    for (const { path } of all) console.log(path);
    return 0;
  }

  const total = all.reduce((sum, artifact) => sum + newestVersion(artifact).bytes, 0);
  const bar = log.bar(`Restoring from ${storage.url("")}`, "bytes", total);
  const faults: string[] = [];
  const missed: string[] = [];
  let restored = 0;
  let bytes = 0;
  for (const wave of waves) {
    // nothing is made visible whose parts are not there
    const before = [...missed];
    await inParallel(wave, IN_FLIGHT, async (artifact) => {
      const { path } = artifact;
      const { name, bytes: size } = newestVersion(artifact);
      const isIncomplete = wave === waves[1] &&
        before.some((other) => other.startsWith(prefixBefore(path)));
      const standing = isIncomplete ? "incomplete" : await standingOf(root, artifact);
      try {
        if (standing === "absent") {
          await restoreFile(storage, root, artifact, (more) => bar.advance(more));
          restored += 1;
          bytes += size;
          return;
        }
      } catch (error) {
        if (!(error instanceof PermanentFailure || error instanceof TransientFailure)) throw error;
        faults.push(`"${path}": ${messageOf(error)}`);
        missed.push(path);
        return;
      }
      bar.advance(size);
      if (standing === "own") log.info(`Kept "${path}": this machine has its own`);
      if (standing === "differs") {
        faults.push(
          `"${path}" differs from "${storage.url(name)}" and was left as it is: ` +
            `see with "deno task verify_artifacts", move it away, restore again`,
        );
        missed.push(path);
      }
      if (standing === "incomplete") faults.push(`"${path}": what belongs to it is missing`);
    });
  }
  bar.end();
  for (const fault of faults) log.warn(fault);
  log.info(
    `${formatCount(restored)} of ${formatCount(all.length)} files (${formatBytes(bytes)}) ` +
      `restored into ${root} · ${formatRequests(storage)}`,
  );
  if (faults.length === 0) return 0;
  throw new StageError(
    faults.length === 1 ? faults[0]! : `${faults[0]} (and ${faults.length - 1} more above)`,
  );
}
