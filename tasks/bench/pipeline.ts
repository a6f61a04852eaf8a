/**
 * Every stage on portals of several sizes, in processes of their own: time and peak memory, beside
 * what could be done at best and beside what others do.
 * @module
 */
import { join } from "node:path";
import { demoCode } from "../../lib/demo/code/repositories.ts";
import { startCodeSearch } from "../../lib/demo/services/code_search.ts";
import { type DemoPortal, startPortal } from "../../lib/demo/services/portal.ts";
import type { Service } from "../../lib/demo/services/service.ts";
import { type SitePaths, sitePaths } from "../../lib/storage/paths.ts";
import {
  type Entry,
  newestSealedRun,
  sealedEntries,
  type SealedRun,
} from "../../lib/storage/sealed_run.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import type { Figure } from "./limits.ts";
import { type Measured, measureScript } from "./measure.ts";
import { measurePeer } from "./peers.ts";

const SITE = "bench";
const CONCURRENCY = 2;
const LATENCY_MS = 50;
const REPOSITORIES = 1000;
/** No stage may take more at any size. */
const MEMORY = 1e9;
/** The whole pipeline has these at 400,000 datasets. */
const LARGE = { datasets: 400_000, seconds: 300, bytes: 1.5e9 };

/** Stages that build tables: their output, and the databases that they read. */
const BUILDS: Record<string, { output: string; inputs: string[] }> = {
  "03_clean_datasets": { output: "clean_ckan_api", inputs: ["ckan_api"] },
  "05_insert_search_results": { output: "sourcegraph_api", inputs: ["clean_ckan_api"] },
  "09_build_final": { output: "final", inputs: ["clean_ckan_api", "sourcegraph_api"] },
};

/** Measures all stages on portals of these sizes. */
export async function benchPipeline(scratch: string, sizes: number[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) {
    const bench = await PortalBench.start(join(scratch, String(size)), size);
    try {
      figures.push(...await bench.run());
    } finally {
      await bench.close();
      await Deno.remove(bench.folder, { recursive: true });
    }
  }
  return figures;
}

class PortalBench {
  private constructor(
    readonly folder: string,
    readonly size: number,
    readonly portal: DemoPortal,
    readonly search: Service,
  ) {}

  static async start(folder: string, size: number): Promise<PortalBench> {
    const pagesFolder = join(folder, "pages");
    await Deno.mkdir(pagesFolder, { recursive: true });
    const portal = startPortal({ datasets: size, pagesFolder, latencyMs: LATENCY_MS });
    const { repositories } = demoCode({ datasets: size, repositories: REPOSITORIES });
    return new PortalBench(folder, size, portal, startCodeSearch({ repositories }));
  }

  async run(): Promise<Figure[]> {
    const { size } = this;
    const config = join(this.folder, "bench.toml");
    const artifacts = join(this.folder, "artifacts");
    const paths = sitePaths(artifacts, SITE);
    await Deno.writeTextFile(config, this.#config());
    const all: Measured[] = [];
    const stage = async (name: string, ...flags: string[]) => {
      const own = ["--config-file", config, "--artifacts-dir", artifacts];
      const ours = await measured(`tasks/${name}.ts`, [...flags, ...own]);
      all.push(ours);
      return ours;
    };
    // once unmeasured, so that the portal has made its pages and both peers find the same server
    await stage("01_download_datasets");
    all.length = 0;
    const harvested = await stage("01_download_datasets", "--force");
    const run = (await newestSealedRun(paths, "datasets"))!;
    const figures: Figure[] = [{
      what: "01",
      datasets: size,
      ours: harvested,
      peer: { name: "bare fetch loop", seconds: (await this.#bareLoop(run)).seconds },
      ratio: size < 100_000 ? 0.8 : 1,
      isShare: true,
      bytes: MEMORY,
    }];
    await this.#beside(figures, "ckanapi", [
      ...["search", "datasets", "-r", new URL(this.portal.endpointUrl).origin],
      ...["-O", join(this.folder, "ckanapi.jsonl")],
    ]);

    const pages = (await pagesOf(run)).map(({ file }) => join(run.folder, file!));
    const inserted = await stage("02_insert_datasets");
    const byHand = await measured("tasks/bench/hand_written_load.ts", [
      join(this.folder, "by_hand.db"),
      ...pages,
    ]);
    figures.push({
      what: "02",
      datasets: size,
      ours: inserted,
      peer: { name: "one statement", seconds: byHand.seconds },
      ratio: 1.5,
      bytes: MEMORY,
    });
    const list = join(this.folder, "pages.txt");
    await Deno.writeTextFile(list, pages.join("\n"));
    await this.#beside(figures, "dlt", [
      "tasks/bench/dlt_load.py",
      join(this.folder, "dlt"),
      list,
    ]);

    for (
      const name of [
        "03_clean_datasets",
        "04_download_search_results",
        "05_insert_search_results",
        "09_build_final",
        "10_deliver",
      ]
    ) {
      const ours = await stage(name);
      const build = BUILDS[name];
      figures.push({
        what: name.slice(0, 2),
        datasets: size,
        ours,
        bytes: MEMORY,
        ...(build === undefined ? {} : {
          peer: { name: "tables copied", seconds: (await this.#copy(paths, build)).seconds },
          ratio: 2,
        }),
      });
    }
    figures.push({
      what: "01 to 10",
      datasets: size,
      ours: {
        seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
        peakBytes: Math.max(...all.map(({ peakBytes }) => peakBytes)),
        exit: 0,
        stderr: "",
      },
      ...(size === LARGE.datasets ? LARGE : {}),
    });
    return figures;
  }

  /** Adds what another program takes for the stage measured last. */
  async #beside(figures: Figure[], module: "ckanapi" | "dlt", args: string[]): Promise<void> {
    const { what, datasets, ours } = figures.at(-1)!;
    const peer = await measurePeer(module, args);
    if (peer === undefined) return;
    figures.push({ what, datasets, ours, peer: { name: module, seconds: peer.seconds } });
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

  async #copy(
    paths: SitePaths,
    { output, inputs }: { output: string; inputs: string[] },
  ): Promise<Measured> {
    const files = await Promise.all(
      [output, ...inputs].map(async (name) => (await newestSnapshot(paths, name))!.file),
    );
    const copy = join(this.folder, `${output}_copy.db`);
    return await measured("tasks/bench/copy_tables.ts", [copy, ...files]);
  }

  #config(): string {
    return `[site]
short_name = "${SITE}"
package_search_endpoint_url = "${this.portal.endpointUrl}"
portal_hosts = ["data.port-aurelia.example"]

[download]
concurrency = ${CONCURRENCY}
requests_per_second = 1000

[code_search]
endpoint_url = "${this.search.url}"
requests_per_second = 1000
`;
  }

  async close(): Promise<void> {
    await this.portal.close();
    await this.search.close();
  }
}

/** Measures, and stops the benchmark where a process fails: a figure of a failed run says nothing. */
async function measured(script: string, args: string[]): Promise<Measured> {
  const result = await measureScript(script, args);
  if (result.exit === 0) return result;
  throw new Error(`"${script}" ended with ${result.exit}: ${result.stderr.trim()}`);
}

/** The kept pages of a harvest: its plan and its index have no address. */
async function pagesOf(run: SealedRun): Promise<Entry[]> {
  return (await sealedEntries(run)).filter(({ url, file }) => url && file);
}
