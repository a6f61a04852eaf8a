/**
 * The sites that the server shows: opened at the start, and replaced by newer snapshots while it runs.
 * A snapshot that cannot be opened never stops the server or hides an older one that can.
 * @module
 */
import { messageOf } from "../cli/errors.ts";
import type { Log } from "../cli/progress.ts";
import type { SitePaths } from "../storage/paths.ts";
import { listSnapshots, newestSnapshot } from "../storage/snapshots.ts";
import { SiteData } from "./site_data.ts";

/** How often a folder is checked, at most: reading it takes well under a millisecond. */
const CHECK_EVERY_MS = 10_000;

/** Opens the newest `final` of a site that can be opened; undefined where there is none. */
export async function openNewest(paths: SitePaths, log: Log): Promise<SiteData | undefined> {
  for (const snapshot of (await listSnapshots(paths, "final")).reverse()) {
    try {
      return await SiteData.open(paths, snapshot, log);
    } catch (error) {
      log.warn(`Skipped "${snapshot.file}": ${firstLine(error)}`);
    }
  }
  return undefined;
}

/**
 * Watches for newer snapshots. Each call checks, unless another did a moment ago, and replaces a site
 * as soon as the newer snapshot is open; until then the older one answers. A snapshot that could not be
 * opened is tried again at the next check, because it may have been copied only in part; its failure is
 * logged once.
 * @param now milliseconds
 */
export function newerSnapshots(
  sites: Map<string, SiteData>,
  log: Log,
  now: () => number,
): () => void {
  let checkedAt = now();
  let isChecking = false;
  const logged = new Set<string>();

  async function check(): Promise<void> {
    for (const [name, data] of sites) {
      let file = "";
      try {
        const newest = await newestSnapshot(data.paths, "final");
        if (newest === undefined || newest.name <= data.snapshot.name) continue;
        file = newest.file;
        sites.set(name, await SiteData.open(data.paths, newest, log));
        data.close();
        log.info(`${name}: now showing ${newest.name}`);
      } catch (error) {
        const message = `${name}: still showing ${data.snapshot.name}: ${firstLine(error)}`;
        if (!logged.has(`${file} ${message}`)) log.warn(message);
        logged.add(`${file} ${message}`);
      }
    }
  }

  return () => {
    if (isChecking || now() - checkedAt < CHECK_EVERY_MS) return;
    checkedAt = now();
    isChecking = true;
    check().finally(() => isChecking = false);
  };
}

function firstLine(error: unknown): string {
  return messageOf(error).split("\n")[0]!;
}
