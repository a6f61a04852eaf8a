/**
 * Shows what stands, what is stale, what ran and how it ended; with --lineage the order of the SQL.
 * Reads: artifacts/read_only/, artifacts/{site}/runs.ndjson, sql/
 * Writes: nothing
 */
import { listSites, type SitePaths, sitePaths } from "../lib/artifacts.ts";
import { runCommand } from "../lib/command.ts";
import { Database } from "../lib/duckdb.ts";
import { artifactsDirOf, type Command, type Given } from "../lib/flags.ts";
import { listDatabases, readModels } from "../lib/models.ts";
import { formatBytes, formatCount, formatSeconds } from "../lib/progress.ts";
import { readRuns } from "../lib/run_records.ts";
import { newestSealedRun } from "../lib/sealed_runs.ts";
import { listSnapshotDatabases, newestSnapshot, type Snapshot } from "../lib/snapshots.ts";

const command: Command = {
  name: "status",
  action: "show the status",
  description: "Show what stands, what is stale, what ran and how it ended",
  options: [
    { name: "site", value: "NAME", help: "only this site; default all" },
    { name: "lineage", help: "print which table is made from which, in the order of building" },
    { name: "artifacts-dir", value: "DIR", help: "or ARTIFACTS_DIR; default artifacts" },
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, showStatus));

/** Prints the status to standard output; gives the exit status. */
export async function showStatus(given: Given): Promise<number> {
  if (given.flags.lineage) return await showLineage();
  const root = artifactsDirOf(given);
  const sites = given.flags.site ? [String(given.flags.site)] : await listSites(root);
  if (sites.length === 0) {
    console.log(`Nothing stands in ${root} yet: run "deno task demo", or "deno task pipeline"`);
  }
  for (const site of sites) await showSite(site, sitePaths(root, site));
  return 0;
}

async function showSite(site: string, paths: SitePaths): Promise<void> {
  console.log(`\n${site}\n`);
  const newest = new Map<string, Snapshot>();
  for (const database of await listSnapshotDatabases(paths)) {
    newest.set(database, (await newestSnapshot(paths, database))!);
  }
  const sealed = [
    await newestSealedRun(paths, "datasets"),
    await newestSealedRun(paths, "search_results"),
  ].flatMap((run) => run?.parent ?? []);
  const current = [...[...newest.values()].map(({ parent }) => parent), ...sealed];
  for (const { manifest, name } of newest.values()) {
    const rows = Object.values(manifest.tables).reduce((sum, count) => sum + count, 0);
    const stale = manifest.parents.filter((parent) =>
      !current.some(({ sha256 }) => sha256 === parent.sha256)
    );
    const state = stale.length > 0
      ? `stale: there is a newer one than ${stale.map(({ file }) => file).join(", ")}`
      : manifest.complete
      ? "complete"
      : `incomplete: ${manifest.reasons.join("; ")}`;
    console.log(
      `  ${name.padEnd(44)} ${formatBytes(manifest.bytes).padStart(9)} ${
        formatCount(rows).padStart(12)
      } rows  ${state}`,
    );
  }
  const last = new Map((await readRuns(paths)).map((run) => [run.stage, run]));
  if (last.size > 0) console.log("\n  last runs");
  for (const run of [...last.values()].sort((one, other) => one.stage < other.stage ? -1 : 1)) {
    const detail = run.error ?? run.reasons?.join("; ") ?? "";
    console.log(
      `  ${run.stage.padEnd(30)} ${run.started_at.slice(0, 19)}Z ${
        formatSeconds(run.seconds).padStart(12)
      }  ${run.status.replaceAll("_", " ")}${detail && `: ${detail}`}`,
    );
  }
}

async function showLineage(): Promise<number> {
  const db = await Database.open(await Deno.makeTempDir());
  try {
    for (const database of await listDatabases()) {
      console.log(`\n${database}\n`);
      for (const model of await readModels(db, database)) {
        console.log(`  ${model.table.padEnd(50)} ← ${model.reads.join(", ")}`);
      }
    }
  } finally {
    db.close();
  }
  return 0;
}
