/**
 * `/compare`: the portals next to each other.
 * @module
 */
import {
  type ComparedFigures,
  type ComparedSite,
  comparedSite,
  comparisonQuery,
} from "../../web/comparison.ts";
import { type Html, html, type Part, untrusted } from "../../web/html.ts";
import { formatCount } from "../../cli/progress.ts";
import type { Page } from "../layout.ts";
import type { SiteData } from "../site_data.ts";
import { table, type TableColumn } from "../../web/components.ts";
import { PACKAGE_NOTE } from "../list_view.ts";
import { countOrDash as count, timeCell } from "../../web/labels.ts";

/** One row per portal, the largest share of mentioned datasets first. */
export async function comparedSites(sites: SiteData[]): Promise<ComparedSite[]> {
  const query = await comparisonQuery();
  const rows = await Promise.all(sites.map(async (data) => {
    const [figures] = await data.known<ComparedFigures>(query);
    return comparedSite(data.snapshot, figures!);
  }));
  return rows.sort((one, other) =>
    (other.mentioned_share ?? -1) - (one.mentioned_share ?? -1) || (one.site < other.site ? -1 : 1)
  );
}

/** The page over all sites. */
export async function comparePage(sites: SiteData[]): Promise<Page> {
  const rows = await comparedSites(sites);
  return {
    title: "Portals compared",
    section: "sites",
    body: html`
      <h1>Portals compared</h1>
      <p class="lead">The share of each portal’s data that public code mentions, its reach, how current
        the catalogue is, and how complete the search was.</p>
      ${table(
        "Portals by the share of their datasets that are mentioned",
        COLUMNS,
        rows,
      )}
      <p class="files">All rows: <a href="/compare.csv" download>CSV<span class="hidden"> of the
        comparison</span></a>
        <a href="/compare.json">JSON<span class="hidden"> of the comparison</span></a></p>
      ${PACKAGE_NOTE}
      ${NOTES}
    `,
  };
}

const NOTES = html`
  <h2>Limits of the comparison</h2>
  <ul>
    <li>Portals divide their data into datasets differently: one lists a dataset per year, another one
      for all years. A share compares catalogues, not the value of the data.</li>
    <li>Figures of different days and of different code searches are not directly comparable; those of an
      incomplete search are lower bounds.</li>
    <li>“Modified” is what the catalogue says: some portals update the time with every nightly harvest.</li>
    <li>Dependents are those of the largest package of the repositories that mention the data. They are not
      added up: a package that depends on two of them would count twice.</li>
  </ul>
`;

const share = (part: number, of: number | null): Part =>
  of === null ? "–" : html`${(100 * of).toFixed(1)} %<span class="sub">${formatCount(part)}</span>`;

const COLUMNS: TableColumn<ComparedSite>[] = [
  { head: "Portal", cell: titleOf },
  { head: "Datasets", isNumber: true, cell: (row) => count(row.datasets) },
  {
    head: "Mentioned",
    isNumber: true,
    cell: (row) => share(row.mentioned_datasets, row.mentioned_share),
  },
  { head: "Repositories", isNumber: true, cell: (row) => count(row.repositories) },
  { head: "Packages", isNumber: true, cell: (row) => count(row.packages) },
  {
    head: "Most dependents",
    isNumber: true,
    cell: (row) => count(row.largest_package_dependents),
  },
  {
    head: "Modified in a year",
    isNumber: true,
    cell: (row) => share(row.modified_in_last_year, row.modified_share),
  },
  { head: "Harvested", cell: (row) => timeCell(row.catalogued_at) },
  { head: "Searched", cell: (row) => timeCell(row.searched_at) },
  { head: "Complete", cell: completeness },
];

function titleOf({ site, title }: ComparedSite): Html {
  return html`<a href="/${site}">${untrusted(title, 60)}</a>`;
}

function completeness({ is_complete, reasons, queries, complete_queries }: ComparedSite): Part {
  const answered = `${formatCount(complete_queries)} of ${formatCount(queries)} queries`;
  if (is_complete) return html`yes<span class="sub">${answered}</span>`;
  return html`no<span class="sub">${answered}; ${untrusted(reasons, 120)}</span>`;
}
