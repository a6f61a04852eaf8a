/**
 * The report's section on changes of the catalogue, those first that break what public code uses.
 * @module
 */
import { formatCount } from "../../cli/progress.ts";
import { diffExcerpt, NOT_APPLICABLE, type SummaryRow } from "../../web/changes.ts";
import { table } from "../../web/components.ts";
import { type Html, html, link, type Part, untrusted } from "../../web/html.ts";
import { CHANGE_LABELS, moment, plural } from "../../web/labels.ts";
import { datasetLink, numbers, type Portal } from "./cells.ts";
import type { ChangeRow, ReportData } from "./data.ts";

const LONGEST_VALUE = 120;

/** How much changed, and the changes that matter most. */
export function changesSection(data: ReportData, portal: Portal): Html {
  const { since, summary, rows } = data.changes;
  if (since === undefined) {
    return html`
      <section id="changes">
        <h2>Changes of the catalogue</h2>
        <p>There is no earlier catalogue to compare with.</p>
      </section>
    `;
  }
  return html`
    <section id="changes"><h2>Changes of the catalogue</h2>
    <p>Compared with the catalogue of ${moment(
      since,
    )}. A dataset without a usable resource counts as
    removed, and so does a dataset that an incomplete harvest missed.</p>
    ${summary.length === 0 ? html`<p>No changes.</p>` : [
      table<string>("Number of changes", [
        { head: "Change", cell: (change) => CHANGE_LABELS[change]! },
        { head: "Datasets", isNumber: true, cell: (change) => count(summary, "dataset", change) },
        { head: "Resources", isNumber: true, cell: (change) => count(summary, "resource", change) },
        {
          head: "Organizations",
          isNumber: true,
          cell: (change) => count(summary, "organization", change),
        },
      ], Object.keys(CHANGE_LABELS)),
      withDataset(summary),
      rows.length === 0 ? null : table<ChangeRow>(
        "Changes, first what is removed or moved and mentioned in public code",
        [
          { head: "Dataset, resource or organization", cell: (row) => changed(row, portal) },
          { head: "Change", cell: (row) => CHANGE_LABELS[row.change]! },
          { head: "Before → after", cell: values },
          numbers("Repositories", (row) => row.repositories),
        ],
        rows,
      ),
    ]}
    <p class="note">All rows: <code>exports/final_changes.csv</code>.</p></section>
  `;
}

function count(summary: SummaryRow[], thing: SummaryRow["thing"], change: string): string {
  if (NOT_APPLICABLE[thing].includes(change)) return "";
  const row = summary.find((it) => it.thing === thing && it.change === change);
  return formatCount(row?.changes ?? 0);
}

function withDataset(summary: SummaryRow[]): Html | null {
  const of = (change: string) =>
    summary.find((row) => row.thing === "resource" && row.change === change)?.with_dataset ?? 0;
  const [added, gone] = [of("added"), of("gone")];
  if (added + gone === 0) return null;
  return html`<p>${plural(added, "resource")} added and ${
    formatCount(gone)
  } removed together with their dataset.</p>`;
}

function changed(row: ChangeRow, portal: Portal): Part {
  if (row.thing === "organization") return untrusted(row.organization_title ?? "", 110);
  const name = { name: row.dataset_name, title: row.dataset_title };
  const isGone = row.thing === "dataset" && row.change === "gone";
  const dataset = isGone
    ? untrusted(name.title ?? name.name ?? "Without a title", 110)
    : datasetLink(portal, name);
  if (row.thing === "dataset") return dataset;
  return html`${
    link(row.url, untrusted(row.resource_name ?? "Without a name", 80))
  }<span class="sub">of ${dataset}</span>`;
}

function values(row: ChangeRow): Part {
  if (row.thing === "dataset" && row.field === null) return "";
  const shown = (value: string) => html`<code>${untrusted(value, LONGEST_VALUE)}</code>`;
  if (row.change === "added") return shown(row.new_value ?? "–");
  if (row.change === "gone") return shown(row.old_value ?? "–");
  const [before, after] = diffExcerpt(row.old_value ?? "–", row.new_value ?? "–", LONGEST_VALUE);
  return html`<div class="values">${shown(before)} → ${shown(after)}</div>`;
}
