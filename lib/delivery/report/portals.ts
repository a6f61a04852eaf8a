import type { ComparedSite } from "../../web/comparison.ts";
import { formatCount } from "../../cli/progress.ts";
import { type Html, html, type Part, untrusted } from "../../web/html.ts";
import { moment, percent, table } from "./components.ts";
import type { ReportData } from "./rows.ts";

/** This portal beside the others of the same artifacts; nothing where it is alone. */
export function portalsSection({ portals, manifest }: ReportData): Html | null {
  if (portals.length < 2) return null;
  const byShare = portals.toSorted((one, other) =>
    (other.mentioned_share ?? -1) - (one.mentioned_share ?? -1)
  );
  return html`
    <section id="portals"><h2>Beside other portals</h2>
    <p>Portals cut their data differently, and these figures are of different days: a share compares catalogues, not
    the worth of data. Modified is what each catalogue says of itself.</p>
    ${table<ComparedSite>("Portals by the share of their datasets that are mentioned", [
      {
        head: "Portal",
        cell: (row) => {
          const title = untrusted(row.title, 60);
          return row.site === manifest.site ? html`<strong>${title}</strong>` : title;
        },
      },
      { head: "Datasets", isNumber: true, cell: (row) => formatCount(row.datasets) },
      {
        head: "Mentioned",
        isNumber: true,
        cell: (row) => percent(row.mentioned_datasets, row.datasets),
      },
      { head: "Reposi\u00adtories", isNumber: true, cell: (row) => formatCount(row.repositories) },
      { head: "Most depen\u00addents", isNumber: true, cell: dependents },
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
    <p class="note">Most dependents: packages that depend on the one with most, among the packages of repositories
    that mention the data; – where nobody asked.</p></section>
  `;
}

function dependents({ largest_package_dependents: largest }: ComparedSite): Part {
  return largest === null ? "–" : formatCount(largest);
}
