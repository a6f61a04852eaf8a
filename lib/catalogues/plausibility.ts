/**
 * Whether what was harvested can be true: the one gate that every kind of catalogue passes before
 * "complete" is said of it.
 *
 * It compares what was received with what the catalogue counts (more is as wrong as fewer), with the
 * last harvest (a portal whose index is being rebuilt loses nothing by itself), and what was read with
 * what is in the tables. What fails ends with status 3 and its reason. A mass loss is moved aside:
 * later stages keep the last harvest, until `--accept-loss` is given or a second harvest at least an
 * hour later shows the same.
 *
 * @module
 */

import { basename, join, relative } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { exists } from "@std/fs/exists";
import { z } from "zod";
import { formatCount } from "../cli/progress.ts";
import type { Database } from "../duckdb/database.ts";
import type { Context } from "../pipeline/stage.ts";
import { type DownloadRun, isSameIdentity } from "../storage/download_run.ts";
import { listNames, writeWhole } from "../storage/paths.ts";
import { newestSealedRun, type SealedRun } from "../storage/sealed_run.ts";
import { KIND } from "./catalogue.ts";

/** A loss is suspicious when it is more than this part of the last harvest, and more datasets. */
const MOST_LOST_PART = 0.2;
const MOST_LOST = 20;
/** A second harvest counts as a confirmation this long after the first, if it differs by no more. */
const CONFIRMED_AFTER_MS = 3600_000;
const SAME_PART = 0.05;
/** Runs that lost too much lie beside the harvests, where nothing reads them. */
const WITHHELD_KIND = `${KIND}_withheld`;
const WITHHELD_FILE = "withheld.json";

/** Why the number of datasets received is not what the catalogue counts; undefined where it is. */
export function countReason(received: number, counted: number): string | undefined {
  if (received < counted) {
    return `${formatCount(counted - received)} of the ${
      formatCount(counted)
    } datasets that the portal counts were not received`;
  }
  if (received > counted) {
    return `${formatCount(received)} datasets were received, the portal counts only ${
      formatCount(counted)
    }: its count cannot be trusted`;
  }
  return undefined;
}

/** Whether a change from one number of datasets to another is a loss that needs a confirmation. */
export function isMassLoss(before: number, now: number): boolean {
  return before - now > MOST_LOST && before - now > MOST_LOST_PART * before;
}

/** What the gate says of a harvest that lost too much. */
export interface Withheld {
  reason: string;
  before: SealedRun;
}

/** Compares a harvest with the last one of the same catalogue; undefined where it may be sealed. */
export async function judgeLoss(
  context: Context,
  run: DownloadRun,
  datasets: number,
  isWhole: boolean,
): Promise<Withheld | undefined> {
  const { paths, flags, log } = context;
  const requested = withoutParent(run.identity);
  const before = await newestSealedRun(
    paths,
    KIND,
    (identity) => isSameIdentity(withoutParent(identity), requested),
  );
  if (before === undefined || before.name === run.name) return undefined;
  const last = before.seal.counts.datasets ?? 0;
  if (!isMassLoss(last, datasets)) return undefined;
  const lost = `${formatCount(last - datasets)} of the ${formatCount(last)} datasets of the ` +
    `harvest ${before.name} are gone`;
  if (flags["accept-loss"] === true) {
    log.warn(`${lost}: accepted with --accept-loss`);
    return undefined;
  }
  if (isWhole && await isConfirmed(context, requested, datasets)) {
    log.warn(`${lost}: accepted, an earlier harvest showed the same`);
    return undefined;
  }
  const rest =
    `${before.name} stays in use; run 01 again in an hour or later to confirm the loss, ` +
    "or accept it with --accept-loss";
  return { before, reason: `${lost}, only ${formatCount(datasets)} were received: ${rest}` };
}

/**
 * Moves a run that lost too much out of the way of later stages. One that was not read to its end
 * stays where it is, unsealed, and is resumed.
 */
export async function withhold(
  context: Context,
  run: DownloadRun,
  datasets: number,
  { reason }: Withheld,
  isWhole: boolean,
): Promise<string> {
  if (!isWhole) return run.folder;
  const parent = context.paths.downloads(WITHHELD_KIND);
  await ensureDir(parent);
  let folder = join(parent, basename(run.folder));
  // two runs of one second have one name, once the first was moved away
  for (let number = 2; await exists(folder); number++) {
    folder = join(parent, `${basename(run.folder)}_${number}`);
  }
  await Deno.rename(run.folder, folder);
  const file = {
    identity: withoutParent(run.identity),
    at: context.now().toISOString(),
    datasets,
    reason,
  };
  await writeWhole(join(folder, WITHHELD_FILE), JSON.stringify(file, null, 2) + "\n");
  return folder;
}

const WITHHELD = z.object({
  identity: z.record(z.string(), z.unknown()),
  at: z.string(),
  datasets: z.number(),
});

/** Whether a harvest at least an hour ago has lost as much. */
async function isConfirmed(
  { paths, now }: Context,
  requested: Record<string, unknown>,
  datasets: number,
): Promise<boolean> {
  const folder = paths.downloads(WITHHELD_KIND);
  for (const name of await listNames(folder, (entry) => entry.isDirectory)) {
    const text = await Deno.readTextFile(join(folder, name, WITHHELD_FILE)).catch(() => "null");
    const { success, data } = WITHHELD.safeParse(JSON.parse(text));
    if (!success || !isSameIdentity(data.identity, requested)) continue;
    const isOld = now().getTime() - Date.parse(data.at) >= CONFIRMED_AFTER_MS;
    const isSame = Math.abs(data.datasets - datasets) <= SAME_PART * data.datasets;
    if (isOld && isSame) return true;
  }
  return false;
}

function withoutParent({ parent: _, ...identity }: Record<string, unknown>) {
  return identity;
}

/** Where a withheld run lies, as a person would type it. */
export function describeFolder({ paths }: Context, folder: string): string {
  return relative(".", folder).startsWith("..")
    ? folder
    : `${paths.root}/${relative(paths.root, folder)}`;
}

/**
 * Why clean tables cannot be all that the raw ones hold; the raw catalogue is attached as `ckan_api`.
 * What is left out for a reason of its own (no URL, a copy) is in `cleaning_report`.
 */
export async function judgeTables(db: Database): Promise<string[]> {
  const sql = new URL("../../sql/clean_ckan_api/queries/plausibility.sql", import.meta.url);
  const rows = await db.rows<{ reason: string }>(await Deno.readTextFile(sql));
  return rows.map(({ reason }) => reason);
}
