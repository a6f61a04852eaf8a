import { html, link, tame, untrusted } from "../../web/html.ts";
import { idAddress, pageAddress } from "../addresses.ts";
import type { Page } from "../layout.ts";
import { codeLine } from "../mention_parts.ts";
import type { SiteData } from "../site_data.ts";
import { facts } from "../table_parts.ts";
import { head, rowOf, theRow } from "../thing_parts.ts";
import { wordFor } from "../../web/labels.ts";

/** `/{site}/mention/{id}`: one mention with everything that is known of it, and how to say it is wrong. */
export async function mentionPage(data: SiteData, id: string): Promise<Page> {
  const { mentions } = data.things;
  const at = rowOf(mentions.named, id);
  const row = await theRow(
    data,
    `select details.* from final.final_mentions as details
     where details.rowid = ${mentions.itemRow[at]} and details.mention_id = $id`,
    { id },
  );
  row.dataset = mentions.columns.dataset_id.labelAt(at);
  const kinds = await data.known<{ match_kind: string; explanation: string }>(
    "select match_kind, explanation from final.final_match_kinds",
  );
  const explanation = kinds.find((kind) => kind.match_kind === row.match_kind)?.explanation ?? "";
  const line = row.line_number === null ? "" : `:${row.line_number}`;
  const place = `${row.path}${line}`;
  return {
    title: `Mention in ${row.repository}`,
    section: "mentions",
    body: html`
      ${head("Mention", `${row.repository} mentions ${row.dataset ?? row.dataset_id}`)}
      ${codeLine(row.line, row.text)}
      ${facts([
        ["Where", link(row.url, untrusted(place, 200))],
        [
          "Repository",
          html`<a href="${pageAddress(data.name, "repository", row.repository)}">${
            untrusted(row.repository)
          }</a>`,
        ],
        [
          "Dataset",
          html`<a href="${idAddress(data.name, "dataset", row.dataset_id)}">${
            untrusted(row.dataset ?? row.dataset_id)
          }</a>`,
        ],
        [
          "Resource",
          row.resource_id === null
            ? "None: the place names only the dataset"
            : html`<a href="${idAddress(data.name, "resource", row.resource_id)}">${
              untrusted(row.resource_id)
            }</a>`,
        ],
        ["What was found", html`<code>${untrusted(row.text, 300)}</code>`],
        ["Match kind", `${wordFor("match_kind", row.match_kind)}. ${explanation}`],
        [
          "Kind of use",
          `${wordFor("kind_of_use", row.kind_of_use)}, guessed from path and file type`,
        ],
        ["Language", untrusted(row.language ?? "Not known", 40)],
        ["Counted as", wordFor("counted_as", row.counted_as)],
        ["Found through", untrusted(row.backends, 60)],
      ])}
      <section>
        <h2>Report a wrong match</h2>
        <p>Copy this text, say what is wrong, and send it to whoever runs this site or to the project.
          Nothing is sent from here.</p>
        <label for="report">Text of the report</label>
        <textarea id="report" rows="12" readonly>${report(data, row, place)}</textarea>
        <p><button type="button" data-copy="report" hidden>Copy the text</button>
          <span role="status" id="copied"></span></p>
      </section>
    `,
  };
}

// deno-lint-ignore no-explicit-any
function report(data: SiteData, row: Record<string, any>, place: string): string {
  const lines = [
    "Wrong match: (say in a sentence what is wrong)",
    "",
    `Mention:     ${row.mention_id}`,
    `Snapshot:    ${data.snapshot.name} of ${data.name}`,
    `Repository:  ${row.repository}`,
    `Place:       ${place}`,
    `Address:     ${row.url ?? "none"}`,
    `Found:       ${row.text}`,
    `Graded:      ${row.match_kind}, counted as ${row.counted_as}`,
    `Dataset:     ${row.dataset_id} (${row.dataset ?? "without a title"})`,
    `Resource:    ${row.resource_id ?? "none"}`,
  ];
  return lines.map((text) => tame(text.slice(0, 400)).replace(/^(\w+:) /, "$1 ")).join("\n");
}
