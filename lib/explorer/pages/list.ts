/**
 * `/{site}/{list}`: the page of a list, with its filters, facets and rows.
 * @module
 */
import { table } from "../../web/components.ts";
import { type Html, html, untrusted } from "../../web/html.ts";
import { FILTER_HEADS, labelFor, plural } from "../../web/labels.ts";
import type { Page } from "../layout.ts";
import { linked } from "../links.ts";
import { columnsOf } from "../list_columns.ts";
import { readFacets, readPage } from "../list_query.ts";
import { downloads, facets, PACKAGE_NOTE, pager, unusedKinds } from "../list_view.ts";
import type { Filters, List } from "../lists.ts";
import { NotFound } from "../responses.ts";
import type { View } from "../view.ts";

/**
 * One page of a list.
 * @param number counted from 1
 * @param before shown above the rows
 * @throws {NotFound} beyond the last page
 */
export async function listPage(
  view: View,
  list: List,
  filters: Filters,
  number = 1,
  before: Html | null = null,
): Promise<Page> {
  if (list.requiredFilter !== undefined) throw new NotFound();
  const { data, links } = view;
  const page = await readPage(view, list, filters, number);
  if (number > page.pages) throw new NotFound();
  const found = plural(page.total, list.singular);
  return {
    title: number === 1 ? list.heading : `${list.heading}, page ${number}`,
    description: list.description,
    section: list.name,
    body: html`
      <h1>${list.heading}</h1>
      <p class="lead">${list.description}</p>
      ${chips(view, list, filters)}
      <div class="split">
        <div class="rows" id="rows">
          ${before}
          ${page.rows.length === 0
            ? html`<p>No ${list.heading.toLowerCase()} match these filters.</p>`
            : [
              table(
                page.pages === 1 ? found : `${found}, page ${page.page} of ${page.pages}`,
                columnsOf(list, links, [
                  ...Object.keys(filters).filter((name) => name.endsWith("_id")),
                  ...unusedKinds(view),
                ]),
                page.rows,
              ),
              pager(links, list, filters, page),
              downloads(links, list.name, list.heading, filters),
              list.hasPackageData ? PACKAGE_NOTE : null,
            ]}
        </div>
        ${facets(links, list, filters, readFacets(data, list, filters))}
      </div>
    `,
  };
}

/** The filters that apply, each with a link that removes it. */
function chips({ data, links }: View, list: List, filters: Filters): Html | null {
  const entries = Object.entries(filters);
  if (entries.length === 0) return null;
  const items = entries.map(([name, value]) => {
    const head = list.facets[name] ?? FILTER_HEADS[name] ?? name;
    const { dictionary } = list.table(data.tables).columns[name]!;
    const code = dictionary.codeOf(value);
    const label = code === undefined ? value : dictionary.labelOf(code) || value;
    const address = links.list(list.name, { ...filters, [name]: undefined });
    return html`
      <li>${head}: <strong>${untrusted(labelFor(name, label), 60)}</strong> ${linked(
        address,
        html`remove<span class="hidden"> ${head}</span>`,
      )}</li>
    `;
  });
  return html`<ul class="chips" aria-label="Filters that apply">${items}</ul>`;
}
