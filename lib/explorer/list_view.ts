/**
 * A list on a page: its table with caption, pages, facets and downloads.
 * @module
 */
import { table } from "../web/components.ts";
import { type Html, html, untrusted } from "../web/html.ts";
import { formatCount } from "../cli/progress.ts";
import { labelFor, plural } from "../web/labels.ts";
import { packageAttribution } from "../web/sources.ts";
import { linked, type Links, type Parameters } from "./links.ts";
import { columnsOf } from "./list_columns.ts";
import { type FacetValue, type ListPage, readPage } from "./list_query.ts";
import type { Filters, List } from "./lists.ts";
import type { View } from "./view.ts";

/** The source and licence of package data, for pages that show it. */
export const PACKAGE_NOTE = html`
  <p class="quiet">${packageAttribution()} The licence applies to the files as well.</p>
`;

/** Kinds of match that no dataset has: their columns would be zeros alone. */
export function unusedKinds({ data }: View): string[] {
  return data.remember("unused kinds", () => {
    const { kinds } = data.tables.datasets;
    return Object.keys(kinds).filter((name) => kinds[name]!.every((count) => count === 0));
  });
}

/** Links to a list's rows as files; nothing where there are no such files. */
export function downloads(
  links: Links,
  list: string,
  heading: string,
  parameters: Parameters = {},
): Html | null {
  const types = [["csv", "CSV"], ["json", "JSON"], ["parquet", "Parquet"]] as const;
  const files = types.flatMap(([type, name]) => {
    const address = links.file(list, type, parameters);
    const hidden = html`<span class="hidden"> of ${heading.toLowerCase()}</span>`;
    if (address === undefined) return [];
    return type === "json"
      ? [html`
        <a href="${address}">${name}${hidden}</a>
      `]
      : [html`
        <a href="${address}" download>${name}${hidden}</a>
      `];
  });
  return files.length === 0 ? null : html`<p class="files">All rows: ${files}</p>`;
}

/** The first rows of a list as a section of a page about one entry. */
export async function listSection(
  view: View,
  list: List,
  filters: Filters,
  {
    heading = list.heading,
    omit = [] as string[],
    rows = view.sectionRows,
    empty = "None found.",
  } = {},
): Promise<Html> {
  const { links } = view;
  const page = await readPage(view, list, filters, 1, rows);
  const all = page.total > rows && list.requiredFilter === undefined
    ? links.list(list.name, filters)
    : undefined;
  const count = plural(page.total, list.singular);
  return html`
    <section>
      <h2>${heading}</h2>
      ${page.total === 0 ? html`<p class="quiet">${empty}</p>` : [
        table(
          page.total > rows ? `${heading}: the first ${rows} of ${count}` : `${heading}: ${count}`,
          columnsOf(list, links, [...omit, ...unusedKinds(view)]),
          page.rows,
        ),
        all === undefined ? null : html`<p>${linked(all, `All ${count}`)}</p>`,
        downloads(links, list.name, list.heading, filters),
      ]}
    </section>
  `;
}

/** Links to the page before and after. */
export function pager(
  links: Links,
  list: List,
  filters: Filters,
  { page, pages }: ListPage,
): Html | null {
  if (pages === 1) return null;
  const to = (target: number, text: string, rel: string) => {
    const address = links.list(list.name, {
      ...filters,
      page: target === 1 ? undefined : target,
    });
    return address === undefined ? null : html`<a rel="${rel}" href="${address}">${text}</a>`;
  };
  return html`
    <nav class="pager" aria-label="Pages">
      ${page > 1 ? to(page - 1, "← Previous page", "prev") : null}
      <span>Page ${formatCount(page)} of ${formatCount(pages)}</span>
      ${page < pages ? to(page + 1, "Next page →", "next") : null}
    </nav>
  `;
}

/** The facets of a list: each value is a link that filters by it, with the number of rows. */
export function facets(
  links: Links,
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
              <li>${linked(
                links.list(list.name, { ...filters, [name]: value }),
                untrusted(labelFor(name, label), 50),
              )} <span class="count">${formatCount(count)}</span></li>
            `
          )}</ul>
        </details>
      `
    );
  return groups.length === 0
    ? null
    : html`<nav class="facets" aria-label="Filters">${groups}</nav>`;
}
