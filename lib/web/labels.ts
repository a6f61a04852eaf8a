/**
 * How values of the tables, counts, shares and times are written where people read them: one set of
 * labels for the report, the explorer and the published site.
 * @module
 */
import { formatCount } from "../cli/progress.ts";
import { type Html, html } from "./html.ts";

/** Kinds of match, strongest first. A kind without a label here is shown by its own name. */
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

/** What can happen to a dataset or resource between two harvests, what breaks links first. */
export const CHANGE_LABELS: Record<string, string> = {
  gone: "Removed",
  url_moved: "URL moved",
  added: "Added",
  renamed: "Renamed",
  dataset_changed: "In another dataset",
  licence_changed: "Licence changed",
  format_changed: "Format changed",
  id_changed: "Id changed",
};

const LABELS: Record<string, Record<string, string>> = {
  match_kind: { ...MATCH_KINDS, any: "Any kind" },
  kind_of_use: {
    code: "Code",
    notebook: "Notebook",
    documentation: "Documentation",
    configuration: "Configuration",
    data: "Data file",
    unknown: "Unknown",
  },
  counted_as: {
    original: "Original",
    own: "The publisher's own",
    fork: "Fork",
    catalogue_mirror: "Mirror of the catalogue",
    generic: "Generic URL",
    wrong: "Judged wrong",
  },
  relation: { independent: "Independent", own: "The publisher's own", unknown: "Not known" },
  is_mentioned: { yes: "Mentioned", no: "Not mentioned" },
  is_confirmed: { yes: "Confirmed", no: "Not confirmed" },
  was_known: { yes: "Yes", no: "No" },
  names: { dataset: "Dataset", resource: "Resource" },
  thing: { dataset: "Dataset", resource: "Resource", organization: "Organization" },
  change: CHANGE_LABELS,
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

/** The label of a column's value; a value without a label is shown as it is. */
export function labelFor(column: string, value: string): string {
  return LABELS[column]?.[value] ?? value;
}

/** The labels of a column's values, for scripts that show the same column. */
export function labelsOf(column: string): Record<string, string> | undefined {
  return LABELS[column];
}

/** `1 dataset`, `1,200 repositories`. */
export function plural(count: number, one: string): string {
  const many = one.endsWith("y") ? `${one.slice(0, -1)}ies` : `${one}s`;
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A number that may be unknown, which is not zero. */
export function countOrDash(count: number | null | undefined): string {
  return count === null || count === undefined ? "–" : formatCount(count);
}

/** `12.3 %`; `under 0.1 %` rather than a zero that is not one. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "0 %";
  const share = (100 * part) / whole;
  if (share > 0 && share < 0.1) return "under 0.1 %";
  return `${share >= 10 ? Math.round(share) : Number(share.toFixed(1))} %`;
}

/** `2026-11-24 03:41 UTC`. */
export function moment(time: unknown): string {
  if (!(time instanceof Date) && typeof time !== "string") return "not known";
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "not known";
  return date.toISOString().slice(0, 16).replace("T", " ") + " UTC";
}

/** The same in a table cell, which keeps it on one line. */
export function timeCell(time: unknown): Html {
  return html`<time>${moment(time)}</time>`;
}
