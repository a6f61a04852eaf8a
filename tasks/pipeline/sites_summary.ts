import type { SitePaths } from "../../lib/storage/paths.ts";
import { Database } from "../../lib/duckdb/database.ts";
import { formatCount, formatSeconds } from "../../lib/cli/progress.ts";
import { readRuns } from "../../lib/pipeline/run_log.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import type { SiteEnd } from "./all_sites.ts";

/** What a run over several sites ends with: a line a site, then what failed and how to go on. */

const WORDS: Record<number, string> = { 0: "complete", 1: "failed", 2: "failed", 3: "incomplete" };

/** Prints the summary to standard output. */
export async function tellSites(
  ends: SiteEnd[],
  flags: Record<string, unknown>,
  pathsOf: (site: string) => SitePaths,
): Promise<void> {
  const rows = [["site", "status", "time", "datasets", "mentions"]];
  const details: string[] = [];
  for (const end of ends) {
    const paths = end.site === undefined ? undefined : pathsOf(end.site);
    const { datasets, mentions } = paths === undefined ? {} : await figuresOf(paths);
    rows.push([
      end.site ?? end.file,
      wordFor(end),
      end.exit === undefined || end.faults !== undefined ? "–" : formatSeconds(end.seconds),
      datasets === undefined ? "–" : formatCount(datasets),
      mentions === undefined ? "–" : formatCount(mentions),
    ]);
    if (end.exit !== 0) details.push("", ...await detailsOf(end, flags, paths));
  }
  console.log(["", ...aligned(rows), ...details].join("\n"));
}

function wordFor({ exit, faults }: SiteEnd): string {
  if (exit === undefined) return "not run";
  return faults === undefined ? WORDS[exit] ?? "stopped" : "wrong config";
}

/** Of the newest final tables, whichever run they are from: places in people's own code. */
async function figuresOf(paths: SitePaths): Promise<{ datasets?: number; mentions?: number }> {
  const snapshot = await newestSnapshot(paths, "final");
  if (snapshot === undefined) return {};
  const db = await Database.open();
  try {
    await db.attach(snapshot.file, "final");
    return await db.one<{ datasets: number; mentions: number }>(
      "select (select count(*) from final.final_clean_datasets) as datasets, " +
        "count(distinct place_id) filter (where counted_as = 'original') as mentions " +
        "from final.final_mentions",
    );
  } finally {
    db.close();
  }
}

async function detailsOf(
  end: SiteEnd,
  flags: Record<string, unknown>,
  paths: SitePaths | undefined,
): Promise<string[]> {
  const again = ["deno task pipeline", `--config-file ${end.file}`];
  for (const name of ["artifacts-dir", "from", "to"]) {
    if (flags[name]) again.push(`--${name} ${flags[name]}`);
  }
  if (flags["allow-incomplete"]) again.push("--allow-incomplete");
  const head = end.site ?? end.file;
  if (end.faults !== undefined) {
    return [
      ...end.faults.map((fault) => `${head}: ${fault}`),
      `  mend it, then: ${again.join(" ")}`,
    ];
  }
  return [...await troubles(end, paths!), `  go on with: ${again.join(" ")}`];
}

/** What the stages of this run left in `runs.ndjson`. */
async function troubles(end: SiteEnd, paths: SitePaths): Promise<string[]> {
  const since = end.started.toISOString();
  const bad = (await readRuns(paths)).filter(({ started_at, exit }) =>
    started_at >= since && exit !== 0
  );
  // a reason is carried along from stage to stage: it is told where it came up
  const told = new Set<string>();
  const lines = bad.flatMap(({ stage, status, error, reasons = [] }) => {
    const fresh = (error === undefined ? reasons : [error]).filter((text) => !told.has(text));
    for (const text of fresh) told.add(text);
    return fresh.map((text) => `${end.site}: ${stage} ${status}: ${text}`);
  });
  if (lines.length > 0) return lines;
  return [`${end.site}: ${end.exit === undefined ? "not run" : "see its lines above"}`];
}

function aligned(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    "  " +
    row.map((cell, column) =>
      column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
    ).join("   ").trimEnd()
  );
}
