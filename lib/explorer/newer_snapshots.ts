import { messageOf } from "../cli/errors.ts";
import type { Log } from "../cli/progress.ts";
import { newestSnapshot } from "../storage/snapshots.ts";
import { SiteData } from "./site_data.ts";

/** How often is looked, at most: reading a folder takes well under a millisecond. */
const LOOK_EVERY_MS = 10_000;

/**
 * Watches for newer snapshots of the sites: each call looks, unless one looked a moment ago, and puts
 * a newer one in the place of the old as soon as it is open. Until then the old one answers.
 * @param now milliseconds
 */
export function newerSnapshots(
  sites: Map<string, SiteData>,
  log: Log,
  now: () => number,
): () => void {
  let lookedAt = now();
  let isLooking = false;
  /** Snapshots that could not be opened: said once. */
  const refused = new Set<string>();

  async function look(): Promise<void> {
    for (const [name, data] of sites) {
      try {
        const newest = await newestSnapshot(data.paths, "final");
        if (newest === undefined || newest.name <= data.snapshot.name) continue;
        if (refused.has(newest.file)) continue;
        refused.add(newest.file);
        const newer = await SiteData.open(data.paths, newest, log);
        sites.set(name, newer);
        data.close();
        log.info(`${name}: goes on with ${newest.name}`);
      } catch (error) {
        log.warn(`${name}: stays with ${data.snapshot.name}: ${messageOf(error).split("\n")[0]}`);
      }
    }
  }

  return () => {
    if (isLooking || now() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = now();
    isLooking = true;
    look().finally(() => isLooking = false);
  };
}
