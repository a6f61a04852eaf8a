import {
  type ComparedFigures,
  type ComparedSite,
  comparedSite,
  comparisonQuery,
} from "../../web/comparison.ts";
import { listSites, type SitePaths, sitePaths } from "../../storage/paths.ts";
import { Database } from "../../duckdb/database.ts";
import { messageOf } from "../../cli/errors.ts";
import type { Log } from "../../cli/progress.ts";
import { newestSnapshot, type Snapshot } from "../../storage/snapshots.ts";

/** The other portals whose final tables stand in the same artifacts directory. */

/**
 * This portal and the others, by name; and the snapshots of the others. A portal whose tables cannot
 * be read, being of another version, is left out with a word.
 */
export async function readPortals(
  paths: SitePaths,
  own: Snapshot,
  log: Log,
): Promise<{ portals: ComparedSite[]; others: Snapshot[] }> {
  const portals: ComparedSite[] = [];
  const others: Snapshot[] = [];
  for (const site of await listSites(paths.root)) {
    const isOwn = site === own.manifest.site;
    try {
      const snapshot = isOwn ? own : await newestSnapshot(sitePaths(paths.root, site), "final");
      if (snapshot === undefined) continue;
      portals.push(comparedSite(snapshot, await figuresOf(snapshot, paths.scratch)));
      if (!isOwn) others.push(snapshot);
    } catch (error) {
      log.warn(`Left out of the comparison: ${site}: ${messageOf(error)}`);
    }
  }
  return { portals, others };
}

async function figuresOf(snapshot: Snapshot, scratch: string): Promise<ComparedFigures> {
  const db = await Database.open(scratch);
  try {
    await db.attach(snapshot.file, "final");
    return await db.one<ComparedFigures>(await comparisonQuery());
  } finally {
    db.close();
  }
}
