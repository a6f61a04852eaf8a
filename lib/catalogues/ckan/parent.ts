import { join } from "node:path";
import type { SitePaths } from "../../storage/paths.ts";
import { readSealedRun, runNames, type Seal, type SealedRun } from "../../storage/sealed_run.ts";
import { isRunOf } from "../../storage/shards.ts";
import type { Paging } from "./portal.ts";
import { type Holdings, readIndex, runsOf } from "./harvest_index.ts";

/** The harvest that one of what changed goes on from. */

export interface Parent {
  run: SealedRun;
  /** Whether no harvest of whatever kind was sealed after it: 02 reads the newest. */
  isNewest: boolean;
  held: Holdings;
  paging: Paging;
  /** When the last whole harvest below it was sealed. */
  fullAt: string;
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * The newest harvest of the same portal, by one process, that was read to its end, with all runs
 * that its datasets stand in. One that the portal gave less than it counts is as good: what it
 * lacks is asked for like what is new. One that was broken off is none: it is gone on with itself.
 */
export async function findParent(
  paths: SitePaths,
  kind: string,
  identity: { endpoint: string; has_key: boolean },
): Promise<Parent | undefined> {
  const names = await runNames(paths.downloads(kind));
  let newest: string | undefined;
  for (const name of names.toReversed()) {
    const run = await readSealedRun(paths, join(paths.downloads(kind), name));
    if (run !== undefined) newest ??= name;
    if (run === undefined || !isRunOf(undefined)(run.seal.identity)) continue;
    const { endpoint, has_key } = run.seal.identity;
    if (endpoint !== identity.endpoint || has_key !== identity.has_key) continue;
    const { is_whole, paging } = run.seal.details as { is_whole?: boolean; paging?: Paging };
    if (is_whole !== true || paging?.hasFields !== true) continue;
    const held = await readIndex(run);
    if (held === undefined || !runsOf(held).every((needed) => names.includes(needed))) continue;
    return { run, isNewest: name === newest, held, paging, fullAt: fullAt(run.seal) };
  }
  return undefined;
}

/** Whether everything is to be asked for again. */
export function isDue(fullAt: string, now: Date, days: number): boolean {
  return now.getTime() - Date.parse(fullAt) >= days * DAY_MS;
}

/** When the portal was last read whole. */
export function fullAt({ details, sealed_at }: Seal): string {
  return typeof details.full_at === "string" ? details.full_at : sealed_at;
}
