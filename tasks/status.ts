/**
 * Shows current outputs, what is stale, what ran and how it ended; with --lineage the order of the SQL.
 * Reads: artifacts/read_only/, artifacts/{site}/runs.ndjson, sql/
 * Writes: nothing
 */
import { join } from "node:path";
import { exists } from "@std/fs/exists";
import { walk } from "@std/fs/walk";
import { listSites, type SitePaths, sitePaths } from "../lib/storage/paths.ts";
import { runCommand } from "../lib/cli/command.ts";
import { Database } from "../lib/duckdb/database.ts";
import { artifactsDirOf, type Command, type Given } from "../lib/cli/flags.ts";
import { chosenSite, SITE_CHOICE } from "../lib/pipeline/config.ts";
import { type Output, readOutputs, whatPipelineWouldDo } from "../lib/pipeline/status.ts";
import { runningStages } from "../lib/pipeline/lock.ts";
import { listDatabases, readModels } from "../lib/duckdb/models.ts";
import { formatBytes, formatCount, formatSeconds } from "../lib/cli/progress.ts";
import { readRuns, type RunRecord } from "../lib/pipeline/run_log.ts";
import { STAGES } from "./pipeline.ts";

const command: Command = {
  name: "status",
  action: "show the status",
  description: "Show current outputs, what is stale, what ran and how it ended",
  options: [
    ...SITE_CHOICE,
    { name: "lineage", help: "print which table is made from which, in build order" },
    { name: "artifacts-dir", value: "DIR", help: "or ARTIFACTS_DIR; default artifacts" },
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, showStatus));

/** Prints the status to standard output; gives the exit status. */
export async function showStatus(given: Given): Promise<number> {
  if (given.flags.lineage) return await showLineage();
  const root = artifactsDirOf(given);
  const chosen = await chosenSite(given);
  const sites = chosen === undefined ? await listSites(root) : [chosen];
  if (sites.length === 0) {
    console.log(`Nothing in ${root} yet: run "deno task demo", or "deno task pipeline"`);
  }
  for (const site of sites) await showSite(site, sitePaths(root, site));
  return 0;
}

async function showSite(site: string, paths: SitePaths): Promise<void> {
  const outputs = await readOutputs(paths);
  console.log(`\n${site} · ${formatBytes(await sizeOf(paths, site))} on disk\n`);
  for (const output of outputs) {
    const size = output.kind === "snapshot" ? formatBytes(output.bytes) : "";
    const rows = `${formatCount(output.rows)} ${output.kind === "snapshot" ? "rows" : "answers"}`;
    console.log(
      `  ${output.name.padEnd(46)} ${size.padStart(9)} ${rows.padStart(18)}  ${stateOf(output)}`,
    );
  }
  await showRuns(paths);
  const stages = STAGES.map(({ name }) => name);
  const would = whatPipelineWouldDo(stages, outputs);
  console.log(
    would.size === 0
      ? "\n  A pipeline would ask the services for news and find the rest up to date"
      : "\n  What a pipeline would do",
  );
  for (const [stage, reason] of would) console.log(`  ${stage.padEnd(30)} ${reason}`);
}

function stateOf({ stale, complete, reasons }: Output): string {
  if (stale.length > 0) return `stale: ${stale.join("; ")}`;
  return complete ? "complete" : `incomplete: ${reasons.join("; ")}`;
}

async function showRuns(paths: SitePaths): Promise<void> {
  const { runs, broken } = await readRuns(paths);
  const last = new Map(runs.map((run) => [nameOf(run), run]));
  const running = await runningStages(paths);
  if (last.size + running.size + broken > 0) console.log("\n  Runs");
  if (broken > 0) console.log(`  ${formatCount(broken)} lines of ${paths.runs} cannot be read`);
  for (const [stage, owner] of running) console.log(`  ${stage.padEnd(30)} runs now: ${owner}`);
  for (const run of [...last.values()].sort((one, other) => nameOf(one) < nameOf(other) ? -1 : 1)) {
    const detail = run.error ?? run.reasons?.join("; ") ?? "";
    console.log(
      `  ${nameOf(run).padEnd(30)} ${run.started_at.slice(0, 19)}Z ${
        formatSeconds(run.seconds).padStart(12)
      }  ${run.status.replaceAll("_", " ")}${detail && `: ${detail}`}`,
    );
  }
}

/** The stage, with the shard where it was one. */
function nameOf({ stage, shard }: RunRecord): string {
  return shard === undefined ? stage : `${stage} ${shard}`;
}

async function sizeOf(paths: SitePaths, site: string): Promise<number> {
  let bytes = 0;
  for (const folder of [paths.snapshots, join(paths.root, site)]) {
    if (!await exists(folder)) continue;
    for await (const { path } of walk(folder, { includeDirs: false })) {
      bytes += (await Deno.lstat(path)).size;
    }
  }
  return bytes;
}

async function showLineage(): Promise<number> {
  const db = await Database.open();
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
