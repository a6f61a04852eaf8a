// Cleans, deduplicates and checks the catalogue.
// Reads: newest snapshot ckan_api
// Writes: read_only/{site}/clean_ckan_api_{datetime}.db and its manifest: tables
//         ckan_clean_all_resources, ckan_clean_json_resources, ckan_clean_datasets,
//         ckan_clean_organizations, cleaning_report
import type { Database } from "../lib/duckdb/database.ts";
import { requireSnapshot } from "../lib/pipeline/inputs.ts";
import { buildModels } from "../lib/duckdb/models.ts";
import { formatCount } from "../lib/cli/progress.ts";
import { publishSnapshot } from "../lib/duckdb/publish_snapshot.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";

const DATABASE = "clean_ckan_api";

/** The stage as the pipeline runs it. */
export const stage: Stage = {
  name: "03_clean_datasets",
  action: "clean datasets",
  description: "Clean, deduplicate, check the catalogue: ckan_api → snapshot clean_ckan_api",
  takesInput: true,
  run: cleanDatasets,
};

/** Builds the clean tables from the newest raw ones and publishes them. */
export async function cleanDatasets(context: Context): Promise<Outcome> {
  const raw = await requireSnapshot(context, "ckan_api", "02_insert_datasets", context.input);
  const { snapshot, upToDate } = await publishSnapshot(context, {
    database: DATABASE,
    stage: context.stage,
    parents: [raw.parent],
    complete: raw.manifest.complete,
    reasons: raw.manifest.reasons,
  }, async (db) => {
    context.log.info(`Cleaning ${raw.name}`);
    await db.attach(raw.file, "ckan_api");
    await buildModels(db, DATABASE, context.log);
    await tell(db, context);
    await db.run("detach ckan_api");
  });
  const { tables } = snapshot.manifest;
  const counts = {
    datasets: tables.ckan_clean_datasets ?? 0,
    resources: tables.ckan_clean_all_resources ?? 0,
    json_resources: tables.ckan_clean_json_resources ?? 0,
    organizations: tables.ckan_clean_organizations ?? 0,
  };
  const what = `${formatCount(counts.datasets)} datasets, ${
    formatCount(counts.resources)
  } resources and ${formatCount(counts.organizations)} organizations → ${snapshot.file}`;
  return {
    summary: upToDate ? `Nothing new to clean: ${what}` : what,
    reasons: raw.manifest.reasons,
    counts,
    inputs: [raw.parent.file],
    outputs: [snapshot.parent.file],
    upToDate,
  };
}

/** What was left out or could not be read, in the words of the report; blanks are no news. */
async function tell(db: Database, context: Context): Promise<void> {
  const report = await db.rows<
    { table_name: string; column_name: string; reason: string; rows: number }
  >("from cleaning_report where reason <> 'blank' order by rows desc, table_name, column_name, reason limit 10");
  if (report.length === 0) return;
  context.log.info("Left out or not readable, most first; all of it is in cleaning_report:");
  for (const { table_name, column_name, reason, rows } of report) {
    context.log.info(`  ${formatCount(rows)} · ${table_name}.${column_name}: ${reason}`);
  }
}

if (import.meta.main) await runAsScript(stage);
