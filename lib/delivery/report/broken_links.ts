/**
 * The report's section on URLs in public code that the catalogue does not, or no longer, have.
 * @module
 */
import { table } from "../../web/components.ts";
import { type Html, html, type Part, untrusted } from "../../web/html.ts";
import { moment } from "../../web/labels.ts";
import { numbers, placeLink, repositoryLink } from "./cells.ts";
import type { BrokenLink, ReportData } from "./data.ts";

/** What public code asks the portal for and the portal does not have. */
export function brokenLinksSection(data: ReportData): Html {
  return html`
    <section id="broken_links"><h2>Broken links</h2>
    <p>URLs in public code that are not, or no longer, in the catalogue: pages and files under the
    portal’s own hosts that it does not list, and URLs on any host that an earlier catalogue listed.
    The latter may still work. A redirect for each of the others would repair programs that fail
    today. Only lines that the code search returned are known, so there may be more; and an incomplete
    harvest makes datasets seem missing.</p>
    ${data.brokenLinks.length === 0
      ? html`<p>None found.</p>`
      : table<BrokenLink>("Missing datasets and resources by number of repositories", [
        {
          head: "URL in the code",
          cell: (row) =>
            html`<code>${untrusted(row.url_in_code, 160)}</code><span class="sub">${
              repositoryLink(row.repository)
            } · ${placeLink(row)}</span>`,
        },
        { head: "Missing", cell: missing },
        numbers("Repositories", (row) => row.repositories),
      ], data.brokenLinks)}
    <p class="note">All rows: <code>exports/final_dead_references.csv</code>.</p></section>
  `;
}

function missing({ names, dataset_title, last_in_catalogue_at: last }: BrokenLink): Part {
  if (last === null) return names;
  const title = dataset_title === null ? null : [untrusted(dataset_title, 80), ", "];
  return html`${names}<span class="sub">${title}in the catalogue until ${moment(last)}</span>`;
}
