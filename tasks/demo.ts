/**
 * Runs the pipeline against embedded services: no network, no account.
 * Reads: nothing; the invented city is in lib/demo/
 * Writes: artifacts/port_aurelia/, artifacts/read_only/port_aurelia/
 */
import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { corpusPaths, type SitePaths, sitePaths } from "../lib/storage/paths.ts";
import { runCommand } from "../lib/cli/command.ts";
import { isInCorpus, writeCorpus } from "../lib/demo/code/corpus.ts";
import { startCodeHost } from "../lib/demo/services/code_host.ts";
import { demoCode } from "../lib/demo/code/repositories.ts";
import { startCodeSearch } from "../lib/demo/services/code_search.ts";
import { faultsAt } from "../lib/demo/services/service.ts";
import { hostRepositories } from "../lib/demo/code/hosted_repositories.ts";
import { startPackageIndex } from "../lib/demo/services/package_index.ts";
import { startPortal } from "../lib/demo/services/portal.ts";
import { Database } from "../lib/duckdb/database.ts";
import { UsageError } from "../lib/cli/errors.ts";
import { artifactsDirOf, type Command, type Given } from "../lib/cli/flags.ts";
import { formatCount } from "../lib/cli/progress.ts";
import { newestSnapshot } from "../lib/storage/snapshots.ts";
import { runStage } from "../lib/pipeline/stage.ts";
import { stage as downloadSearchResults } from "./04_download_search_results.ts";
import { stage as insertSearchResults } from "./05_insert_search_results.ts";
import { runPipeline } from "./pipeline.ts";
import { runScan } from "./scan_corpus.ts";

const SITE = "port_aurelia";
const DATASETS = 2000;
const REPOSITORIES = 300;
/** The corpus also has repositories that the code search does not know. */
const CORPUS_REPOSITORIES = 420;
const CORPUS = "aurelia_stack";
/** The embedded services are back at once, so the pipeline need not wait as for real ones. */
const WAIT_FACTOR = 0.1;
const RETRY_AFTER_SECONDS = 0.2;
/** The code host of the demo takes this one token. */
const TOKEN = "demo";

const command: Command = {
  name: "demo",
  action: "run the demo",
  description: "Run the whole pipeline against an embedded demo portal: no network, no account",
  options: [
    { name: "datasets", value: "N", help: `how many datasets the city has; default ${DATASETS}` },
    { name: "artifacts-dir", value: "DIR", help: "or ARTIFACTS_DIR; default artifacts" },
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, runDemo));

/** Starts the city's services, runs the pipeline on them and prints what was found. */
export async function runDemo(given: Given): Promise<number> {
  const datasets = Number(given.flags.datasets ?? DATASETS);
  if (!Number.isInteger(datasets) || datasets < 1) {
    throw new UsageError(
      `--datasets "${given.flags.datasets}" is not a whole number of at least 1`,
    );
  }
  const root = artifactsDirOf(given);
  const paths = sitePaths(root, SITE);
  // some requests fail, as they do on real services, to show what happens then
  const portal = startPortal({
    datasets,
    faults: faultsAt({ 3: "503", 5: "429-seconds", 7: "cut" }),
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
  const { repositories } = demoCode({ datasets, repositories: REPOSITORIES });
  const search = startCodeSearch({
    repositories,
    faults: faultsAt({ 2: "429-seconds", 4: "cut" }),
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
  const hosted = hostRepositories(repositories);
  const host = startCodeHost({
    repositories: hosted,
    token: TOKEN,
    faults: faultsAt({ 2: "502", 5: "resource-limits" }),
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
  const index = startPackageIndex({
    repositories: hosted,
    faults: faultsAt({ 2: "503" }),
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
  try {
    given.stderr(
      `Port Aurelia is an invented city with a data portal of ${
        formatCount(datasets)
      } datasets and ${
        formatCount(REPOSITORIES)
      } repositories that use\nthem. Its services run on 127.0.0.1, and some of their requests fail, as on real services.\n\n`,
    );
    const config = await writeConfig(paths, {
      portal: portal.endpointUrl,
      search: search.url,
      repositories: host.config,
      dependents: index.config,
    });
    const flags = {
      "config-file": config,
      "artifacts-dir": root,
      force: true,
      debug: given.flags.debug,
    };
    const city: Given = {
      ...given,
      waitFactor: WAIT_FACTOR,
      flags,
      env: (name) => name === "GITHUB_TOKEN" ? TOKEN : given.env(name),
    };
    const catalogue = await runPipeline({ ...city, flags: { ...flags, to: "03" } });
    if (catalogue !== 0 && catalogue !== 3) return catalogue;
    const corpus = await searchCorpus(city, paths, datasets);
    if (corpus !== 0 && corpus !== 3) return corpus;
    const rest = await runPipeline({ ...city, flags: { ...flags, from: "04" } });
    const exit = Math.max(catalogue, corpus, rest);
    if (exit === 0 || exit === 3) await printFindings(paths, config);
    return exit;
  } finally {
    await portal.close();
    await search.close();
    await host.close();
    await index.close();
  }
}

/**
 * Writes a corpus of the city's code in two parts, as The Stack v3 has it, scans it and searches it:
 * the final tables compare it with the code search.
 */
async function searchCorpus(city: Given, paths: SitePaths, datasets: number): Promise<number> {
  const { flags } = city;
  city.stderr("\nA bulk corpus of public code is scanned once, and answers the portal:\n\n");
  const { repositories } = demoCode({ datasets, repositories: CORPUS_REPOSITORIES });
  const folder = join(paths.scratch, "corpus");
  await writeCorpus(folder, repositories.filter(isInCorpus), 2);
  const file = join(paths.root, SITE, "corpus.toml");
  await Deno.writeTextFile(file, corpusConfig(folder));
  const scan = await runScan({
    ...city,
    flags: { "corpus-file": file, "artifacts-dir": paths.root, force: true },
  });
  if (scan !== 0) return scan;
  const { store } = corpusPaths(paths.root, CORPUS, "made");
  const args = ["--config-file", flags["config-file"] as string, "--artifacts-dir", paths.root];
  const search = await runStage(
    downloadSearchResults,
    [...args, "--force", "--backend", "corpus", "--endpoint-url", store],
    city,
  );
  if (search !== 0) return search;
  return await runStage(insertSearchResults, [...args, "--force", "--backend", "corpus"], city);
}

function corpusConfig(folder: string): string {
  return `# Written by "deno task demo"
[corpus]
short_name = "${CORPUS}"
title = "The Aurelia Stack, an invented corpus"
layout = "stack_v3_train"
location = "${folder}"
revision = "made"
as_of = 2026-08-07
leaves_out = ["files whose licence forbids copying", "forks with fewer than 5 stars", "code hosts other than GitHub"]
`;
}

/** The addresses of the city's services. */
interface Endpoints {
  portal: string;
  search: string;
  repositories: Record<string, string>;
  dependents: Record<string, string>;
}

async function writeConfig(paths: SitePaths, endpoints: Endpoints): Promise<string> {
  const table = (values: Record<string, string>) =>
    Object.entries(values).map(([key, value]) => `${key} = "${value}"`).join("\n");
  await ensureDir(paths.delivery);
  const file = join(paths.root, SITE, "demo.toml");
  await Deno.writeTextFile(
    file,
    `# Written by "deno task demo": the services run only as long as it does.
[site]
short_name = "${SITE}"
title = "Port Aurelia"
package_search_endpoint_url = "${endpoints.portal}"
portal_hosts = ["data.port-aurelia.example"]

[download]
page_size = 200
requests_per_second = 50

[code_search]
backend = "sourcegraph"
endpoint_url = "${endpoints.search}"
requests_per_second = 500

[repositories]
${table(endpoints.repositories)}

[dependents]
${table(endpoints.dependents)}
`,
  );
  return file;
}

async function printFindings(paths: SitePaths, config: string): Promise<void> {
  const snapshot = await newestSnapshot(paths, "final");
  if (snapshot === undefined) return;
  const db = await Database.open(paths.scratch);
  try {
    await db.attach(snapshot.file, "final");
    const figures = new Map(
      (await db.rows<{ figure: string; value: number }>(await readQuery("key_figures")))
        .map(({ figure, value }) => [figure, value]),
    );
    const top = await db.rows<{ title: string; repositories: number }>(
      await readQuery("most_mentioned_datasets"),
    );
    const reach = await db.one<{ packages: number; most_dependents: number; furthest: string }>(
      await readQuery("reach"),
    );
    const count = (name: string) => formatCount(figures.get(name) ?? 0);
    console.log(`
What was found

  ${count("datasets")} datasets with ${count("resources")} resources of ${
      count("organizations")
    } organizations
  ${count("mentioned_datasets")} of the datasets are mentioned in ${
      count("repositories")
    } public repositories;
  these publish ${formatCount(reach.packages)} packages, and ${
      formatCount(reach.most_dependents)
    } other packages depend on ${reach.furthest} alone
  most mentioned:
${
      top.map(({ title, repositories }) =>
        `    ${String(repositories).padStart(4)} repositories  ${title}`
      ).join("\n")
    }

Where to find it

  report    ${join(paths.delivery, "report.html")}
  tables    ${join(paths.delivery, "exports")}
  database  ${snapshot.file}
  config    ${config}

Next: open the explorer with "deno task serve", see "deno task status", then run a real portal:
  deno task pipeline --config-file configs/opendata_swiss.toml`);
  } finally {
    db.close();
  }
}

function readQuery(name: string): Promise<string> {
  return Deno.readTextFile(new URL(`../sql/final/queries/${name}.sql`, import.meta.url));
}
