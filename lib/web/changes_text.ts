import { formatCount } from "../cli/progress.ts";
import { tame } from "./html.ts";
import { datasetPage } from "./portal_pages.ts";
import { shortPair } from "./diff_excerpt.ts";
import type { Manifest } from "../storage/snapshots.ts";

/** What changed in a catalogue, as text for a terminal or a mail. */

/** So many rows of a kind are shown; the files have all. */
export const MOST_SHOWN = 20;
const LONGEST = 160;

/** One row of `sql/changes/queries/summary.sql`. */
export interface SummaryRow {
  thing: "dataset" | "resource";
  change: string;
  changes: number;
  /** Of these, resources that came or went with their dataset. */
  with_dataset: number;
}

/** One row of `changes.changes`. */
export interface ShownChange {
  thing: "dataset" | "resource";
  change: string;
  field: string | null;
  dataset_id: string;
  resource_id: string | null;
  dataset_name: string | null;
  dataset_title: string | null;
  resource_name: string | null;
  old_value: string | null;
  new_value: string | null;
  url: string | null;
}

/** The changes with the words for them, in the order in which they matter to who looks after links. */
export const CHANGES: Record<string, string> = {
  gone: "gone",
  url_moved: "URL moved",
  added: "added",
  renamed: "renamed",
  licence_changed: "licence changed",
  format_changed: "format changed",
  id_changed: "id changed",
};

/** Which changes a thing cannot have. */
export const NEVER = { dataset: ["format_changed"], resource: ["licence_changed"] };

/** Counts, then the first rows of each kind. */
export function changesText(
  later: Manifest,
  { from, to }: { from: { created_at: string }; to: { created_at: string } },
  summary: SummaryRow[],
  shown: ShownChange[],
): string {
  const { site } = later.config;
  const lines = [
    `${plain(site.title ?? site.short_name)}: from ${moment(from.created_at)} to ${
      moment(to.created_at)
    }`,
    "",
    ...countLines(later, summary),
  ];
  for (const change of Object.keys(CHANGES)) {
    for (const thing of ["dataset", "resource"] as const) {
      const rows = shown.filter((row) => row.thing === thing && row.change === change);
      const count = summary.find((row) => row.thing === thing && row.change === change);
      if (rows.length > 0) lines.push("", ...partLines(later, thing, rows, count!));
    }
  }
  return lines.join("\n") + "\n";
}

function countLines(later: Manifest, summary: SummaryRow[]): string[] {
  const line = (name: string, datasets: string, resources: string, note = "") =>
    `  ${name.padEnd(17)}${datasets.padStart(11)}${resources.padStart(12)}${note}`;
  const { ckan_clean_datasets: datasets = 0, ckan_clean_all_resources: resources = 0 } =
    later.tables;
  const lines = [line("", "datasets", "resources")];
  for (const [change, word] of Object.entries(CHANGES)) {
    const find = (thing: string) =>
      summary.find((row) => row.thing === thing && row.change === change);
    const cell = (thing: "dataset" | "resource") =>
      NEVER[thing].includes(change) ? "" : formatCount(find(thing)?.changes ?? 0);
    const along = find("resource")?.with_dataset ?? 0;
    const note = along === 0 ? "" : `   ${formatCount(along)} of them with their dataset`;
    lines.push(line(word, cell("dataset"), cell("resource"), note));
  }
  return [...lines, line("in all now", formatCount(datasets), formatCount(resources))];
}

function partLines(
  later: Manifest,
  thing: "dataset" | "resource",
  rows: ShownChange[],
  count: SummaryRow,
): string[] {
  const { change, changes, with_dataset } = count;
  const head = `${thing === "dataset" ? "Datasets" : "Resources"}: ${CHANGES[change]}`;
  const more = changes - with_dataset - rows.length;
  return [
    head,
    ...rows.flatMap((row) => rowLines(later, row)),
    ...(more > 0
      ? [`  … and ${formatCount(more)} more: --format csv or --format json has all`]
      : []),
  ];
}

function rowLines(later: Manifest, row: ShownChange): string[] {
  const dataset = plain(row.dataset_title ?? row.dataset_name ?? row.dataset_id);
  const title = row.thing === "dataset"
    ? dataset
    : `${dataset} · ${plain(row.resource_name ?? row.resource_id ?? "")}`;
  const what = row.field === "title" || row.field === "name" ? ` (${row.field})` : "";
  const link = row.thing === "dataset" && row.change !== "gone"
    ? datasetPage(later.config.site, row.dataset_name) ?? ""
    : "";
  if (row.field === null) {
    const url = row.thing === "resource" ? plain(row.url ?? "") : link;
    return [`  ${title}`, ...(url === "" ? [] : [`      ${url}`])];
  }
  const [old, now] = shortPair(row.old_value ?? "–", row.new_value ?? "–", LONGEST).map(plain) as [
    string,
    string,
  ];
  const short = old.length + now.length < 90;
  return [
    `  ${title}${what}`,
    ...(short ? [`      ${old} → ${now}`] : [`      ${old}`, `    → ${now}`]),
    ...(link === "" ? [] : [`      ${link}`]),
  ];
}

/** One line without what a terminal would take for a command, and not endless. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  const line = tame(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, "");
  const characters = Array.from(line.slice(0, 4 * LONGEST));
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : line;
}

function moment(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}
