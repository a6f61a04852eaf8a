// Loads what the code search found and says which resources and datasets each line mentions.
// Reads: newest sealed run of downloads/search_results/, or all its shards, newest snapshot clean_ckan_api
// Writes: read_only/{site}/<backend>_api_{datetime}.db and its manifest
import { BACKEND_OPTION, backendName, matchReader } from "../lib/code_search/backends.ts";
import { readCatalogue } from "../lib/code_search/catalogue.ts";
import { insertMatches } from "../lib/code_search/insert_matches.ts";
import type { Database } from "../lib/duckdb/database.ts";
import { collectGarbage } from "../lib/cli/gc.ts";
import { requireDownload, requireSnapshot } from "../lib/pipeline/inputs.ts";
import { buildModels } from "../lib/duckdb/models.ts";
import { formatCount } from "../lib/cli/progress.ts";
import { publishSnapshot } from "../lib/duckdb/publish_snapshot.ts";
import { type Snapshot } from "../lib/storage/snapshots.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";
import type { Download } from "../lib/storage/merged_downloads.ts";

const INSERT_SOURCE = new URL("../sql/code_search/inputs/source.sql", import.meta.url);

export const stage: Stage = {
  name: "05_insert_search_results",
  action: "insert search results",
  description:
    "Load and attribute the matches: newest sealed search + clean_ckan_api → snapshot <backend>_api",
  takesInput: true,
  options: [BACKEND_OPTION],
  run: insertSearchResults,
};

/** Loads the newest search of a backend, line by line compared with the newest catalogue. */
export async function insertSearchResults(context: Context): Promise<Outcome> {
  const { config, log } = context;
  const backend = backendName(context);
  const clean = await requireSnapshot(
    context,
    "clean_ckan_api",
    "03_clean_datasets",
    context.input,
  );
  const search = await requireDownload(
    context,
    "search_results",
    "04_download_search_results",
    (identity) => identity.backend === backend,
  );
  const reasons = [...new Set([...clean.manifest.reasons, ...search.reasons])];
  if (search.identity.catalogue !== clean.manifest.sha256) {
    reasons.push(
      `the search was made for another catalogue than ${clean.name}: run "deno task 04_download_search_results" again`,
    );
  }
  const { formats } = config.code_search;
  const { portal_hosts, host_aliases } = config.site;
  const { snapshot, upToDate } = await publishSnapshot(context, {
    database: `${backend}_api`,
    sql: "code_search",
    stage: stage.name,
    parents: [...search.parents, clean.parent],
    complete: reasons.length === 0,
    reasons,
    settings: { formats, portal_hosts, host_aliases },
  }, async (db) => {
    await compare(context, { db, search, clean, backend });
    collectGarbage();
    await db.attach(clean.file, "clean_ckan_api");
    await buildModels(db, "code_search", log);
  });
  const { tables } = snapshot.manifest;
  return {
    summary: upToDate
      ? `Nothing new: ${snapshot.file} is up to date`
      : `${formatCount(tables.url_mentions ?? 0)} mentions on ${
        formatCount(tables.line_matches ?? 0)
      } lines of ${formatCount(tables.search_results ?? 0)} files → ${snapshot.file}`,
    reasons,
    counts: tables,
    inputs: [...search.parents, clean.parent].map(({ file }) => file),
    outputs: [snapshot.parent.file],
    upToDate,
  };
}

/** The catalogue is held only as long as lines are compared with it: the models need the room. */
async function compare(
  { config, paths, log }: Context,
  from: {
    db: Database;
    search: Download;
    clean: Snapshot;
    backend: ReturnType<typeof backendName>;
  },
): Promise<void> {
  const index = await readCatalogue(from.clean, {
    scratch: paths.scratch,
    portalHosts: config.site.portal_hosts,
    hostAliases: config.site.host_aliases,
    formats: config.code_search.formats,
  });
  const bar = log.bar("Comparing with the catalogue", "lines");
  const read = matchReader(from.backend);
  await insertMatches(from.db, from.search.runs, read, index, (lines) => bar.advance(lines));
  bar.end();
  // shards search the same source
  const [source] = from.search.runs.flatMap(({ seal }) => seal.details.source ?? []);
  if (source !== undefined) {
    await from.db.run(await Deno.readTextFile(INSERT_SOURCE), [JSON.stringify(source)]);
  }
}

if (import.meta.main) await runAsScript(stage);
