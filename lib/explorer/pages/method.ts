/**
 * `/{site}/method`: how mentions are found, what the figures mean, and what they rest on.
 * @module
 */
import { formatCount } from "../../cli/progress.ts";
import { table } from "../../web/components.ts";
import { html, untrusted } from "../../web/html.ts";
import { labelFor, moment, plural } from "../../web/labels.ts";
import { packageAttribution } from "../../web/sources.ts";
import type { Page } from "../layout.ts";
import type { SnapshotRow, View } from "../view.ts";
import { readFigures, readMatchKinds } from "./home.ts";

/** The page on the method. */
export async function methodPage({ data }: View): Promise<Page> {
  const { manifest, name } = data.snapshot;
  const [kinds, figures, searches, snapshots] = await Promise.all([
    readMatchKinds(data),
    readFigures(data),
    data.known<SnapshotRow>(
      "select * from final.final_searches order by backend, queries desc, status, reason limit 40",
    ),
    data.known<SnapshotRow>(
      "select * from final.final_snapshots where is_newest order by created_at, file",
    ),
  ]);
  const leftOut = figures.left_out_mentions ?? 0;
  const hasPackages = snapshots.some(({ database }) => database === "reverse_dependencies");
  return {
    title: "Method and limits",
    description: `How mentions of the data of ${data.title} in public code are found and counted.`,
    section: "method",
    body: html`
      <h1>Method and limits</h1>
      <ol>
        <li>The catalogue was harvested through its API, cleaned, and checked.</li>
        <li>The URLs of its resources were searched in public code.</li>
        <li>Every URL on every line found was compared with the entire catalogue and graded.</li>
        <li>Forks, mirrors of the catalogue and generic URLs were set apart; a place that several searches
          found counts once.</li>
      </ol>
      <p>Read the figures as <strong>mentions, not uses</strong>: about 28 % of links in code are only
        mentions (Wofford et al. 2022), and use without a URL in public code is not seen at all: private
        code, spreadsheets, copies of the data, names put together at run time. Code searches index default
        branches and files of moderate size.${leftOut === 0
          ? null
          : ` ${plural(leftOut, "row")} of the search belong to datasets that are no longer in the
          catalogue and are left out.`}</p>
      <section>
        <h2>Kinds of match</h2>
        ${table<SnapshotRow>("Kinds of match, strongest first", [
          { head: "Kind", cell: (row) => labelFor("match_kind", row.match_kind) },
          { head: "Meaning", cell: (row) => row.explanation },
          { head: "Mentions", isNumber: true, cell: (row) => formatCount(row.mentions) },
        ], kinds)}
      </section>
      <section>
        <h2>What this site was made from</h2>
        <p>Snapshot <code>${name}</code>, built ${moment(manifest.created_at)}, SHA-256
          <code>${manifest.sha256}</code>.</p>
        ${hasPackages ? html`<p>${packageAttribution()}</p>` : null}
        ${table<SnapshotRow>("Snapshots", [
          { head: "Snapshot", cell: (row) => html`<code>${untrusted(row.file, 120)}</code>` },
          { head: "Created", cell: (row) => moment(row.created_at) },
          { head: "Complete", cell: (row) => row.is_complete ? "yes" : "no" },
        ], snapshots)}
        ${table<SnapshotRow>("How the queries to the code search ended", [
          { head: "Search", cell: (row) => row.backend },
          { head: "Status", cell: (row) => row.status ?? "unknown" },
          { head: "Reason", cell: (row) => untrusted(row.reason ?? "–", 200) },
          { head: "Queries", isNumber: true, cell: (row) => formatCount(row.queries) },
        ], searches)}
      </section>
    `,
  };
}
