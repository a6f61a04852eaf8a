/**
 * Cleans, deduplicates and checks the catalogue.
 *
 * Reads: newest snapshot ckan_api
 * Writes: read_only/{site}/clean_ckan_api_{datetime}.db and its manifest: tables
 * ckan_clean_all_resources, ckan_clean_json_resources, ckan_clean_datasets,
 * ckan_clean_organizations, cleaning_report
 *
 * @module
 */

import { judgeTables } from "../lib/catalogues/plausibility.ts";
import { StageError } from "../lib/cli/errors.ts";
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
  if (raw.manifest.tables.ckan_record_faults === undefined) {
    throw new StageError(
      `${raw.name} was made by an earlier version: run "deno task 02_insert_datasets" first`,
    );
  }
  const { languages } = context.config.site;
  const { snapshot, upToDate } = await publishSnapshot(context, {
    database: DATABASE,
    stage: context.stage,
    parents: [raw.parent],
    complete: raw.manifest.complete,
    reasons: raw.manifest.reasons,
    settings: { languages },
  }, async (db) => {
    context.log.info(`Cleaning ${raw.name}`);
    await db.attach(raw.file, "ckan_api");
    const chosen = languages.length > 0 ? languages : await portalLanguages(db);
    const list = JSON.stringify(chosen);
    await db.run("set variable languages = from_json($1, '[\"VARCHAR\"]')", [list]);
    await buildModels(db, DATABASE, context.log);
    await reportLeftOut(db, context);
    const reasons = await judgeTables(db);
    await db.run("detach ckan_api");
    return reasons;
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
    reasons: snapshot.manifest.reasons,
    counts,
    inputs: [raw.parent.file],
    outputs: [snapshot.parent.file],
    upToDate,
  };
}

/** The languages of a portal's titles: without a choice, the one with the most titles is its own. */
async function portalLanguages(db: Database): Promise<string[]> {
  const sql = new URL("../sql/clean_ckan_api/queries/portal_languages.sql", import.meta.url);
  const rows = await db.rows<{ language: string }>(await Deno.readTextFile(sql));
  return rows.map(({ language }) => language);
}

/** What was left out or could not be read, in the words of the report; blanks are not reported. */
async function reportLeftOut(db: Database, context: Context): Promise<void> {
  const report = await db.rows<
    { table_name: string; column_name: string; reason: string; rows: number }
  >("from cleaning_report where reason <> 'blank' order by rows desc, table_name, column_name, reason limit 10");
  if (report.length === 0) return;
  context.log.info(
    "Left out or not readable, most frequent first; cleaning_report has everything:",
  );
  for (const { table_name, column_name, reason, rows } of report) {
    context.log.info(`  ${formatCount(rows)} · ${table_name}.${column_name}: ${reason}`);
  }
}

if (import.meta.main) await runAsScript(stage);
