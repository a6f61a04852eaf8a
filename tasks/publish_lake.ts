/**
 * Publishes the clean and final tables of the sites into a DuckLake, where a team reads them with SQL.
 * Reads: newest snapshots clean_ckan_api and final of each site
 * Writes: the schema {site} of the lake whose catalogue LAKE_CATALOG names
 */
import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import pRetry from "p-retry";
import { listSites, sitePaths } from "../lib/storage/paths.ts";
import { runCommand } from "../lib/cli/command.ts";
import { Database } from "../lib/duckdb/database.ts";
import type { Environment } from "../lib/cli/environment.ts";
import { StageError, UsageError } from "../lib/cli/errors.ts";
import { artifactsDirOf, type Command, type Given } from "../lib/cli/flags.ts";
import { chosenSite, SITE_CHOICE } from "../lib/pipeline/config.ts";
import { attachLake, isPassing, type Lake, lakeError, lakeOf } from "../lib/lake/catalog.ts";
import { type Published, publishSite } from "../lib/lake/publish.ts";
import {
  createLog,
  formatCount,
  formatSeconds,
  type Log,
  standardError,
} from "../lib/cli/progress.ts";
import { newestSnapshot, type Snapshot } from "../lib/storage/snapshots.ts";

const DATABASES = ["clean_ckan_api", "final"];
/** Rows stream from file to file; the widest tables of 300,000 datasets need no more. */
const MEMORY_LIMIT = "1GB";
/** About a minute, in which other writers come to their end. */
const RETRIES = 9;
const FIRST_BACKOFF_MS = 200;
const LONGEST_BACKOFF_MS = 10_000;

const command: Command = {
  name: "publish_lake",
  action: "publish to the lake",
  description: [
    "Publish the clean and final tables into a DuckLake, a schema a site: its catalogue is what",
    'LAKE_CATALOG says, "postgres:host=… dbname=…" or a file; the Parquet of a new lake goes to',
    "LAKE_DATA_PATH, a folder or s3://… or gs://…; docs/lake.md says how to read it",
  ].join("\n"),
  options: [
    ...SITE_CHOICE,
    {
      name: "artifacts-dir",
      value: "DIR",
      help: "the artifacts directory; or ARTIFACTS_DIR; default artifacts",
    },
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, publishLake));

/** Publishes one site after the other; gives 3 where a snapshot is known to be incomplete. */
export async function publishLake(given: Given): Promise<number> {
  const lake = lakeOf(given.env);
  const root = artifactsDirOf(given);
  const log = createLog(
    command.name,
    standardError(given.env("NO_COLOR") !== undefined, given.stderr),
  );
  const sites = await findSites(root, await chosenSite(given));
  let isComplete = true;
  for (const [site, snapshots] of sites) {
    const started = performance.now();
    if (isMixed(snapshots)) {
      log.warn(
        `${site}: final was made from another clean_ckan_api: run "deno task 09_build_final"`,
      );
    }
    for (const reason of reasonsOf(snapshots)) {
      log.warn(`${site}: incomplete: ${reason}`);
      isComplete = false;
    }
    const published = await retried(
      lake,
      log,
      () => publish(root, site, snapshots, lake, given.env),
    );
    const seconds = formatSeconds((performance.now() - started) / 1000);
    for (const { name } of published.older) {
      log.warn(`${site}: left out "${name}": the lake has a newer one`);
    }
    log.info(`${site}: ${describe(published, lake)} · ${seconds}`);
  }
  return isComplete ? 0 : 3;
}

/** The sites in question with their newest snapshots. */
async function findSites(root: string, wanted?: string): Promise<Map<string, Snapshot[]>> {
  const names = await listSites(root);
  if (wanted !== undefined && !names.includes(wanted)) {
    throw new UsageError(
      `no site ${JSON.stringify(wanted)} in ${root}: there is ${names.join(", ") || "none"}`,
    );
  }
  const sites = new Map<string, Snapshot[]>();
  for (const name of wanted === undefined ? names : [wanted]) {
    const paths = sitePaths(root, name);
    const newest = await Promise.all(DATABASES.map((database) => newestSnapshot(paths, database)));
    const snapshots = newest.filter((snapshot) => snapshot !== undefined);
    if (snapshots.length > 0) sites.set(name, snapshots);
  }
  if (sites.size > 0) return sites;
  throw new StageError(
    `no snapshot of "clean_ckan_api" or "final" ` +
      `${wanted === undefined ? "of any site" : `for site "${wanted}"`} in ${root}: ` +
      `run "deno task pipeline" first`,
  );
}

/** One attempt, with a DuckDB of its own: what failed leaves nothing behind. */
async function publish(
  root: string,
  site: string,
  snapshots: Snapshot[],
  lake: Lake,
  env: Environment,
): Promise<Published> {
  const { scratch } = sitePaths(root, site);
  await ensureDir(scratch);
  const spilled = await Deno.makeTempDir({ dir: scratch, prefix: "publish_lake_" });
  const db = await Database.open(join(spilled, "spilled"), MEMORY_LIMIT);
  try {
    await attachLake(db, lake, env);
    for (const { file, manifest } of snapshots) await db.attach(file, manifest.database);
    return await publishSite(db, site, snapshots, new Date());
  } finally {
    db.close();
    await Deno.remove(spilled, { recursive: true });
  }
}

/** Again where another writer was faster, with growing pauses. */
function retried<Result>(lake: Lake, log: Log, work: () => Promise<Result>): Promise<Result> {
  return pRetry(async () => {
    try {
      return await work();
    } catch (error) {
      throw lakeError(lake, error);
    }
  }, {
    retries: RETRIES,
    minTimeout: FIRST_BACKOFF_MS,
    maxTimeout: LONGEST_BACKOFF_MS,
    randomize: true,
    shouldRetry: ({ error }) => isPassing(error),
    onFailedAttempt: ({ error, attemptNumber, retriesLeft }) => {
      if (isPassing(error) && retriesLeft > 0) {
        log.info(`Another writer was faster, trying again (${attemptNumber + 1})`);
      }
    },
  });
}

/** Whether the two snapshots are not of one catalogue. */
function isMixed(snapshots: Snapshot[]): boolean {
  const [clean, final] = snapshots;
  return final !== undefined &&
    !final.manifest.parents.some(({ sha256 }) => sha256 === clean?.manifest.sha256);
}

function reasonsOf(snapshots: Snapshot[]): string[] {
  return [...new Set(snapshots.flatMap(({ manifest }) => manifest.reasons))];
}

function describe({ written, rows }: Published, lake: Lake): string {
  if (written.length === 0) return `nothing to do, ${lake.title} has these snapshots`;
  const names = written.map(({ name }) => name).join(" and ");
  return `${formatCount(rows)} rows of ${names} into ${lake.title}`;
}
