/**
 * Writes what people read and load: a report, tables, graph files, the database itself.
 *
 * Reads: newest snapshot final, the one before, and those of the other sites, to compare with
 * Writes: {site}/delivery/, replaced as a whole: report.html, mentions.md, exports/, graph/,
 *         datapackage.json, final.db
 * @module
 */
import { dirname, join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { exists } from "@std/fs/exists";
import { checksums } from "../lib/storage/checksums.ts";
import { dataPackage } from "../lib/delivery/datapackage.ts";
import { exportTables, writeGraph, writeWorkbook } from "../lib/delivery/exports.ts";
import type { GraphFormat } from "../lib/web/gexf.ts";
import { readPortals } from "../lib/delivery/report/portals.ts";
import { renderReport } from "../lib/delivery/report/report.ts";
import { readReportData } from "../lib/delivery/report/data.ts";
import { messageOf } from "../lib/cli/errors.ts";
import { listSnapshots, type Snapshot } from "../lib/storage/snapshots.ts";
import { Database } from "../lib/duckdb/database.ts";
import { requireSnapshot } from "../lib/pipeline/inputs.ts";
import { readModels } from "../lib/duckdb/models.ts";
import { formatBytes } from "../lib/cli/progress.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";

/** The report links to it, so it is delivered with the report. */
const MENTIONS_PAGE = new URL("../docs/mentions.md", import.meta.url);

/** The short tables in one file, for those who work in a spreadsheet. */
const WORKBOOK = "mentions.xlsx";

const GRAPHS: [name: string, format: GraphFormat][] = [
  ["mentions.gexf", "gexf"],
  ["mentions.graphml", "graphml"],
];

/** The stage as the pipeline runs it. */
export const stage: Stage = {
  name: "10_deliver",
  action: "deliver the final tables",
  description: "Write the report and the exports: final → delivery/",
  takesInput: true,
  run: deliver,
};

/** Builds the delivery under another name and then replaces the earlier one. */
export async function deliver(context: Context): Promise<Outcome> {
  const { paths, config, log } = context;
  const snapshot = await requireSnapshot(context, "final", "09_build_final", context.input);
  const building = join(dirname(paths.delivery), ".building_delivery");
  await remove(building);
  await ensureDir(building);

  const { portals, others } = await readPortals(paths, snapshot, log);
  const db = await Database.open(paths.scratch);
  let reportBytes = 0;
  let files = 0;
  try {
    await db.attach(snapshot.file, "final");
    const previous = await attachPrevious(db, context, snapshot);
    await db.run(`use "final"`);
    log.info("Writing the report");
    const report = new TextEncoder().encode(
      renderReport(await readReportData(db, snapshot, portals, previous)),
    );
    reportBytes = report.length;
    await Deno.writeFile(join(building, "report.html"), report);
    await Deno.copyFile(MENTIONS_PAGE, join(building, "mentions.md"));
    const tables = await exportTables(db, "final", join(building, "exports"), log);
    const book = join(building, "exports", WORKBOOK);
    await writeWorkbook(db, "final", tables, book);
    files = 2 * tables.length + 7;
    const graphs = [];
    await ensureDir(join(building, "graph"));
    for (const [name, format] of GRAPHS) {
      const file = join(building, "graph", name);
      await writeGraph(db, file, format, snapshot.manifest.created_at);
      graphs.push({ name, ...await checksums(file) });
    }
    const models = await readModels(db, "final");
    await Deno.writeTextFile(
      join(building, "datapackage.json"),
      JSON.stringify(
        dataPackage(config, snapshot, tables, models, graphs, {
          name: WORKBOOK,
          ...await checksums(book),
        }),
        null,
        2,
      ) + "\n",
    );
  } finally {
    db.close();
  }
  await linkOrCopy(snapshot.file, join(building, "final.db"));
  await putInPlace(building, paths.delivery);

  const report = join(paths.delivery, "report.html");
  return {
    summary: `Report of ${
      formatBytes(reportBytes)
    } → ${report}, tables → ${paths.delivery}/exports`,
    reasons: snapshot.manifest.reasons,
    counts: { files, report_bytes: reportBytes },
    inputs: [snapshot, ...others].map((it) => it.parent.file),
    outputs: [join(config.site.short_name, "delivery")],
  };
}

/** Attaches the snapshot before this one as `previous`, where its mentions can be read. */
async function attachPrevious(
  db: Database,
  { paths, log }: Context,
  snapshot: Snapshot,
): Promise<Snapshot | undefined> {
  const previous = (await listSnapshots(paths, "final"))
    .findLast(({ name }) => name < snapshot.name);
  if (previous === undefined) return undefined;
  try {
    await db.attach(previous.file, "previous");
    await db.run(
      "select dataset_id, resource_id, repository, path, text from previous.final_mentions limit 1",
    );
    return previous;
  } catch (error) {
    log.warn(`New mentions are not known: "${previous.name}": ${messageOf(error).split("\n")[0]}`);
    return undefined;
  }
}

/** The snapshot is never changed, so a hard link to it is safe and takes no space. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await Deno.link(from, to);
  } catch {
    // another disk, or a file system without hard links
    await Deno.copyFile(from, to);
  }
}

async function putInPlace(building: string, place: string): Promise<void> {
  const old = join(dirname(place), ".old_delivery");
  await remove(old);
  if (await exists(place)) await Deno.rename(place, old);
  await Deno.rename(building, place);
  await remove(old);
}

async function remove(folder: string): Promise<void> {
  if (await exists(folder)) await Deno.remove(folder, { recursive: true });
}

if (import.meta.main) await runAsScript(stage);
