import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { sitePaths } from "../../lib/storage/paths.ts";
import { hasParent, partsOf } from "../../lib/catalogues/ckan/harvest_index.ts";
import { pageEntries } from "../../lib/catalogues/ckan/page_reader.ts";
import { demoDataset } from "../../lib/demo/city/datasets.ts";
import {
  type DemoPortal,
  type PortalOptions,
  startPortal,
} from "../../lib/demo/services/portal.ts";
import { Database } from "../../lib/duckdb/database.ts";
import {
  newestSealedRun,
  readAnswer,
  sealedEntries,
  type SealedRun,
} from "../../lib/storage/sealed_run.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { canRunHere, runHere } from "./run_here.ts";
import { type Ran, runTaskWith } from "./run_task.ts";

/** A site in a temporary folder, whose portal is a server of the test. */
export interface HarvestSite {
  root: string;
  config: string;
  /** `--config-file … --artifacts-dir …`. */
  flags: string[];
  /** Variables for the tasks: the tests' own environment is shared by files that run at once. */
  env: Record<string, string>;
  run(task: string, ...more: string[]): Promise<Ran>;
  sealed(): Promise<SealedRun | undefined>;
  /** The rows of a select over the newest `ckan_api`, or the database named. */
  rows<Row>(sql: string, database?: string): Promise<Row[]>;
  /** Every page of the newest harvest, and of those it continues from, as the objects its text means. */
  pages(): Promise<{ result: { results: { id: string }[] } }[]>;
  remove(): Promise<void>;
}

/** Makes the site; `download` and `more` are lines of the config's tables `[download]` and `[site]`. */
export async function harvestSite(
  endpointUrl: string,
  download = "",
  more = "",
): Promise<HarvestSite> {
  const root = await Deno.makeTempDir({ prefix: "harvest_" });
  const config = join(root, "harvested.toml");
  const artifacts = join(root, "artifacts");
  await Deno.writeTextFile(
    config,
    `[site]\nshort_name = "harvested"\npackage_search_endpoint_url = "${endpointUrl}"\n` +
      `${more}\n` +
      `[download]\nrequests_per_second = 1000\n${download}\n`,
  );
  const paths = sitePaths(artifacts, "harvested");
  const flags = ["--config-file", config, "--artifacts-dir", artifacts];
  const env: Record<string, string> = {};
  const sealed = () => newestSealedRun(paths, "datasets");
  return {
    root,
    config,
    flags,
    env,
    run: (task, ...more) =>
      (canRunHere(task) ? runHere : runTaskWith)(env, task, ...flags, ...more),
    sealed,
    async rows<Row>(sql: string, database = "ckan_api") {
      const snapshot = (await newestSnapshot(paths, database))!;
      const db = await Database.open(paths.scratch);
      try {
        await db.attach(snapshot.file, database);
        await db.run(`use ${database}`);
        return await db.rows<Row>(sql);
      } finally {
        db.close();
      }
    },
    async pages() {
      const newest = (await sealed())!;
      const parts = hasParent(newest)
        ? await partsOf(paths, newest)
        : [{ run: newest, entries: pageEntries(await sealedEntries(newest)) }];
      const pages = [];
      for (const { run, entries } of parts) {
        for (const entry of entries.filter(({ file }) => file !== undefined)) {
          const bytes = await readAnswer(run.folder, entry);
          pages.push(JSON.parse(new TextDecoder().decode(bytes)));
        }
      }
      return pages;
    },
    remove: () => Deno.remove(root, { recursive: true }),
  };
}

export const DATASETS = 450;

/** Runs a test on a site whose portal is the demo's, with `DATASETS` datasets unless said otherwise. */
export async function inPortal(
  options: Partial<PortalOptions>,
  download: string,
  test: (portal: DemoPortal, site: HarvestSite) => Promise<void>,
): Promise<void> {
  const portal = startPortal({ datasets: DATASETS, ...options });
  const site = await harvestSite(portal.endpointUrl, download);
  try {
    await test(portal, site);
  } finally {
    await portal.close();
    await site.remove();
  }
}

/** The ids of the portal of `inPortal`. */
export const ALL = Array.from({ length: DATASETS }, (_, index) => demoDataset(index).id as string);

/** The ids of a harvest, those that came twice once. */
export async function idsOf(site: HarvestSite): Promise<Set<string>> {
  const pages = await site.pages();
  return new Set(pages.flatMap(({ result }) => result.results.map(({ id }) => id)));
}

/** Fails where one of these ids is not in the harvest. */
export async function assertHasAll(site: HarvestSite, wanted: string[]): Promise<void> {
  const ids = await idsOf(site);
  assertEquals(wanted.filter((id) => !ids.has(id)), [], "datasets that were lost");
}
