import { join } from "node:path";
import { sitePaths } from "../../lib/storage/paths.ts";
import { demoCode } from "../../lib/demo/code/repositories.ts";
import { startCodeSearch } from "../../lib/demo/services/code_search.ts";
import { startPortal } from "../../lib/demo/services/portal.ts";
import { formatBytes, formatCount, formatSeconds } from "../../lib/cli/progress.ts";
import {
  type Entry,
  newestSealedRun,
  sealedEntries,
  type SealedRun,
} from "../../lib/storage/sealed_run.ts";
import { type Measured, measureScript, printTable } from "./measure.ts";

const SITE = "bench";
const CONCURRENCY = 2;
const REPOSITORIES = 1000;
const OTHER_STAGES = [
  "03_clean_datasets",
  "04_download_search_results",
  "05_insert_search_results",
  "09_build_final",
  "10_deliver",
];

/**
 * Every stage on portals of several sizes, in processes of their own: time and peak memory, 01 beside a bare
 * fetch loop over the same URLs, 02 beside one hand-written statement over the same pages.
 */
export async function benchPipeline(scratch: string, sizes: number[]): Promise<void> {
  const ratios: string[][] = [];
  const stages: string[][] = [];
  for (const size of sizes) {
    const bench = new PortalBench(join(scratch, String(size)), size);
    try {
      await bench.run(ratios, stages);
    } finally {
      await bench.close();
    }
  }
  printTable(
    "01 against a bare fetch loop, 02 against one hand-written create table",
    ["datasets", "pages", "01", "bare loop", "throughput", "02", "by hand", "time"],
    ratios,
  );
  printTable(
    "Time and peak memory of each stage",
    ["datasets", "01", "02", ...OTHER_STAGES.map((name) => name.slice(0, 2))],
    stages,
  );
}

class PortalBench {
  #portal;
  #search;

  constructor(readonly folder: string, readonly size: number) {
    Deno.mkdirSync(folder, { recursive: true });
    this.#portal = startPortal({ datasets: size, prerender: true });
    this.#search = startCodeSearch({
      repositories: demoCode({ datasets: size, repositories: REPOSITORIES }).repositories,
    });
  }

  async run(ratios: string[][], stages: string[][]): Promise<void> {
    const config = join(this.folder, "bench.toml");
    await Deno.writeTextFile(config, this.#config());
    const stage = (name: string, ...flags: string[]) =>
      measured(`tasks/${name}.ts`, [
        ...flags,
        "--config-file",
        config,
        "--artifacts-dir",
        join(this.folder, "artifacts"),
      ]);
    const size = formatCount(this.size);
    // once unmeasured, so that the portal has made its pages and both peers find the same server
    await stage("01_download_datasets");
    const harvested = await stage("01_download_datasets", "--force");
    const run = (await newestSealedRun(
      sitePaths(join(this.folder, "artifacts"), SITE),
      "datasets",
    ))!;
    const bare = await this.#bareLoop(run);
    const inserted = await stage("02_insert_datasets");
    const byHand = await measured("tasks/bench/hand_written_load.ts", [
      join(this.folder, "by_hand.db"),
      ...(await pagesOf(run)).map(({ file }) => join(run.folder, file!)),
    ]);
    ratios.push([
      size,
      formatCount(run.seal.entries),
      formatSeconds(harvested.seconds),
      formatSeconds(bare.seconds),
      `${(bare.seconds / harvested.seconds).toFixed(2)}×`,
      formatSeconds(inserted.seconds),
      formatSeconds(byHand.seconds),
      `${(inserted.seconds / byHand.seconds).toFixed(2)}×`,
    ]);
    const cells = [cell(harvested), cell(inserted)];
    for (const name of OTHER_STAGES) cells.push(cell(await stage(name)));
    stages.push([size, ...cells]);
  }

  async #bareLoop(run: SealedRun): Promise<Measured> {
    const urls = (await pagesOf(run)).map(({ url }) => url);
    const list = join(this.folder, "urls.txt");
    await Deno.writeTextFile(list, urls.join("\n"));
    return await measured("tasks/bench/bare_fetch_loop.ts", [
      list,
      join(this.folder, "bare"),
      String(CONCURRENCY),
    ]);
  }

  #config(): string {
    return `[site]
short_name = "${SITE}"
package_search_endpoint_url = "${this.#portal.endpointUrl}"
portal_hosts = ["data.port-aurelia.example"]

[download]
concurrency = ${CONCURRENCY}
requests_per_second = 1000

[code_search]
endpoint_url = "${this.#search.url}"
requests_per_second = 1000
`;
  }

  async close(): Promise<void> {
    await this.#portal.close();
    await this.#search.close();
  }
}

/** Measures, and stops the benchmark where a process fails: a figure of a failed run says nothing. */
async function measured(script: string, args: string[]): Promise<Measured> {
  const result = await measureScript(script, args);
  if (result.exit === 0) return result;
  throw new Error(`"${script}" ended with ${result.exit}: ${result.stderr.trim()}`);
}

function cell({ seconds, peakBytes }: Measured): string {
  return `${formatSeconds(seconds)} ${peakBytes === 0 ? "" : formatBytes(peakBytes)}`;
}

/** The kept pages of a harvest: its plan and its index have no address. */
async function pagesOf(run: SealedRun): Promise<Entry[]> {
  return (await sealedEntries(run)).filter(({ url, file }) => url && file);
}
