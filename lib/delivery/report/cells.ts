/**
 * Cells of the report's tables. The report is read away from the explorer, so everything links to the
 * portal and to the code itself.
 * @module
 */
import { formatCount } from "../../cli/progress.ts";
import type { TableColumn } from "../../web/components.ts";
import { type Html, html, link, untrusted, webAddress } from "../../web/html.ts";
import { MATCH_KINDS } from "../../web/labels.ts";
import type { Config } from "../../pipeline/config.ts";
import { datasetPage } from "../../web/sources.ts";
import type { Usage } from "./data.ts";

/** What a section needs to know of the portal. */
export type Portal = Config["site"];

/** A column of numbers. */
export function numbers<Row>(head: string, value: (row: Row) => number): TableColumn<Row> {
  return { head, isNumber: true, cell: (row) => formatCount(value(row)) };
}

/** The kinds of match as columns; they are never added up. */
export function kindColumns<Row extends Usage>(): TableColumn<Row>[] {
  return Object.entries(MATCH_KINDS).map(([kind, head]) =>
    numbers(head, (row) => row[`${kind}_repositories` as keyof Usage])
  );
}

/** Title of a dataset, linked to its page on the portal where readers can reach that. */
export function datasetLink(
  portal: Portal,
  row: { name: string | null; title: string | null },
): Html {
  const shown = untrusted(row.title ?? row.name ?? "Without a title", 110);
  return link(datasetPage(portal, row.name), shown);
}

/** A repository's name, linked to it. */
export function repositoryLink(repository: string): Html {
  return link(`https://${repository}`, untrusted(repository, 80));
}

/** `path:line`, linked to the line at its commit. */
export function placeLink(
  place: { path: string; line_number: number | null; url: string | null },
): Html {
  const line = place.line_number === null ? "" : `:${place.line_number}`;
  const shown = html`<code>${untrusted(place.path, 60)}${line}</code>`;
  return webAddress(place.url) === undefined ? shown : link(place.url, shown);
}
