import { type Html, html, link, type Part, untrusted } from "../web/html.ts";
import { PACKAGE_DATA } from "../web/package_data.ts";
import { formatCount } from "../cli/progress.ts";
import { withQuery } from "./addresses.ts";
import { type Column, COLUMNS } from "./list_columns.ts";
import { type FacetValue, type ListPage, readPage } from "./list_query.ts";
import type { Filters, List, Row } from "./list.ts";
import { LISTS } from "./lists.ts";
import type { SiteData } from "./site_data.ts";
import { plural, wordFor } from "../web/labels.ts";

/** Tables with their caption, pages and downloads; facets beside them. */

/** A table that scrolls by itself where the page is narrow; the first column heads its row. */
export function table(caption: Part, columns: Column[], rows: Row[], site: string): Html {
  const heads = columns.map(({ head, isNumber }) =>
    html`<th scope="col" class="${isNumber ? "n" : ""}">${head}</th>`
  );
  const lines = rows.map((row) =>
    html`
      <tr>${columns.map(({ cell, isNumber }, index) => {
        const content = cell(row, site);
        if (index === 0) return html`<th scope="row">${content}</th>`;
        return html`<td class="${
          isNumber ? content === "0" ? "n zero" : "n" : ""
        }">${content}</td>`;
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

/** A table of facts about one thing: each a name and a value; empty ones are left out. */
export function facts(entries: [name: string, value: Part][]): Html {
  return html`
    <dl class="facts">${entries.filter(([, value]) =>
      value !== null && value !== undefined && value !== ""
    )
      .map(([name, value]) =>
        html`
          <div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>
        `
      )}</dl>
  `;
}

/** The columns of a list without those that are the same in every row. */
export function columnsOf(list: List, omit: string[] = []): Column[] {
  return COLUMNS[list.name]!.filter(({ name }) => !omit.includes(name));
}

/** Whose data the numbers of packages are, and under which licence. */
export const PACKAGE_NOTE = html`
  <p
    class="quiet">Package data: ${link(PACKAGE_DATA.path, PACKAGE_DATA.title)}, licence ${link(
      PACKAGE_DATA.licence.path,
      "CC BY-SA 4.0",
    )}, joined here with the repositories that mention data. It goes with the files.</p>
`;

/** Links to a list's rows as files. */
export function downloads(site: string, list: List, filters: Filters): Html {
  const address = (type: string) => withQuery(`/${site}/data/${list.name}.${type}`, filters);
  return html`
    <p class="files">All rows: <a href="${address("csv")}" download>CSV<span class="hidden">
      of ${list.heading.toLowerCase()}</span></a>
    <a href="${address("json")}">JSON<span class="hidden"> of ${list.heading
      .toLowerCase()}</span></a>
    </p>
  `;
}

/** The first rows of a list as a section of a page about one thing. */
export async function listSection(
  data: SiteData,
  list: List,
  filters: Filters,
  { heading = list.heading, omit = [] as string[], rows = 10, empty = "None was found." } = {},
): Promise<Html> {
  const page = await readPage(data, list, filters, 1, rows);
  const more = page.total > rows && list.needs === undefined;
  return html`
    <section>
      <h2>${heading}</h2>
      ${page.total === 0 ? html`<p class="quiet">${empty}</p>` : [
        table(
          page.total > rows
            ? `${heading}: the first ${rows} of ${plural(page.total, list.one)}`
            : `${heading}: ${plural(page.total, list.one)}`,
          columnsOf(list, omit),
          page.rows,
          data.name,
        ),
        more
          ? html`<p><a href="${withQuery(`/${data.name}/${list.name}`, filters)}">All ${
            plural(page.total, list.one)
          }</a></p>`
          : null,
        downloads(data.name, list, filters),
      ]}
    </section>
  `;
}

/** Links to the page before and after. */
export function pager(path: string, filters: Filters, { page, pages }: ListPage): Html | null {
  if (pages === 1) return null;
  const to = (target: number, text: string, rel: string) =>
    html`<a rel="${rel}" href="${
      withQuery(path, { ...filters, page: target === 1 ? undefined : target })
    }">${text}</a>`;
  return html`
    <nav class="pager" aria-label="Pages">
      ${page > 1 ? to(page - 1, "← Previous page", "prev") : null}
      <span>Page ${formatCount(page)} of ${formatCount(pages)}</span>
      ${page < pages ? to(page + 1, "Next page →", "next") : null}
    </nav>
  `;
}

/** The facets of a list, each value a link that narrows it, with the number of rows left. */
export function facets(
  site: string,
  list: List,
  filters: Filters,
  values: Record<string, FacetValue[]>,
): Html | null {
  const groups = Object.entries(list.facets)
    .filter(([name]) => (values[name] ?? []).length > 0)
    .map(([name, heading]) =>
      html`
        <details class="facet" open>
          <summary>${heading}</summary>
          <ul>${values[name]!.map(({ value, label, count }) =>
            html`
              <li>
                <a href="${withQuery(`/${site}/${list.name}`, { ...filters, [name]: value })}">
                  ${untrusted(wordFor(name, label), 50)}
                </a>
                <span class="count">${formatCount(count)}</span>
              </li>
            `
          )}</ul>
        </details>
      `
    );
  return groups.length === 0
    ? null
    : html`<nav class="facets" aria-label="Narrow the list">${groups}</nav>`;
}

/** The list of that name, or undefined; names of built-in properties are none. */
export function listNamed(name: string): List | undefined {
  return Object.hasOwn(LISTS, name) ? LISTS[name] : undefined;
}
