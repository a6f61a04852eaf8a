import {
  type ComparedFigures,
  type ComparedSite,
  comparedSite,
  comparisonQuery,
} from "../../web/comparison.ts";
import { type Html, html, type Part, untrusted } from "../../web/html.ts";
import { formatCount } from "../../cli/progress.ts";
import type { Page } from "../layout.ts";
import type { Column } from "../list_columns.ts";
import type { SiteData } from "../site_data.ts";
import { PACKAGE_NOTE, table } from "../table_parts.ts";
import { timeCell } from "../../web/labels.ts";

/** `/compare`: the portals beside each other. */

/** A row a portal, the one with the largest share of mentioned datasets first. */
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
      <h1>Portals beside each other</h1>
      <p class="lead">How much of each portal’s data public code mentions, how far it reaches, how
        fresh the catalogue is, and how complete what we know of it.</p>
      ${table(
        "Portals by the share of their datasets that are mentioned",
        COLUMNS,
        rows.map((row) => ({ ...row })),
        "",
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
  <h2>What to bear in mind</h2>
  <ul>
    <li>Portals cut their data differently: one lists a dataset a year, another one for all years. A share compares
      catalogues, not the worth of data.</li>
    <li>Figures of different days and of different code searches are not quite alike; an incomplete one is the least
      that is so.</li>
    <li>Modified is what the catalogue says: some portals set the time anew with every nightly harvest of their own.</li>
    <li>Dependents are those of the one package with most, among the packages of repositories that mention the data.
      They are not added up: what depends on two packages would count twice.</li>
  </ul>
`;

const share = (part: number, of: number | null): Part =>
  of === null ? "–" : html`${(100 * of).toFixed(1)} %<span class="sub">${formatCount(part)}</span>`;

const count = (value: number | null) => value === null ? "–" : formatCount(value);

/** A column whose cell is of a portal. */
function column(
  head: string,
  name: keyof ComparedSite,
  cell: (row: ComparedSite) => Part,
  isNumber = true,
): Column {
  return { head, name, isNumber, cell: (row) => cell(row as unknown as ComparedSite) };
}

const COLUMNS: Column[] = [
  column("Portal", "site", titleOf, false),
  column("Datasets", "datasets", (row) => count(row.datasets)),
  column(
    "Mentioned",
    "mentioned_share",
    (row) => share(row.mentioned_datasets, row.mentioned_share),
  ),
  column("Repositories", "repositories", (row) => count(row.repositories)),
  column("Packages", "packages", (row) => count(row.packages)),
  column(
    "Most dependents",
    "largest_package_dependents",
    (row) => count(row.largest_package_dependents),
  ),
  column(
    "Modified in a year",
    "modified_share",
    (row) => share(row.modified_in_last_year, row.modified_share),
  ),
  column("Harvested", "catalogued_at", (row) => timeCell(row.catalogued_at), false),
  column("Searched", "searched_at", (row) => timeCell(row.searched_at), false),
  column("Complete", "is_complete", completeness, false),
];

function titleOf({ site, title }: ComparedSite): Html {
  return html`<a href="/${site}">${untrusted(title, 60)}</a>`;
}

function completeness({ is_complete, reasons, queries, complete_queries }: ComparedSite): Part {
  const answered = `${formatCount(complete_queries)} of ${formatCount(queries)} queries`;
  if (is_complete) return html`yes<span class="sub">${answered}</span>`;
  return html`no<span class="sub">${answered}; ${untrusted(reasons, 120)}</span>`;
}
