import { type Html, html, type Part, untrusted, webAddress } from "../web/html.ts";
import { shortPair } from "../web/diff_excerpt.ts";
import { idAddress } from "./addresses.ts";
import type { List } from "./list.ts";

/** What changed since the catalogue before. */

export const CHANGES: List = {
  name: "changes",
  heading: "Changes",
  one: "change",
  about: "What is other than in the catalogue before this one, first what is gone or moved and " +
    "public code mentions. Where no earlier catalogue stands there is none.",
  table: ({ changes }) => changes,
  // links to a dataset alone where the catalogue has it
  known: ({ changes }, row) => ({ in_catalogue: changes.columns.dataset_id.at(row) !== null }),
  file: "final_changes",
  select: `thing, change, field, dataset_id, resource_id, dataset_title, resource_name, old_value,
    new_value, repositories, item.url`,
  selectForFiles: "earlier_id, dataset_name, is_with_dataset",
  facets: { change: "Change", thing: "Of what", is_mentioned: "Mentioned" },
};

const LONGEST_VALUE = 120;

interface ChangeRow {
  thing: string;
  change: string;
  dataset_id: string;
  resource_id: string | null;
  dataset_title: string | null;
  resource_name: string | null;
  old_value: string | null;
  new_value: string | null;
  url: string | null;
  in_catalogue: boolean;
}

/** The dataset or resource, with a link to what there is of it. */
export function changedThing(row: ChangeRow, site: string): Html {
  const title = untrusted(row.dataset_title ?? row.dataset_id, 110);
  const dataset = row.in_catalogue
    ? html`<a href="${idAddress(site, "dataset", row.dataset_id)}">${title}</a>`
    : title;
  if (row.thing === "dataset") return dataset;
  const name = untrusted(row.resource_name ?? row.resource_id, 80);
  const href = webAddress(row.url);
  return html`${
    href === undefined
      ? name
      : html`<a class="out" href="${href}" rel="noopener noreferrer">${name}</a>`
  }<span class="sub">of ${dataset}</span>`;
}

/** `before → now`, what differs in sight. */
export function changedValues({ change, old_value, new_value }: ChangeRow): Part {
  const shown = (value: string) => html`<code>${untrusted(value, LONGEST_VALUE)}</code>`;
  if (change === "added") return shown(new_value ?? "–");
  if (change === "gone") return shown(old_value ?? "–");
  const [old, now] = shortPair(old_value ?? "–", new_value ?? "–", LONGEST_VALUE);
  return html`${shown(old)} → ${shown(now)}`;
}
