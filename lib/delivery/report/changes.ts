import { formatCount } from "../../cli/progress.ts";
import { type Html, html, link, type Part, untrusted } from "../../web/html.ts";
import { shortPair } from "../../web/diff_excerpt.ts";
import { CHANGES, NEVER, type SummaryRow } from "../../web/changes_text.ts";
import { counted, datasetLink, moment, type Portal, table } from "./components.ts";
import type { ChangeRow, ReportData } from "./rows.ts";

const LONGEST_VALUE = 120;

/** What is other than in the catalogue before, those changes first that break what public code has. */
export function changesSection(data: ReportData, portal: Portal): Html {
  const { since, summary, rows } = data.changes;
  if (since === undefined) {
    return html`
      <section id="changes">
        <h2>What changed</h2>
        <p>No earlier catalogue stands to compare this one with.</p>
      </section>
    `;
  }
  return html`
    <section id="changes"><h2>What changed</h2>
    <p>Compared with the catalogue of ${moment(
      since,
    )}. A dataset without a usable resource counts as gone, and so
    does what an incomplete harvest missed.</p>
    ${summary.length === 0 ? html`<p>Nothing changed.</p>` : [
      table<string>("How much changed", [
        { head: "Change", cell: (change) => CHANGES[change]! },
        { head: "Datasets", isNumber: true, cell: (change) => cell(summary, "dataset", change) },
        { head: "Resources", isNumber: true, cell: (change) => cell(summary, "resource", change) },
      ], Object.keys(CHANGES)),
      along(summary),
      rows.length === 0 ? null : table<ChangeRow>(
        "Changes, first what is gone or moved and public code mentions",
        [
          { head: "What", cell: (row) => what(row, portal) },
          { head: "Change", cell: (row) => CHANGES[row.change]! },
          { head: "Before → now", cell: values },
          {
            head: "Reposi\u00adtories",
            isNumber: true,
            cell: (row) => formatCount(row.repositories),
          },
        ],
        rows,
      ),
    ]}
    <p class="note">All of them: <code>exports/final_changes.csv</code>.</p></section>
  `;
}

function cell(summary: SummaryRow[], thing: SummaryRow["thing"], change: string): string {
  if (NEVER[thing].includes(change)) return "";
  const row = summary.find((it) => it.thing === thing && it.change === change);
  return formatCount(row?.changes ?? 0);
}

function along(summary: SummaryRow[]): Html | null {
  const of = (change: string) =>
    summary.find((row) => row.thing === "resource" && row.change === change)?.with_dataset ?? 0;
  const [added, gone] = [of("added"), of("gone")];
  if (added + gone === 0) return null;
  return html`<p>${counted(added, "resource")} came and ${
    formatCount(gone)
  } went with their dataset.</p>`;
}

function what(row: ChangeRow, portal: Portal): Part {
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
  const [old, now] = shortPair(row.old_value ?? "–", row.new_value ?? "–", LONGEST_VALUE);
  return html`<div class="values">${shown(old)} → ${shown(now)}</div>`;
}
