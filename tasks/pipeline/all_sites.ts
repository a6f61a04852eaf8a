/**
 * The pipeline for every config of a folder, one site after another, with a summary at the end.
 *
 * @module
 */
import { join } from "node:path";
import { listNames, type SitePaths, sitePaths } from "../../lib/storage/paths.ts";
import { type Config, readConfig } from "../../lib/pipeline/config.ts";
import { Database } from "../../lib/duckdb/database.ts";
import { formatCount, formatSeconds } from "../../lib/cli/progress.ts";
import { readRuns } from "../../lib/pipeline/run_log.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { messageOf, UsageError } from "../../lib/cli/errors.ts";
import { artifactsDirOf, type Given } from "../../lib/cli/flags.ts";

/** How a site's pipeline ended. */
interface SiteEnd {
  /** The config, and the site that it names where it can be read. */
  file: string;
  site?: string;
  /** Undefined where it was not run any longer. */
  exit?: number;
  started: Date;
  seconds: number;
  /** Why the config cannot be used. */
  faults?: string[];
}

/** How exit statuses are called in the summary. */
const WORDS: Record<number, string> = { 0: "complete", 1: "failed", 2: "failed", 3: "incomplete" };

/** A signal ends a process with a status from here on. */
const SIGNALS_FROM = 128;

/**
 * Runs every config of a folder through `runSite`. One that fails, or whose config is wrong, does
 * not stop the others; a signal does. Gives 1 where one failed, else 3 where one is incomplete,
 * else 0; 2 where no config at all can be used.
 */
export async function runAllSites(
  folder: string,
  given: Given,
  runSite: (given: Given) => Promise<number>,
): Promise<number> {
  const ends: SiteEnd[] = [];
  const sites = await readSites(folder);
  for (const [index, { file, config, faults }] of sites.entries()) {
    const started = new Date();
    const end: SiteEnd = { file, site: config?.site.short_name, faults, started, seconds: 0 };
    ends.push(end);
    if (ends.some(({ exit = 0 }) => exit >= SIGNALS_FROM)) continue;
    const time = started.toISOString().slice(0, 16).replace("T", " ");
    given.stderr(
      `\n== ${index + 1} of ${sites.length}: ${end.site ?? file} · ${file} · ${time} UTC ==\n\n`,
    );
    if (faults !== undefined) {
      end.exit = 2;
      for (const fault of faults) given.stderr(`Cannot run the pipeline: ${fault}\n`);
      continue;
    }
    end.exit = await runSite({ ...given, flags: { ...given.flags, "config-file": file } });
    end.seconds = (Date.now() - started.getTime()) / 1000;
  }
  await printSummary(ends, given.flags, (site) => sitePaths(artifactsDirOf(given), site));
  return exitOf(ends);
}

interface SiteConfig {
  file: string;
  config?: Config;
  faults?: string[];
}

async function readSites(folder: string): Promise<SiteConfig[]> {
  const names = await listNames(folder, (it) => !it.isDirectory && it.name.endsWith(".toml"));
  if (names.length === 0) {
    throw new UsageError(`--all "${folder}" holds no config: name a folder with .toml files`);
  }
  const sites: SiteConfig[] = [];
  for (const name of names) {
    const file = join(folder, name);
    try {
      const config = await readConfig(file);
      const { short_name } = config.site;
      const other = sites.find((it) => it.config?.site.short_name === short_name);
      sites.push(
        other === undefined ? { file, config } : {
          file,
          faults: [`${file}: site.short_name is "${short_name}", which ${other.file} has already`],
        },
      );
    } catch (error) {
      // whatever is wrong with one file, the others can be run
      sites.push({ file, faults: error instanceof UsageError ? error.faults : [messageOf(error)] });
    }
  }
  return sites;
}

function exitOf(ends: SiteEnd[]): number {
  const signal = ends.find(({ exit = 0 }) => exit >= SIGNALS_FROM);
  if (signal !== undefined) return signal.exit!;
  if (ends.every(({ faults }) => faults !== undefined)) return 2;
  if (ends.some(({ exit }) => exit === 1 || exit === 2)) return 1;
  return ends.some(({ exit }) => exit === 3) ? 3 : 0;
}

/** Prints a line per site to standard output, then what failed and how to continue. */
async function printSummary(
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
  return [...await troubles(end, paths!), `  continue with: ${again.join(" ")}`];
}

/** What the stages of this run left in `runs.ndjson`. */
async function troubles(end: SiteEnd, paths: SitePaths): Promise<string[]> {
  const since = end.started.toISOString();
  const { runs } = await readRuns(paths);
  const bad = runs.filter(({ started_at, exit }) => started_at >= since && exit !== 0);
  // a reason is carried along from stage to stage: it is reported where it came up
  const shown = new Set<string>();
  const lines = bad.flatMap(({ stage, status, error, reasons = [] }) => {
    const fresh = (error === undefined ? reasons : [error]).filter((text) => !shown.has(text));
    for (const text of fresh) shown.add(text);
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
