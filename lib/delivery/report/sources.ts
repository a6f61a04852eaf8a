/**
 * The report's section on the sources of code: what each holds and leaves out, which repositories two
 * of them found, and how many neither saw.
 * @module
 */
import { table } from "../../web/components.ts";
import { type Html, html, untrusted } from "../../web/html.ts";
import { countOrDash, plural } from "../../web/labels.ts";
import { formatCount } from "../../cli/progress.ts";
import { numbers } from "./cells.ts";
import type { CoverageRow, OverlapRow, ReportData } from "./data.ts";

/** What was searched, and what two sources share. */
export function sourcesSection({ coverage, overlap }: ReportData): Html | null {
  if (coverage.length === 0) return null;
  return html`
    <section id="sources"><h2>Sources of code</h2>
    ${table<CoverageRow>("What was searched, and what each source leaves out", [
      { head: "Source", cell: (row) => untrusted(row.title, 80) },
      { head: "Repositories", isNumber: true, cell: (row) => countOrDash(row.repositories) },
      { head: "Files", isNumber: true, cell: (row) => countOrDash(row.files) },
      { head: "Code as of", cell: (row) => row.as_of === null ? "the search" : day(row.as_of) },
      { head: "Leaves out", cell: (row) => untrusted(row.leaves_out ?? "not known", 600) },
      { head: "Complete", cell: (row) => row.is_complete ? "yes" : "no" },
    ], coverage)}
    ${overlap.map(overlapPart)}</section>
  `;
}

function overlapPart(row: OverlapRow): Html {
  const [one, other] = [untrusted(row.title, 80), untrusted(row.other_title, 80)];
  return html`
    <h3>${one} and ${other}</h3>
    <p>${one} found ${plural(row.repositories, "repository")}, ${other} ${plural(
      row.other_repositories,
      "repository",
    )}; ${formatCount(
      row.in_both,
    )} of them are the same. Forks, mirrors, and what only one of them
    could have (by host or licence) are left out.</p>
    ${estimate(row)}
    ${table<OverlapRow>("Repositories that each found", [
      numbers("Only the first", (it) => it.repositories - it.in_both),
      numbers("Both", (it) => it.in_both),
      numbers("Only the second", (it) => it.other_repositories - it.in_both),
      numbers("At least one", (it) => it.in_either),
      {
        head: "Estimate of all",
        isNumber: true,
        cell: (it) => countOrDash(it.estimated_repositories),
      },
      {
        head: "95 % interval",
        isNumber: true,
        cell: (it) =>
          it.estimated_low === null
            ? "–"
            : `${formatCount(it.estimated_low)} to ${countOrDash(it.estimated_high)}`,
      },
    ], [row])}
  `;
}

function estimate(row: OverlapRow): Html {
  if (row.unseen === null) {
    return html`<p class="note">How many neither saw cannot be estimated: ${
      row.warning ?? ""
    }.</p>`;
  }
  return html`
    <p>An estimated <strong>${plural(row.unseen, "repository")}</strong> that both could have seen
    were found by neither (95 % interval: ${countOrDash(row.unseen_low)} to ${countOrDash(
      row.unseen_high,
    )}). This is Chapman’s estimator. It assumes that the two find a repository independently of
    each other, and each repository with the same chance; where popular repositories are found more often, there are
    more.</p>
    ${row.warning === null ? null : html`<p class="note">Warning: ${row.warning}.</p>`}
  `;
}

function day(time: Date | string): string {
  return new Date(time).toISOString().slice(0, 10);
}
