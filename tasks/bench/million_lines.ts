/**
 * Measures stage 05 on a million lines of code against half a million URLs.
 *
 * @module
 */
import { join } from "node:path";
import { RowAppender } from "../../lib/duckdb/appender.ts";
import { sitePaths } from "../../lib/storage/paths.ts";
import { parseConfig } from "../../lib/pipeline/config.ts";
import { CatalogueIndex } from "../../lib/demo/city/catalogue_index.ts";
import { makeDecoy, makeMention, type MatchKind } from "../../lib/demo/code/mentions.ts";
import { LANGUAGES, writeLine } from "../../lib/demo/code/lines.ts";
import { Random } from "../../lib/demo/random.ts";
import { DownloadRun } from "../../lib/storage/download_run.ts";
import { formatBytes, formatCount, formatSeconds } from "../../lib/cli/progress.ts";
import { publishSnapshot } from "../../lib/duckdb/publish_snapshot.ts";
import { newestSnapshot, type Snapshot } from "../../lib/storage/snapshots.ts";
import { measureScript, printTable } from "./measure.ts";

const SITE = "bench";
const SEED = 20_261_124;
const LINES_PER_URL = 2;
const LINES_PER_FILE = 8;
/** Datasets that lines next to each other name: what one query finds lies close together. */
const NEIGHBOURS = 50;
const FILES_PER_REPOSITORY = 3;
/** As much as an answer of a code search may hold. */
const LINES_PER_ANSWER = 8000;
/** One line in so many names nothing, though it looks as if it did. */
const DECOYS = 5;
const KINDS: readonly MatchKind[] = [
  "exact",
  "exact",
  "normalized",
  "normalized",
  "query_variant",
  "identifier",
  "template",
  "landing_page",
];
const ENCODER = new TextEncoder();

/**
 * Loading and attributing the lines of a large search, two a URL of the catalogue: time and peak
 * memory of 05. Catalogue and search are written by the real writers, the stage is a process.
 */
export async function benchMillionLines(scratch: string, sizes: number[]): Promise<void> {
  const rows: string[][] = [];
  for (const size of sizes) rows.push(await loadLines(join(scratch, `lines_${size}`), size));
  printTable(
    "05 on many lines; wanted: at most 3 min and 2 GB for 1,000,000 lines and 500,000 URLs",
    ["URLs", "lines", "mentions", "05", "peak memory"],
    rows,
  );
}

async function loadLines(root: string, datasets: number): Promise<string[]> {
  const text = configText();
  const site = {
    paths: sitePaths(root, SITE),
    config: parseConfig(text, "bench.toml"),
    now: () => new Date("2026-11-24T03:41:49Z"),
    force: false,
  };
  const catalogue = new CatalogueIndex(datasets, { seed: SEED });
  const { clean, urls } = await publishCatalogue(site, catalogue);
  const lines = LINES_PER_URL * urls;
  await writeSearch(site, catalogue, clean, lines);
  const config = join(root, "bench.toml");
  await Deno.writeTextFile(config, text);
  const result = await measureScript("tasks/05_insert_search_results.ts", [
    "--config-file",
    config,
    "--artifacts-dir",
    root,
  ]);
  if (result.exit !== 0) throw new Error(`05 ended with ${result.exit}: ${result.stderr.trim()}`);
  const { tables } = (await newestSnapshot(site.paths, "sourcegraph_api"))!.manifest;
  return [
    formatCount(urls),
    formatCount(lines),
    formatCount(tables.url_mentions ?? 0),
    formatSeconds(result.seconds),
    formatBytes(result.peakBytes),
  ];
}

type Site = Parameters<typeof publishSnapshot>[0];

async function publishCatalogue(
  site: Site,
  catalogue: CatalogueIndex,
): Promise<{ clean: Snapshot; urls: number }> {
  const urls = new Set<string>();
  const { snapshot } = await publishSnapshot(site, {
    database: "clean_ckan_api",
    stage: "03_clean_datasets",
    parents: [],
    complete: true,
    reasons: [],
  }, async (db) => {
    await db.run(
      "create table ckan_clean_datasets (id varchar, name varchar, url varchar);" +
        "create table ckan_clean_all_resources (id varchar, package_id varchar, url varchar, format varchar)",
    );
    const into = (name: string) => RowAppender.open(db, { catalog: "clean_ckan_api", name });
    const datasets = await into("ckan_clean_datasets");
    const resources = await into("ckan_clean_all_resources");
    const known = new Set<string>();
    for (let at = 0; at < catalogue.size; at++) {
      const { id, name, url } = catalogue.dataset(at);
      datasets.add(id, name, url);
      for (const resource of catalogue.usable(at)) {
        if (known.has(resource.resourceId)) continue;
        known.add(resource.resourceId);
        urls.add(resource.url);
        resources.add(resource.resourceId, id, resource.url, "CSV");
      }
    }
    datasets.close();
    resources.close();
  });
  return { clean: snapshot, urls: urls.size };
}

async function writeSearch(
  site: Site,
  catalogue: CatalogueIndex,
  clean: Snapshot,
  lines: number,
): Promise<void> {
  const identity = {
    backend: "sourcegraph",
    endpoint_url: site.config.code_search.endpoint_url,
    formats: [],
    catalogue: clean.manifest.sha256,
  };
  const run = await DownloadRun.begin(site.paths, "search_results", identity, site.now());
  const random = new Random(SEED, "lines");
  let files = 0;
  for (let left = lines; left > 0; left -= LINES_PER_ANSWER) {
    const id = `query-${run.size}`;
    const matches = Math.min(left, LINES_PER_ANSWER);
    const events = [];
    for (let at = 0; at < matches; at += LINES_PER_FILE) {
      const count = Math.min(LINES_PER_FILE, matches - at);
      const done = (lines - left + at) / lines;
      const file = makeFile(catalogue, files++, { count, done }, random);
      events.push(`event: matches\ndata: ${JSON.stringify([file])}\n\n`);
    }
    const progress = { done: true, matchCount: matches, durationMs: 1, skipped: [] };
    events.push(`event: progress\ndata: ${JSON.stringify(progress)}\n\nevent: done\ndata: {}\n\n`);
    const time = site.now().toISOString();
    await run.append(id, ENCODER.encode(events.join("")), {
      query_id: id,
      query: id,
      terms: [id],
      kind: "lines",
      pass: 1,
      status: "complete",
      reason: null,
      is_split: false,
      started_at: time,
      finished_at: time,
      attempts: 1,
      matches,
    }, site.now());
  }
  await run.seal({ complete: true, reasons: [], counts: {}, details: { pass: 1 } }, site.now());
  run.close();
}

/** A file as the stream gives it, with so many lines; `done` is the share of all lines before it. */
function makeFile(
  catalogue: CatalogueIndex,
  number: number,
  { count, done }: { count: number; done: number },
  random: Random,
) {
  const language = LANGUAGES[random.pick(Object.keys(LANGUAGES))]!;
  const repository = Math.floor(number / FILES_PER_REPOSITORY);
  const chunkMatches = [];
  const blocks = Math.ceil(catalogue.size / NEIGHBOURS);
  const block = (Math.floor(done * blocks) * 7919) % blocks;
  for (let line = 0; chunkMatches.length < count;) {
    const dataset = Math.min(block * NEIGHBOURS + random.below(NEIGHBOURS), catalogue.size - 1);
    const mention = random.below(DECOYS) === 0
      ? makeDecoy(catalogue, dataset, random)
      : makeMention(random.pick(KINDS), catalogue, dataset, random);
    const written = mention === undefined ? undefined : writeLine(language, mention, random);
    if (written === undefined) continue;
    chunkMatches.push({
      content: written.line,
      contentStart: { offset: 0, line, column: 0 },
      ranges: [],
    });
    line += 1 + random.below(9);
  }
  return {
    type: "content",
    repository: `github.com/owner-${repository % 997}/project-${repository}`,
    path: `${number % FILES_PER_REPOSITORY}/${random.pick(language.paths)}`,
    repoStars: 1 + repository % 500,
    repoLastFetched: "2026-11-20T01:12:33.123456Z",
    commit: repository.toString(16).padStart(40, "0"),
    chunkMatches,
  };
}

function configText(): string {
  return `[site]
short_name = "${SITE}"
package_search_endpoint_url = "https://data.port-aurelia.example/api/3/action/package_search"
`;
}
