/**
 * Copies the artifacts of every site to the bucket: what is missing there, and nothing else.
 * Reads: artifacts/
 * Writes: gs://$GCP_BUCKET/, artifacts/{site}/checksums.json
 */
import { join } from "node:path";
import { formatRequests, openBucket } from "../lib/backup/bucket.ts";
import { checksumsOfArtifacts, listArtifacts } from "../lib/backup/local_artifacts.ts";
import { groupObjects } from "../lib/backup/objects.ts";
import { type BackupPlan, type Conflict, planBackup, type Upload } from "../lib/backup/plan.ts";
import { uploadAll } from "../lib/backup/backup.ts";
import type { CloudStorage } from "../lib/backup/bucket.ts";
import { StageError } from "../lib/cli/errors.ts";
import { formatBytes, formatCount } from "../lib/cli/progress.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";
import { UploadSessions } from "../lib/backup/upload.ts";

export const stage: Stage = {
  name: "11_back_up_artifacts",
  action: "back up artifacts",
  description: "Copy the artifacts of every site to the bucket GCP_BUCKET",
  options: [{ name: "dry-run", help: "only print what would be uploaded" }],
  run: backUpArtifacts,
};

if (import.meta.main) await runAsScript(stage);

/** Lists the bucket once, compares, uploads what is missing; never overwrites, never deletes. */
export async function backUpArtifacts(context: Context): Promise<Outcome> {
  const { paths: { root }, log } = context;
  const storage = openBucket(context.env, context.config.backup.api_endpoint, context);
  const { artifacts, leftOut } = await listArtifacts(root);
  for (const reason of leftOut) log.info(`Left out ${reason}`);
  const sums = await checksumsOfArtifacts(root, artifacts);
  const { stored, foreign } = groupObjects(await storage.list());
  if (foreign.length > 0) {
    log.info(`${formatCount(foreign.length)} objects in the bucket are no artifacts: left alone`);
  }
  const plan = planBackup(artifacts, sums, stored);
  if (context.flags["dry-run"]) return tellPlan(storage, plan);

  const bytes = plan.waves.flat().reduce((sum, { artifact }) => sum + artifact.bytes, 0);
  const bar = log.bar(`Uploading to ${storage.url("")}`, "bytes", bytes);
  const sessions = new UploadSessions(join(context.paths.scratch, "uploads"));
  const result = await uploadAll(storage, root, plan, sessions, bar);
  if (bytes > 0) bar.end();

  const present = plan.present + result.present;
  const summary =
    `${formatCount(result.uploaded)} files (${formatBytes(result.bytes)}) uploaded to ` +
    `${storage.url("")}, ${formatCount(present)} were there · ${formatRequests(storage)}`;
  const conflicts = [...plan.conflicts, ...result.conflicts];
  const faults = [
    ...conflicts.map((conflict) => describeConflict(storage, conflict)),
    ...result.failures,
  ];
  if (faults.length > 0) {
    log.info(summary);
    throw new StageError(describeFaults(log, faults, conflicts.length));
  }
  const counts = { uploaded: result.uploaded, bytes: result.bytes, present };
  const isIdle = result.uploaded === 0;
  return { summary, reasons: [], counts, inputs: [], outputs: [], upToDate: isIdle };
}

/** What a dry run prints; a conflict is reported as the real run reports it. */
function tellPlan(storage: CloudStorage, plan: BackupPlan): Outcome {
  const uploads: Upload[] = plan.waves.flat();
  for (const { artifact, name } of uploads) {
    console.log(`${artifact.path} → ${storage.url(name)} (${formatBytes(artifact.bytes)})`);
  }
  const [conflict] = plan.conflicts;
  if (conflict !== undefined) throw new StageError(describeConflict(storage, conflict));
  const bytes = uploads.reduce((sum, { artifact }) => sum + artifact.bytes, 0);
  const summary = `Dry run: ${formatCount(uploads.length)} files (${formatBytes(bytes)}) would ` +
    `be uploaded to ${storage.url("")}, ${formatCount(plan.present)} are there`;
  return { summary, reasons: [], counts: {}, inputs: [], outputs: [], upToDate: true };
}

/** Every fault is a warning of its own; the error names the first and counts the others. */
function describeFaults(log: Context["log"], faults: string[], conflicts: number): string {
  if (faults.length === 1) return faults[0]!;
  for (const fault of faults) log.warn(fault);
  const others = `${formatCount(faults.length - 1)} more`;
  return `${faults[0]} (${others} above${conflicts > 0 ? "" : "; run the same command again"})`;
}

function describeConflict(storage: CloudStorage, { path, bytes, crc32c, stored }: Conflict) {
  return `"${path}" (${formatCount(bytes)} bytes, crc32c ${crc32c}) differs from ` +
    `"${storage.url(stored.name)}" (${formatCount(stored.bytes)} bytes, crc32c ` +
    `${stored.crc32c}): neither was touched, see with "deno task verify_artifacts" which one is right`;
}
