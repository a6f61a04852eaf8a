import { type Html, html, untrusted } from "../../web/html.ts";
import { withQuery } from "../addresses.ts";
import { NotFound, WrongRequest } from "../failures.ts";
import type { Page } from "../layout.ts";
import { readFacets, readPage } from "../list_query.ts";
import type { Filters, List } from "../list.ts";
import type { SiteData } from "../site_data.ts";
import { columnsOf, downloads, facets, PACKAGE_NOTE, pager, table } from "../table_parts.ts";
import { FILTER_HEADS, plural, wordFor } from "../../web/labels.ts";

/** The page of a list: what narrows it, its facets, its rows. */
export async function listPage(data: SiteData, list: List, query: URLSearchParams): Promise<Page> {
  if (list.needs !== undefined) throw new NotFound();
  const filters = filtersOf(data, list, query, ["page"]);
  const number = query.get("page") ?? "1";
  if (!/^[1-9]\d{0,6}$/.test(number)) {
    throw new WrongRequest(`page is ${JSON.stringify(number)}, wanted is a number from 1`);
  }
  const page = await readPage(data, list, filters, Number(number));
  const path = `/${data.name}/${list.name}`;
  const found = page.total === 0 ? `No ${list.one} is so.` : plural(page.total, list.one);
  return {
    title: list.heading,
    section: list.name,
    body: html`
      <h1>${list.heading}</h1>
      <p class="lead">${list.about}</p>
      ${chips(data, path, filters, list)}
      <div class="split">
        <div class="rows">
          ${page.rows.length === 0
            ? html`<p>${page.total === 0 ? found : "There is no such page of the list."}</p>`
            : [
              table(
                page.pages === 1 ? found : `${found}, page ${page.page} of ${page.pages}`,
                columnsOf(list, Object.keys(filters).filter((name) => name.endsWith("_id"))),
                page.rows,
                data.name,
              ),
              pager(path, filters, page),
              downloads(data.name, list, filters),
              list.hasPackageData ? PACKAGE_NOTE : null,
            ]}
        </div>
        ${facets(data.name, list, filters, readFacets(data, list, filters))}
      </div>
    `,
  };
}

/**
 * The filters of an address.
 * @throws {WrongRequest} for a name that is none, and for a value that cannot be one.
 */
export function filtersOf(
  data: SiteData,
  list: List,
  query: URLSearchParams,
  others: string[] = [],
): Filters {
  const filters: Filters = {};
  const { columns } = list.table(data.things);
  for (const [name, value] of query) {
    if (others.includes(name)) continue;
    if (!Object.hasOwn(columns, name)) {
      const known = Object.keys(columns).join(", ");
      throw new WrongRequest(
        `${JSON.stringify(name.slice(0, 80))} is nothing that ${list.heading.toLowerCase()} ` +
          `can be narrowed by: there is ${known}`,
      );
    }
    // deno-lint-ignore no-control-regex
    if (value.length > 2000 || /[\u0000-\u0008\u000b-\u001f]/.test(value)) {
      throw new WrongRequest(`the value of ${name} is too long or has control characters`);
    }
    if (value !== "") filters[name] = value;
  }
  if (list.needs !== undefined && filters[list.needs] === undefined) {
    throw new WrongRequest(`${list.heading.toLowerCase()} needs ${list.needs}`);
  }
  return filters;
}

/** What narrows the list, each with a link that takes it away. */
function chips(data: SiteData, path: string, filters: Filters, list: List): Html | null {
  const entries = Object.entries(filters);
  if (entries.length === 0) return null;
  const items = entries.map(([name, value]) => {
    const head = list.facets[name] ?? FILTER_HEADS[name] ?? name;
    const label = untrusted(labelOf(data, list, name, value), 60);
    return html`
      <li>${head}: <strong>${label}</strong> <a href="${withQuery(path, {
        ...filters,
        [name]: undefined,
      })}">remove<span class="hidden"> ${head}</span></a></li>
    `;
  });
  return html`<ul class="chips" aria-label="Narrowed by">${items}</ul>`;
}

function labelOf(data: SiteData, list: List, name: string, value: string): string {
  const { names } = list.table(data.things).columns[name]!;
  const code = names.codeOf(value);
  return wordFor(name, code === undefined ? value : names.labelOf(code) || value);
}
