/**
 * The report's section on mentions that the snapshot before did not have.
 * @module
 */
import { table } from "../../web/components.ts";
import { type Html, html } from "../../web/html.ts";
import { labelFor, moment, plural } from "../../web/labels.ts";
import { datasetLink, placeLink, type Portal, repositoryLink } from "./cells.ts";
import type { NewMention, ReportData } from "./data.ts";

/** What is new; nothing where there is no earlier result. */
export function newMentionsSection({ newMentions }: ReportData, portal: Portal): Html | null {
  if (newMentions === undefined) return null;
  const { since, rows } = newMentions;
  const total = rows[0]?.total ?? 0;
  return html`
    <section id="new"><h2>New since ${since.slice(0, 10)}</h2>
    <p>${plural(total, "new mention")}, compared with the result of ${moment(
      since,
    )}. Forks, mirrors and
    generic URLs are left out. A code search does not always return the same, so a mention can be new here
    and old in the code.</p>
    ${rows.length === 0 ? null : table<NewMention>(
      total > rows.length
        ? `The first ${rows.length} of ${plural(total, "new mention")}`
        : "New mentions",
      [
        {
          head: "Place in the code",
          cell: (row) =>
            html`${repositoryLink(row.repository)}<span class="sub">${placeLink(row)}</span>`,
        },
        { head: "Dataset", cell: (row) => datasetLink(portal, row) },
        { head: "Match kind", cell: (row) => labelFor("match_kind", row.match_kind) },
        { head: "Kind of use", cell: (row) => labelFor("kind_of_use", row.kind_of_use) },
      ],
      rows,
    )}</section>
  `;
}
