import { formatCount } from "../../cli/progress.ts";
import { type Html, html, type Part, untrusted } from "../../web/html.ts";
import { moment, placeLink, repositoryLink, table } from "./components.ts";
import type { DeadReference, ReportData } from "./rows.ts";

/** What public code asks the portal for and the portal has not. */
export function deadSection(data: ReportData): Html {
  return html`
    <section id="missing"><h2>Links that lead nowhere</h2>
    <p>Addresses that stand in public code and of which the catalogue has nothing (any more): pages and files under
    the portal’s own hosts that it does not know, and addresses on any host that an earlier catalogue had. One that
    the catalogue had may still answer, but nobody vouches for it; a redirect for each of the others would mend
    programs that are broken today. Seen are only lines that the code search gave, so there may be more; and what an
    incomplete harvest missed shows here too.</p>
    ${data.deadReferences.length === 0
      ? html`<p>None was found.</p>`
      : table<DeadReference>("Missing datasets and resources by number of repositories", [
        {
          head: "Address in the code",
          cell: (row) =>
            html`<code>${untrusted(row.url_in_code, 160)}</code><span class="sub">${
              repositoryLink(row.repository)
            } · ${placeLink(row)}</span>`,
        },
        { head: "Missing", cell: missing },
        {
          head: "Reposi\u00adtories",
          isNumber: true,
          cell: (row) => formatCount(row.repositories),
        },
      ], data.deadReferences)}
    <p class="note">All of them: <code>exports/final_dead_references.csv</code>.</p></section>
  `;
}

function missing({ names, dataset_title, last_in_catalogue_at: last }: DeadReference): Part {
  if (last === null) return names;
  const title = dataset_title === null ? null : [untrusted(dataset_title, 80), ", "];
  return html`${names}<span class="sub">${title}in the catalogue until ${moment(last)}</span>`;
}
