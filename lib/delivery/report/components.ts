import { formatCount } from "../../cli/progress.ts";
import { barChart, type BarDatum } from "../../web/charts.ts";
import { type Html, html, link, type Part, untrusted, webAddress } from "../../web/html.ts";
import type { Config } from "../../pipeline/config.ts";
import { datasetPage } from "../../web/portal_pages.ts";
import type { Usage } from "./rows.ts";

/** The pieces that every section of the report is put together from. */

/** What a section needs to know beside its rows. */
export type Portal = Config["site"];

/** The match kinds with their short names, strongest first. */
export const KIND_NAMES: Record<string, string> = {
  exact: "Exact",
  normalized: "Normal\u00adized",
  query_variant: "Query variant",
  identifier: "Identi\u00adfier",
  service_call: "Service call",
  resolved: "Resolved",
  template: "Template",
  sibling: "Sibling",
  landing_page: "Landing page",
};

/** A column of a table: its head, its cell, and whether it holds numbers. */
export interface TableColumn<Row> {
  head: string;
  cell: (row: Row) => Part;
  isNumber?: boolean;
}

/** A table that scrolls by itself where the page is narrow; the first column heads its row. */
export function table<Row>(caption: string, columns: TableColumn<Row>[], rows: Row[]): Html {
  const heads = columns.map(({ head, isNumber }) =>
    html`
      <th scope="col" ${isNumber
        ? html`
          class="n"
        `
        : null}>${head}</th>
    `
  );
  const lines = rows.map((row) =>
    html`
      <tr>${columns.map(({ cell, isNumber }, index) => {
        const content = cell(row);
        if (index === 0) return html`<th scope="row">${content}</th>`;
        if (!isNumber) return html`<td>${content}</td>`;
        return html`<td class="${content === "0" ? "n zero" : "n"}">${content}</td>`;
      })}</tr>
    `
  );
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="${caption}">
      <table>
        <caption><span>${caption}</span></caption>
        <thead>
          <tr>${heads}</tr>
        </thead>
        <tbody>${lines}</tbody>
      </table>
    </div>
  `;
}

/** The six kinds side by side, as columns; never added up. */
export function kindColumns<Row extends Usage>(): TableColumn<Row>[] {
  return Object.entries(KIND_NAMES).map(([kind, head]) => ({
    head,
    isNumber: true,
    cell: (row) => formatCount(row[`${kind}_repositories` as keyof Usage]),
  }));
}

/** A chart with its caption and, folded below it, the table of its numbers. */
export function figure<Row>(
  title: string,
  note: string,
  bars: BarDatum[],
  columns: TableColumn<Row>[],
  rows: Row[],
): Html {
  if (rows.length === 0) {
    return html`
      <figure>
        <figcaption>${title}<span>Nothing was found.</span></figcaption>
      </figure>
    `;
  }
  return html`
    <figure><figcaption>${title}<span>${note}</span></figcaption>
    ${barChart(bars, `${title}. ${note} The numbers stand in the table below.`)}
    <details><summary>Table: ${title}</summary>
    ${table(title, columns, rows)}</details></figure>
  `;
}

/** Title of a dataset, linked to its page on the portal where people reach that. */
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

/** `12.3 %`; `under 0.1 %` rather than a zero that is none. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "0 %";
  const share = (100 * part) / whole;
  if (share > 0 && share < 0.1) return "under 0.1 %";
  return `${share >= 10 ? Math.round(share) : Number(share.toFixed(1))} %`;
}

/** `1 dataset`, `12 datasets`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `2026-11-24 03:41 UTC`. */
export function moment(time: Date | string | null): string {
  if (time === null) return "unknown";
  return new Date(time).toISOString().slice(0, 16).replace("T", " ") + " UTC";
}
