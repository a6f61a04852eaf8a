/**
 * Loads the pages of a harvest into the raw tables, exactly as the portal returned them.
 *
 * Reads: artifacts/{site}/downloads/datasets/{run}/ (the newest sealed one, or all its shards)
 * Writes: artifacts/read_only/{site}/ckan_api_{datetime}.db: ckan_datasets, ckan_resources,
 * ckan_organizations, ckan_groups, ckan_tags, ckan_extras, ckan_relationships, ckan_new_keys
 *
 * @module
 */

import { join } from "node:path";
import { listValue } from "@duckdb/node-api";
import { ensureDir } from "@std/fs/ensure-dir";
import { catalogueOf } from "../lib/catalogues/catalogues.ts";
import { RecordWriter } from "../lib/catalogues/record_writer.ts";
import { StageError } from "../lib/cli/errors.ts";
import { formatCount } from "../lib/cli/progress.ts";
import type { Database } from "../lib/duckdb/database.ts";
import { buildModels } from "../lib/duckdb/models.ts";
import { requireDownload } from "../lib/pipeline/inputs.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";
import type { Download } from "../lib/storage/merged_downloads.ts";
import { publishSnapshot } from "../lib/duckdb/publish_snapshot.ts";

const DATABASE = "ckan_api";

export const stage: Stage = {
  name: "02_insert_datasets",
  action: "insert datasets",
  description: "Load the pages into raw tables: newest sealed harvest → snapshot ckan_api",
  run: insertDatasets,
};

/** Publishes the raw tables of the newest sealed harvest, unless they are up to date. */
export async function insertDatasets(context: Context): Promise<Outcome> {
  const harvest = await requireDownload(context, "datasets", "01_download_datasets");
  const plan = {
    database: DATABASE,
    stage: context.stage,
    parents: harvest.parents,
    complete: harvest.complete,
    reasons: harvest.reasons,
  };
  const { snapshot, upToDate } = await publishSnapshot(
    context,
    plan,
    (db) => load(context, harvest, db),
  );
  const { tables, reasons } = snapshot.manifest;
  return {
    summary: upToDate ? `Up to date: ${snapshot.file}` : `${describe(tables)} in ${snapshot.file}`,
    reasons,
    counts: tables,
    inputs: harvest.parents.map(({ file }) => file),
    outputs: [snapshot.parent.file],
    upToDate,
  };
}

/** Gives what is missing in the tables. */
async function load(context: Context, harvest: Download, db: Database): Promise<string[]> {
  const { log, paths } = context;
  const folder = join(paths.scratch, "records");
  await removeFolder(folder);
  await ensureDir(folder);
  try {
    const written = await writeRecords(context, harvest, folder);
    const { records, repeats, longest } = written.counts;
    if (records === 0) {
      throw new StageError(`the harvest ${harvest.folder} holds no datasets: run 01 with --force`);
    }
    if (repeats > 0) {
      log.info(`${formatCount(repeats)} records were received again unchanged and are stored once`);
    }
    const faultFile = join(folder, "faults.json");
    const lines = written.faults.map((fault) => JSON.stringify(fault) + "\n");
    await Deno.writeTextFile(faultFile, lines.join(""));
    await db.run("set variable fault_file = $1", [faultFile]);
    await db.run("set variable record_files = $1", [listValue(written.files)]);
    const { isConverted } = catalogueOf(harvest.identity.api);
    await db.run("set variable is_converted = $1", [isConverted]);
    await db.run("set variable longest_record = $1", [longest + 1]);
    log.info(`Building the tables from ${formatCount(records)} records`);
    await buildModels(db, DATABASE, log);
    await assertComplete(harvest, records + repeats, db);
    await reportNewKeys(context, db);
    return await reportFaults(context, db);
  } finally {
    await removeFolder(folder);
  }
}

/** One file per page, uncompressed: as much disk as the pages' JSON takes, for as long as 02 runs. */
async function writeRecords(
  context: Context,
  { counts, runs }: Download,
  folder: string,
): Promise<RecordWriter> {
  const writer = new RecordWriter(folder, counts.duplicates !== 0 || runs.length > 1);
  for (const run of runs) {
    const catalogue = catalogueOf(run.seal.identity.api);
    for await (const page of catalogue.records(context, run)) await writer.add(page);
  }
  return writer;
}

/** A page that was lost between 01 and here must not pass for a smaller portal. */
async function assertComplete(harvest: Download, rows: number, db: Database): Promise<void> {
  const { datasets } = await db.one<{ datasets: number }>(
    "select count(distinct id) as datasets from ckan_datasets",
  );
  const { datasets: expected = 0, duplicates = 0 } = harvest.counts;
  // one dataset may have been received by two shards
  const isAllThere = harvest.runs.length > 1 && rows === expected + duplicates;
  if (datasets === expected || isAllThere) return;
  throw new StageError(
    `the pages of ${harvest.folder} hold ${formatCount(datasets)} datasets, ${
      formatCount(expected)
    } were received: something was removed there; run "deno task 01_download_datasets --force" for a new harvest`,
  );
}

/** Names the records that were mended; gives reasons for what could not be read at all. */
async function reportFaults({ log }: Context, db: Database): Promise<string[]> {
  const faults = await db.rows<
    { fault: string; is_unread: boolean; records: number; ids: string | null }
  >(await Deno.readTextFile(new URL("../sql/ckan_api/queries/faults.sql", import.meta.url)));
  const sentence = ({ fault, records, ids }: typeof faults[number]) => {
    const names = ids === null ? "" : `, in ${ids}${records > 5 ? " and others" : ""}`;
    return `${fault}: ${formatCount(records)} records${names}`;
  };
  for (const fault of faults) if (!fault.is_unread) log.warn(sentence(fault));
  return faults.filter(({ is_unread }) => is_unread).map(sentence);
}

async function reportNewKeys(context: Context, db: Database): Promise<void> {
  const rows = await db.rows<{ record_kind: string; key: string }>(
    "select record_kind, key from ckan_new_keys order by records desc, key",
  );
  for (const [kind, keys] of Object.entries(Object.groupBy(rows, (row) => row.record_kind))) {
    const names = keys!.slice(0, 8).map(({ key }) => `"${key}"`).join(", ");
    const more = keys!.length > 8 ? ` and ${keys!.length - 8} more` : "";
    context.log.info(
      `Keys of a ${kind} without a column: ${names}${more}; they are in raw_json, counted in ckan_new_keys`,
    );
  }
}

function describe(tables: Record<string, number>): string {
  const count = (table: string) => formatCount(tables[table] ?? 0);
  return `${count("ckan_datasets")} datasets, ${count("ckan_resources")} resources, ${
    count("ckan_organizations")
  } organizations`;
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

if (import.meta.main) await runAsScript(stage);
