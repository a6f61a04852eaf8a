import { join } from "node:path";
import { sitePaths } from "../../lib/storage/paths.ts";
import { createApp } from "../../lib/explorer/app.ts";
import { SiteData } from "../../lib/explorer/site_data.ts";
import type { Log } from "../../lib/cli/progress.ts";
import { publishSnapshot } from "../../lib/duckdb/publish_snapshot.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { runStage, type Stage } from "../../lib/pipeline/stage.ts";
import { stage } from "../../tasks/09_build_final.ts";
import { stage as deliverStage } from "../../tasks/10_deliver.ts";
import {
  CONFIG_TEXT,
  publishCatalogue,
  publishSearch,
  SMALL_MENTIONS,
  smallSite,
} from "./small_snapshots.ts";

/** The explorer over the small site, on a port of its own. */

/** A running explorer. */
export interface RunningExplorer {
  origin: string;
  /** The artifacts directory. */
  root: string;
  stop(): Promise<void>;
}

/** A log that no one reads. */
export const QUIET: Log = {
  info: () => {},
  warn: () => {},
  bar: () => ({ advance: () => {}, end: () => {} }),
};

/** Builds the small site's `final`, with some topics of hostile names. */
export async function buildSmallFinal(root: string): Promise<void> {
  const config = join(root, "small.toml");
  await Deno.writeTextFile(config, CONFIG_TEXT);
  const site = smallSite(root);
  const { snapshot: raw } = await publishSnapshot(site, {
    database: "ckan_api",
    stage: "02_insert_datasets",
    parents: [],
    complete: true,
    reasons: [],
  }, async (db) => {
    await db.run(
      `create table ckan_tags (dataset_id varchar, name varchar, display_name varchar);
       create table ckan_groups (dataset_id varchar, name varchar, title varchar);
       insert into ckan_tags values ('d1', 'trees', 'Trees'), ('d7', 'trees', 'Trees'),
         ('d1', 'x', '<b>a/b?"''</b>');
       insert into ckan_groups values ('d2', 'env', 'Environment')`,
    );
  });
  const { manifest, ...clean } = await publishCatalogue(site);
  // as if made from the raw snapshot, which is where topics are read
  const file = clean.file.replace(/\.db$/, ".json");
  await Deno.chmod(file, 0o644);
  await Deno.writeTextFile(file, JSON.stringify({ ...manifest, parents: [raw.parent] }));
  await publishSearch(site, SMALL_MENTIONS);
  await publishSnapshot(site, {
    database: "reverse_dependencies",
    stage: "08_insert_dependents",
    parents: [],
    complete: true,
    reasons: [],
  }, (db) => db.run(PACKAGES));
  await buildFinalOf(root);
}

/** Builds the small site's `final` again, whether or not anything has changed. */
export async function buildFinalOf(root: string): Promise<void> {
  await runOnSmall(root, stage, "--force");
}

/** Delivers the small site; gives the report's file. */
export async function deliverSmall(root: string): Promise<string> {
  await runOnSmall(root, deliverStage);
  return join(sitePaths(root, "small").delivery, "report.html");
}

async function runOnSmall(root: string, of: Stage, ...flags: string[]): Promise<void> {
  const config = join(root, "small.toml");
  const exit = await runStage(of, [...flags, "--config-file", config, "--artifacts-dir", root]);
  if (exit !== 0) throw new Error(`${of.name} ended with ${exit}`);
}

/** A package of a repository that mentions data, with a name and an address from elsewhere. */
const PACKAGES = `
create table repositories (repository varchar, state varchar, current_name varchar, stars bigint);
insert into repositories values ('github.com/anna/maps', 'found', 'github.com/anna/maps', 10);
create table packages (
    ecosystem varchar, name varchar, registry varchar, registry_url varchar, description varchar,
    dependent_packages_count bigint, dependent_repos_count bigint
);
insert into packages values
    ('npm', 'maps', 'npm.example', 'https://npm.example/maps', 'Maps of <b>trees</b>', 100, 7),
    ('pypi', '<img src=x onerror=alert(1)>', 'pypi.example', 'javascript:alert(1)', null, 40, null);
create table repository_packages (
    repository varchar, ecosystem varchar, name varchar, is_declared boolean, is_confirmed boolean
);
insert into repository_packages
select 'github.com/anna/maps', ecosystem, name, true, true from packages;
`;

/**
 * Serves the small site in this process.
 * @param now milliseconds, for how often is looked for a newer snapshot
 */
export async function startExplorer(
  now?: () => number,
  log = QUIET,
  options?: { idleMs: number },
): Promise<RunningExplorer> {
  const root = await Deno.makeTempDir();
  await buildSmallFinal(root);
  const paths = sitePaths(root, "small");
  const data = await SiteData.open(paths, (await newestSnapshot(paths, "final"))!, log, options);
  const sites = new Map([["small", data]]);
  const app = createApp(sites, [["small", paths]], log, now);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, app.fetch);
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    root,
    async stop() {
      await server.shutdown();
      sites.get("small")!.close();
      await Deno.remove(root, { recursive: true });
    },
  };
}
