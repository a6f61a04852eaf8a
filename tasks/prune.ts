/**
 * Removes old snapshots of a site: the newest N of each database stay, and the last one of each month.
 * Reads: artifacts/read_only/{site}/, and gs://$GCP_BUCKET/ where one is named
 * Writes: removes from artifacts/read_only/{site}/
 */
import { relative } from "node:path";
import { groupObjects, newestVersion } from "../lib/backup/objects.ts";
import { judge, type Verdict } from "../lib/backup/retention.ts";
import { checksums } from "../lib/storage/checksums.ts";
import { isSame } from "../lib/backup/objects.ts";
import { UsageError } from "../lib/cli/errors.ts";
import { formatBytes, formatCount } from "../lib/cli/progress.ts";
import { listSnapshotDatabases, listSnapshots, type Snapshot } from "../lib/storage/snapshots.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";

const KEEP = 3;

export const stage: Stage = {
  name: "prune",
  action: "prune the snapshots",
  description:
    "Remove old snapshots of a site: the newest of each database stay, one a month, what these were\n" +
    "made from, and what is not in the bucket yet where GCP_BUCKET names one. Downloads stay, all of them.\n" +
    "The report's trend and changes are read from the earlier snapshots that are left",
  options: [
    { name: "dry-run", help: "only print what would be removed and what would be kept, and why" },
    { name: "keep", value: "N", help: `how many of each database to keep; default ${KEEP}` },
  ],
  isAlone: true,
  run: prune,
};

/** Judges every snapshot, prints a table, and removes what may go, with its manifest. */
export async function prune(context: Context): Promise<Outcome> {
  const { paths, config, flags, log } = context;
  const keep = Number(flags.keep ?? KEEP);
  if (!Number.isInteger(keep) || keep < 1) {
    throw new UsageError(`--keep "${flags.keep}" is not a whole number of at least 1`);
  }
  const snapshots: Snapshot[] = [];
  for (const database of await listSnapshotDatabases(paths)) {
    snapshots.push(...await listSnapshots(paths, database));
  }
  let verdicts = judge(snapshots, keep, () => undefined);
  if (context.env("GCP_BUCKET") && verdicts.some(({ stays }) => stays === undefined)) {
    const lacks = await lacksInBucket(context, verdicts);
    verdicts = judge(snapshots, keep, (snapshot) => lacks.get(snapshot));
  }
  const sizes = new Map<Snapshot, number>();
  for (const snapshot of snapshots) sizes.set(snapshot, await sizeOf(snapshot));
  for (const { snapshot, stays } of verdicts) {
    console.log(
      `  ${stays === undefined ? "goes " : "stays"}  ${snapshot.name.padEnd(40)} ${
        formatBytes(sizes.get(snapshot)!).padStart(9)
      }  ${stays ?? ""}`.trimEnd(),
    );
  }
  const going = verdicts.filter(({ stays }) => stays === undefined).map((it) => it.snapshot);
  const bytes = going.reduce((sum, snapshot) => sum + sizes.get(snapshot)!, 0);
  const isDry = flags["dry-run"] === true;
  if (!isDry) {
    for (const { file } of going) {
      // what has no database is no snapshot; the other way round would be a damaged one
      await Deno.remove(file);
      await Deno.remove(manifestOf(file));
    }
  }
  if (going.length > 0 && !context.env("GCP_BUCKET")) {
    log.warn("no bucket is named (GCP_BUCKET): what goes has no copy elsewhere that this knows of");
  }
  return {
    summary: `${isDry ? "Dry run: " : ""}${formatCount(going.length)} of ${
      formatCount(snapshots.length)
    } snapshots of ${config.site.short_name} ${isDry ? "would go and free" : "removed, freed:"} ${
      formatBytes(bytes)
    }`,
    reasons: [],
    counts: {
      snapshots: snapshots.length,
      removed: isDry ? 0 : going.length,
      bytes: isDry ? 0 : bytes,
    },
    inputs: [],
    outputs: [],
    upToDate: isDry || going.length === 0,
  };
}

/** Why what would go must stay: the bucket has not both of its files as they are here. */
async function lacksInBucket(
  context: Context,
  verdicts: Verdict[],
): Promise<Map<Snapshot, string>> {
  const { env, config, paths } = context;
  // the client of Cloud Storage is large: it is loaded where a bucket is named
  const { openBucket } = await import("../lib/backup/bucket.ts");
  const storage = openBucket(env, config.backup.api_endpoint, context);
  const { stored } = groupObjects(await storage.list());
  const lacks = new Map<Snapshot, string>();
  for (const { snapshot, stays } of verdicts) {
    if (stays !== undefined) continue;
    for (const file of [snapshot.file, manifestOf(snapshot.file)]) {
      const known = file === snapshot.file ? snapshot.manifest : await checksums(file);
      const there = stored.get(relative(paths.root, file).replaceAll("\\", "/"));
      if (there !== undefined && isSame(newestVersion(there), known)) continue;
      const state = there === undefined ? "is not in" : "is another one in";
      lacks.set(
        snapshot,
        `${file === snapshot.file ? "it" : "its manifest"} ${state} ${storage.url("")}`,
      );
      break;
    }
  }
  return lacks;
}

function manifestOf(file: string): string {
  return file.replace(/\.db$/, ".json");
}

async function sizeOf({ file }: Snapshot): Promise<number> {
  return (await Deno.stat(file)).size + (await Deno.stat(manifestOf(file))).size;
}

if (import.meta.main) await runAsScript(stage);
