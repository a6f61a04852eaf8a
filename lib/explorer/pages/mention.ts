/**
 * `/{site}/mention/{id}`: everything that is known about one mention, and how to report that it is
 * wrong.
 * @module
 */
import { properties } from "../../web/components.ts";
import { html, link, singleLine, untrusted } from "../../web/html.ts";
import { labelFor } from "../../web/labels.ts";
import type { Page } from "../layout.ts";
import { linked } from "../links.ts";
import { codeLine } from "../list_columns.ts";
import { NotFound } from "../responses.ts";
import { readRow, type SnapshotRow, type View } from "../view.ts";
import { readMatchKinds } from "./home.ts";
import { heading, rowOf } from "./sections.ts";

/** The page of a mention. */
export async function mentionPage(view: View, id: string): Promise<Page> {
  const { data, links } = view;
  const { mentions } = data.tables;
  const at = rowOf(mentions.entities, id);
  const row = await readRow(view, "final_mentions", "item.*", mentions.itemRow[at]!);
  // mentions are found by a key of their id, which two ids may share
  if (row.mention_id !== id) throw new NotFound();
  const title = mentions.columns.dataset_id.labelAt(at) ?? row.dataset_id;
  const kinds = await readMatchKinds(data);
  const explanation = kinds.find((kind) => kind.match_kind === row.match_kind)?.explanation ?? "";
  const place = `${row.path}${row.line_number === null ? "" : `:${row.line_number}`}`;
  return {
    title: `Mention in ${row.repository}`,
    section: "mentions",
    body: html`
      ${heading("Mention", `${row.repository} mentions ${title}`)}
      ${codeLine(row.line, row.text)}
      ${properties([
        ["Place", link(row.url, untrusted(place, 200))],
        [
          "Repository",
          linked(links.entry("repository", row.repository), untrusted(row.repository)),
        ],
        ["Dataset", linked(links.entry("dataset", row.dataset_id), untrusted(title))],
        [
          "Resource",
          row.resource_id === null ? "None: the place names only the dataset" : linked(
            links.entry("resource", row.resource_id),
            untrusted(row.resource_id),
          ),
        ],
        [
          "Made from",
          row.made_from_lines === null
            ? "The line writes it"
            : String(row.made_from_lines).split("\n").map((line) =>
              html`<span class="sub"><code>${untrusted(line, 300)}</code></span>`
            ),
        ],
        ["Text found", html`<code>${untrusted(row.text, 300)}</code>`],
        ["Match kind", `${labelFor("match_kind", row.match_kind)}. ${explanation}`],
        [
          "Kind of use",
          `${labelFor("kind_of_use", row.kind_of_use)}, estimated from path and file type`,
        ],
        ["Language", untrusted(row.language ?? "Not known", 40)],
        ["Counted as", labelFor("counted_as", row.counted_as)],
        ["Found by", untrusted(row.sources, 60)],
      ])}
      <section>
        <h2>Report a wrong match</h2>
        <p>Copy this text, describe what is wrong, and send it to the people who run this site or to the
          project. Nothing is sent from this page.</p>
        <label for="report">Text of the report</label>
        <textarea id="report" rows="12" readonly>${report(view, row, title, place)}</textarea>
        <p><button type="button" data-copy="report" hidden>Copy the text</button>
          <span role="status" id="copied"></span></p>
      </section>
    `,
  };
}

function report({ data }: View, row: SnapshotRow, title: string, place: string): string {
  const lines = [
    "Wrong match: (describe in one sentence what is wrong)",
    "",
    `Mention:     ${row.mention_id}`,
    `Snapshot:    ${data.snapshot.name} of ${data.name}`,
    `Repository:  ${row.repository}`,
    `Place:       ${place}`,
    `Address:     ${row.url ?? "none"}`,
    `Text found:  ${row.text}`,
    `Graded:      ${row.match_kind}, counted as ${row.counted_as}`,
    `Dataset:     ${row.dataset_id} (${title})`,
    `Resource:    ${row.resource_id ?? "none"}`,
  ];
  return lines.map((text) => singleLine(text.slice(0, 400)).replace(/^(\w+:) /, "$1 ")).join("\n");
}
