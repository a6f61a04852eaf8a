import { type Html, html } from "./html.ts";
import { formatCount } from "../cli/progress.ts";

/** How the values of the tables are called where people read them. */

/** Kinds of match, strongest first. */
export const MATCH_KINDS: Record<string, string> = {
  exact: "Exact",
  normalized: "Normalized",
  query_variant: "Query variant",
  identifier: "Identifier",
  service_call: "Service call",
  resolved: "Resolved",
  template: "Template",
  sibling: "Sibling",
  landing_page: "Landing page",
};

const KINDS_OF_USE: Record<string, string> = {
  code: "Code",
  notebook: "Notebook",
  documentation: "Documentation",
  configuration: "Configuration",
  data: "Data file",
  unknown: "Unknown",
};

const COUNTED_AS: Record<string, string> = {
  original: "Original",
  fork: "Fork",
  catalogue_mirror: "Mirror of the catalogue",
  generic: "Generic URL",
};

const WORDS: Record<string, Record<string, string>> = {
  match_kind: { ...MATCH_KINDS, any: "Any kind" },
  kind_of_use: KINDS_OF_USE,
  counted_as: COUNTED_AS,
  is_mentioned: { yes: "Mentioned", no: "Not mentioned" },
  is_confirmed: { yes: "Confirmed", no: "Not confirmed" },
  was_known: { yes: "Yes", no: "No" },
  names: { dataset: "Dataset", resource: "Resource" },
  thing: { dataset: "Dataset", resource: "Resource" },
  change: {
    added: "Added",
    gone: "Gone",
    renamed: "Renamed",
    url_moved: "URL moved",
    licence_changed: "Licence changed",
    format_changed: "Format changed",
    id_changed: "Id changed",
  },
  topic_kind: { tag: "Tag", group: "Group" },
};

/** Heads of filters that are no facets. */
export const FILTER_HEADS: Record<string, string> = {
  dataset_id: "Dataset",
  resource_id: "Resource",
  organization_id: "Organization",
  repository: "Repository",
  topic: "Topic",
};

/** The word for a value of a column; a value without one stands for itself. */
export function wordFor(column: string, value: string): string {
  return WORDS[column]?.[value] ?? value;
}

/** `1 dataset`, `1,200 repositories`. */
export function plural(count: number, one: string): string {
  const many = one.endsWith("y") ? `${one.slice(0, -1)}ies` : `${one}s`;
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `2026-11-24 03:41 UTC`. */
export function moment(time: unknown): string {
  if (!(time instanceof Date) && typeof time !== "string") return "not known";
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "not known";
  return date.toISOString().slice(0, 16).replace("T", " ") + " UTC";
}

/** The same where it stands in a table: on one line. */
export function timeCell(time: unknown): Html {
  return html`<time>${moment(time)}</time>`;
}
