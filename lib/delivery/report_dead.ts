import { formatCount } from "../progress.ts";
import { type Html, html, outside } from "../html.ts";
import { placeLink, repositoryLink, table } from "./report_parts.ts";
import type { DeadReference, ReportData } from "./report_rows.ts";

/** What public code asks the portal for and the portal has not. */
export function deadSection(data: ReportData): Html {
  return html`
    <section id="missing"><h2>Links that lead nowhere</h2>
    <p>Addresses under the portal’s own hosts that stand in public code, and whose dataset or resource the catalogue
    does not have (any more). A redirect for each would mend programs that are broken today. Seen are only lines
    that the code search gave for other reasons, so there may be more; and what an incomplete harvest missed shows
    here too.</p>
    ${data.deadReferences.length === 0
      ? html`<p>None was found.</p>`
      : table<DeadReference>("Missing datasets and resources by number of repositories", [
        {
          head: "Address in the code",
          cell: (row) =>
            html`<code>${outside(row.url_in_code, 160)}</code><span class="sub">${
              repositoryLink(row.repository)
            } · ${placeLink(row)}</span>`,
        },
        { head: "Missing", cell: (row) => row.names },
        {
          head: "Reposi\u00adtories",
          isNumber: true,
          cell: (row) => formatCount(row.repositories),
        },
      ], data.deadReferences)}
    <p class="note">All of them: <code>exports/final_dead_references.csv</code>.</p></section>
  `;
}
