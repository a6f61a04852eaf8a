/**
 * Changes between two harvests of a catalogue: their labels, and their text for a terminal or a mail.
 * @module
 */
import { formatCount } from "../cli/progress.ts";
import { singleLine } from "./html.ts";
import { CHANGE_LABELS } from "./labels.ts";
import { datasetPage } from "./sources.ts";
import type { Manifest } from "../storage/snapshots.ts";

/** Rows of each kind that are shown; the files have all. */
export const MOST_SHOWN = 20;
const LONGEST = 160;

export type Thing = "dataset" | "resource" | "organization";

/** One row of `sql/changes/queries/summary.sql`. */
export interface SummaryRow {
  thing: Thing;
  change: string;
  changes: number;
  /** Of these, resources that came or went with their dataset. */
  with_dataset: number;
}

/** One row of `changes.changes`. */
export interface ShownChange {
  thing: Thing;
  change: string;
  field: string | null;
  dataset_id: string | null;
  resource_id: string | null;
  dataset_name: string | null;
  dataset_title: string | null;
  resource_name: string | null;
  old_value: string | null;
  new_value: string | null;
  url: string | null;
  organization_id: string | null;
  organization_title: string | null;
}

/** Changes that are not looked for in a dataset, a resource or an organization. */
export const NOT_APPLICABLE: Record<Thing, string[]> = {
  dataset: ["format_changed", "dataset_changed"],
  resource: ["licence_changed"],
  organization: Object.keys(CHANGE_LABELS).filter((change) => change !== "renamed"),
};

const HEADS: Record<Thing, string> = {
  dataset: "Datasets",
  resource: "Resources",
  organization: "Organizations",
};

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
  for (const change of Object.keys(CHANGE_LABELS)) {
    for (const thing of ["dataset", "resource", "organization"] as const) {
      const rows = shown.filter((row) => row.thing === thing && row.change === change);
      const count = summary.find((row) => row.thing === thing && row.change === change);
      if (rows.length > 0) lines.push("", ...partLines(later, thing, rows, count!));
    }
  }
  return lines.join("\n") + "\n";
}

function countLines(later: Manifest, summary: SummaryRow[]): string[] {
  const line = (
    name: string,
    datasets: string,
    resources: string,
    organizations: string,
    note = "",
  ) =>
    `  ${name.padEnd(19)}${datasets.padStart(11)}${resources.padStart(12)}${
      organizations.padStart(16)
    }${note}`;
  const {
    ckan_clean_datasets: datasets = 0,
    ckan_clean_all_resources: resources = 0,
    ckan_clean_organizations: organizations = 0,
  } = later.tables;
  const lines = [line("", "datasets", "resources", "organizations")];
  for (const [change, label] of Object.entries(CHANGE_LABELS)) {
    const find = (thing: string) =>
      summary.find((row) => row.thing === thing && row.change === change);
    const cell = (thing: Thing) =>
      NOT_APPLICABLE[thing].includes(change) ? "" : formatCount(find(thing)?.changes ?? 0);
    const along = find("resource")?.with_dataset ?? 0;
    const note = along === 0 ? "" : `   ${formatCount(along)} of them with their dataset`;
    lines.push(
      line(inSentence(label), cell("dataset"), cell("resource"), cell("organization"), note),
    );
  }
  return [
    ...lines,
    line("total now", formatCount(datasets), formatCount(resources), formatCount(organizations)),
  ];
}

function partLines(
  later: Manifest,
  thing: Thing,
  rows: ShownChange[],
  count: SummaryRow,
): string[] {
  const { change, changes, with_dataset } = count;
  const head = `${HEADS[thing]}: ${inSentence(CHANGE_LABELS[change]!)}`;
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
  const dataset = plain(row.dataset_title ?? row.dataset_name ?? row.dataset_id ?? "");
  const title = row.thing === "dataset"
    ? dataset
    : row.thing === "organization"
    ? plain(row.organization_title ?? row.organization_id ?? "")
    : `${dataset} · ${plain(row.resource_name ?? row.resource_id ?? "")}`;
  const what = row.field === "title" || row.field === "name" ? ` (${row.field})` : "";
  const link = row.thing === "dataset" && row.change !== "gone"
    ? datasetPage(later.config.site, row.dataset_name) ?? ""
    : "";
  if (row.field === null) {
    const url = row.thing === "resource" ? plain(row.url ?? "") : link;
    return [`  ${title}`, ...(url === "" ? [] : [`      ${url}`])];
  }
  const [old, now] = diffExcerpt(row.old_value ?? "–", row.new_value ?? "–", LONGEST).map(
    plain,
  ) as [
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

/** A label inside a sentence: `URL moved`, but `removed`. */
function inSentence(label: string): string {
  return /^[A-Z]{2}/.test(label) ? label : label[0]!.toLowerCase() + label.slice(1);
}

/** One line of limited length without control characters, which a terminal would obey. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  const line = singleLine(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, "");
  const characters = Array.from(line.slice(0, 4 * LONGEST));
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : line;
}

function moment(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}

/** Characters of a common beginning that are kept before the difference. */
const SHOWN_ALIKE = 30;

/**
 * Two values without most of their common beginning, where a cut at `most` characters would hide the
 * difference.
 */
export function diffExcerpt(old: string, now: string, most: number): [string, string] {
  const [before, after] = [Array.from(old), Array.from(now)];
  if (Math.max(before.length, after.length) <= most) return [old, now];
  let same = 0;
  while (before[same] !== undefined && before[same] === after[same]) same += 1;
  const cut = same - SHOWN_ALIKE;
  if (cut < SHOWN_ALIKE) return [old, now];
  const end = (characters: string[]) => `…${characters.slice(cut).join("")}`;
  return [end(before), end(after)];
}
