/**
 * The other portals whose final tables are in the same artifacts directory, and the report's section
 * that compares this portal with them.
 * @module
 */
import { messageOf } from "../../cli/errors.ts";
import type { Log } from "../../cli/progress.ts";
import { Database } from "../../duckdb/database.ts";
import { listSites, type SitePaths, sitePaths } from "../../storage/paths.ts";
import { newestSnapshot, type Snapshot } from "../../storage/snapshots.ts";
import {
  type ComparedFigures,
  type ComparedSite,
  comparedSite,
  comparisonQuery,
} from "../../web/comparison.ts";
import { table } from "../../web/components.ts";
import { type Html, html, untrusted } from "../../web/html.ts";
import { countOrDash, moment, percent } from "../../web/labels.ts";
import { numbers } from "./cells.ts";
import type { ReportData } from "./data.ts";

/**
 * This portal and the others by name, and the snapshots of the others. A portal whose tables cannot be
 * read, because another version wrote them, is left out with a warning.
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
      portals.push(comparedSite(snapshot, await readFigures(snapshot, paths.scratch)));
      if (!isOwn) others.push(snapshot);
    } catch (error) {
      log.warn(`Left out of the comparison: ${site}: ${messageOf(error)}`);
    }
  }
  return { portals, others };
}

async function readFigures(snapshot: Snapshot, scratch: string): Promise<ComparedFigures> {
  const db = await Database.open(scratch);
  try {
    await db.attach(snapshot.file, "final");
    return await db.one<ComparedFigures>(await comparisonQuery());
  } finally {
    db.close();
  }
}

/** This portal beside the others; nothing where it is the only one. */
export function portalsSection({ portals, manifest }: ReportData): Html | null {
  if (portals.length < 2) return null;
  const byShare = portals.toSorted((one, other) =>
    (other.mentioned_share ?? -1) - (one.mentioned_share ?? -1)
  );
  return html`
    <section id="portals"><h2>Other portals</h2>
    <p>Portals divide their data into datasets differently, and these figures are of different days: a
    share compares catalogues, not the value of the data. “Modified” is what each catalogue says.</p>
    ${table<ComparedSite>("Portals by the share of their datasets that are mentioned", [
      {
        head: "Portal",
        cell: (row) => {
          const title = untrusted(row.title, 60);
          return row.site === manifest.site ? html`<strong>${title}</strong>` : title;
        },
      },
      numbers("Datasets", (row) => row.datasets),
      {
        head: "Mentioned",
        isNumber: true,
        cell: (row) => percent(row.mentioned_datasets, row.datasets),
      },
      numbers("Repositories", (row) => row.repositories),
      {
        head: "Most dependents",
        isNumber: true,
        cell: (row) => countOrDash(row.largest_package_dependents),
      },
      {
        head: "Modified in a year",
        isNumber: true,
        cell: (row) =>
          row.datasets_with_time === 0
            ? "–"
            : percent(row.modified_in_last_year, row.datasets_with_time),
      },
      { head: "Harvested", cell: (row) => moment(row.catalogued_at) },
      { head: "Complete", cell: (row) => row.is_complete ? "yes" : "no" },
    ], byShare)}
    <p class="note">Most dependents: packages that depend on the largest package of the repositories that
    mention the data; – where stages 06 to 08 did not run.</p></section>
  `;
}
