/**
 * Measures stage 04 and 05 against the embedded code search: queries per URL, recall and precision.
 *
 * @module
 */
import { join } from "node:path";
import { sitePaths } from "../../lib/storage/paths.ts";
import { demoCode } from "../../lib/demo/code/repositories.ts";
import { startCodeSearch } from "../../lib/demo/services/code_search.ts";
import { startPortal } from "../../lib/demo/services/portal.ts";
import { Database } from "../../lib/duckdb/database.ts";
import { formatBytes, formatCount, formatSeconds } from "../../lib/cli/progress.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { type PlainSearch, searchBatchesOfTen, type Wanted } from "./batches_of_ten.ts";
import { type Measured, measureScript, printTable } from "./measure.ts";
import { agreeByKind, type Agreement, type Named } from "./recall.ts";

const SITE = "bench";
const REPOSITORIES = 2000;
/** More matches than this no query gets, whatever it asks for. */
const MATCH_LIMIT = 8000;
/** More matches than this take longer than a query may. */
const TIMEOUT_MATCHES = 5000;
const STAGES = [
  "01_download_datasets",
  "02_insert_datasets",
  "03_clean_datasets",
  "04_download_search_results",
  "05_insert_search_results",
];

/** What one size gave. */
interface Found {
  distinctUrls: number;
  /** Requests that reached the code search, those that were asked again included. */
  queries: number;
  stages: Measured[];
  kinds: Agreement[];
  plain: PlainSearch;
  /** Of the plain way, against the exact mentions and against all. */
  plainExact: Agreement;
  plainOfAll: number;
}

/**
 * The code search on catalogues of several sizes, against the embedded engine with its limits: how many
 * queries it sends, and what it finds of what is known to be there, beside queries for ten URLs each.
 */
export async function benchCodeSearch(scratch: string, sizes: number[]): Promise<void> {
  const queries: string[][] = [];
  const kinds: string[][] = [];
  for (const size of sizes) {
    const found = await searchCity(join(scratch, `code_search_${size}`), size);
    const urls = formatCount(found.distinctUrls);
    const tens = found.distinctUrls / 10;
    const [, , , search, insert] = found.stages as [
      Measured,
      Measured,
      Measured,
      Measured,
      Measured,
    ];
    queries.push([
      urls,
      formatCount(found.queries),
      (found.queries / tens).toFixed(4),
      formatSeconds(search.seconds),
      `${formatSeconds(insert.seconds)} ${formatBytes(insert.peakBytes)}`,
      formatCount(found.plain.queries),
      formatSeconds(found.plain.seconds),
      formatCount(found.plain.incomplete),
    ]);
    for (const kind of found.kinds) kinds.push([`${urls} ${kind.kind}`, ...agreementCells(kind)]);
    kinds.push([`${urls} ten URLs a query: exact`, ...agreementCells(found.plainExact)]);
    kinds.push([`${urls} ten URLs a query: all kinds`, "", "", found.plainOfAll.toFixed(4), ""]);
  }
  printTable(
    "Queries of the plan beside queries for ten URLs each; wanted: at most 0.06 of them",
    ["distinct URLs", "queries", "of URLs ÷ 10", "04", "05", "by tens", "time", "cut"],
    queries,
  );
  printTable(
    "Found against what is there; wanted: 1 and 1 for exact and normalized, 0.97 and 0.99 for the others",
    ["distinct URLs, kind", "there", "found", "recall", "precision"],
    kinds,
  );
}

async function searchCity(folder: string, datasets: number): Promise<Found> {
  await Deno.mkdir(folder, { recursive: true });
  const code = demoCode({ datasets, repositories: REPOSITORIES });
  const pagesFolder = join(folder, "pages");
  await Deno.mkdir(pagesFolder);
  const portal = startPortal({ datasets, pagesFolder });
  const search = startCodeSearch({
    repositories: code.repositories,
    matchLimit: MATCH_LIMIT,
    timeoutMatches: TIMEOUT_MATCHES,
  });
  try {
    const config = join(folder, "bench.toml");
    const artifacts = join(folder, "artifacts");
    await Deno.writeTextFile(config, configText(portal.endpointUrl, search.url));
    const stages: Measured[] = [];
    for (const name of STAGES) {
      const args = ["--config-file", config, "--artifacts-dir", artifacts];
      const result = await measureScript(`tasks/${name}.ts`, args);
      if (result.exit !== 0) {
        throw new Error(`"${name}" ended with ${result.exit}: ${result.stderr.trim()}`);
      }
      stages.push(result);
    }
    const queries = search.requests.count;
    const { resources, found } = await readTables(artifacts);
    const plain = await searchBatchesOfTen(search.url, resources);
    const kinds = agreeByKind(code.truth, found);
    reportDifferences(kinds);
    return {
      distinctUrls: new Set(resources.map(({ url }) => url)).size,
      queries,
      stages,
      kinds,
      plain,
      plainExact: agreeByKind(code.truth, plain.found)[0]!,
      plainOfAll: shareOfAll(code.truth, plain.found),
    };
  } finally {
    await portal.close();
    await search.close();
  }
}

async function readTables(artifacts: string): Promise<{ resources: Wanted[]; found: Named[] }> {
  const paths = sitePaths(artifacts, SITE);
  const db = await Database.open(paths.scratch);
  try {
    for (const database of ["clean_ckan_api", "sourcegraph_api"]) {
      await db.attach((await newestSnapshot(paths, database))!.file, database);
    }
    return {
      resources: await db.rows<Wanted>(
        "select id, package_id as dataset_id, url from clean_ckan_api.ckan_clean_all_resources",
      ),
      found: await db.rows<Named>("from sourcegraph_api.url_mentions"),
    };
  } finally {
    db.close();
  }
}

/** How many of all rows that are there, whatever their kind, have a line that was found for them. */
function shareOfAll(truth: Named[], found: Named[]): number {
  const place = (row: Named) =>
    `${row.repository} ${row.path}:${row.line_number} ${row.dataset_id}`;
  const known = new Set(truth.map(place));
  return known.intersection(new Set(found.map(place))).size / known.size;
}

function reportDifferences(kinds: Agreement[]): void {
  for (const { kind, missing, wrong } of kinds) {
    for (const row of missing) console.error(`${kind} not found: ${row}`);
    for (const row of wrong) console.error(`${kind} not there: ${row}`);
  }
}

function agreementCells({ truth, found, recall, precision }: Agreement): string[] {
  return [formatCount(truth), formatCount(found), recall.toFixed(4), precision.toFixed(4)];
}

function configText(endpointUrl: string, searchUrl: string): string {
  return `[site]
short_name = "${SITE}"
package_search_endpoint_url = "${endpointUrl}"
portal_hosts = ["data.port-aurelia.example"]

[download]
requests_per_second = 1000

[code_search]
endpoint_url = "${searchUrl}"
requests_per_second = 1000
`;
}
