import { type Html, html, type Part, untrusted } from "../web/html.ts";
import { formatCount } from "../cli/progress.ts";
import { pageAddress, withQuery } from "./addresses.ts";
import { NotFound } from "./failures.ts";
import type { Filters, List } from "./list.ts";
import type { SiteData } from "./site_data.ts";
import type { Named } from "./named.ts";
import { MATCH_KINDS } from "../web/labels.ts";

/** What the pages of single things are put together from. */

// deno-lint-ignore no-explicit-any
type Row = Record<string, any>;

/** The kicker and the title of a page; a title from outside is cut. */
export function head(kind: string, title: string): Html {
  return html`
    <p class="kicker">${kind}</p>
    <h1>${untrusted(title, 200)}</h1>
  `;
}

/** What `usage` shows. */
export const USAGE_COLUMNS = [
  "repositories",
  ...Object.keys(MATCH_KINDS).map((kind) => `${kind}_repositories`),
  "fork_repositories",
  "mirror_repositories",
  "generic_repositories",
].map((name) => `usage.${name}`).join(", ");

/** The row in memory of a thing. @throws {NotFound} where there is none. */
export function rowOf(named: Named, id: string): number {
  const row = named.codeOf(id);
  if (row === undefined) throw new NotFound();
  return row;
}

/** The one row of a thing in the snapshot. @throws {NotFound} where there is none. */
export async function theRow(
  data: SiteData,
  sql: string,
  values: Record<string, string> = {},
): Promise<Row> {
  const [row] = await data.rows<Row>(sql, values);
  if (row === undefined) throw new NotFound();
  return row;
}

/** What the catalogue says of a thing, cut. */
export function notes(text: string | null): Part {
  return text ? html`<p class="notes">${untrusted(text, 600)}</p>` : null;
}

/** Link to a thing's neighbourhood. */
export function graphLink(data: SiteData, query: Record<string, string>): Html {
  return html`<a href="${withQuery(pageAddress(data.name, "graph"), query)}">Show as a graph</a>`;
}

/** Link to how far a thing's data reaches. */
export function reachLink(data: SiteData, list: List, filters: Filters): Html {
  return html`<a href="${
    withQuery(pageAddress(data.name, list.name), filters)
  }">Packages behind the repositories</a>`;
}

/** Repositories by match kind and, apart, what does not count; kinds are never added up. */
export function usage(row: Row): Html {
  const count = (name: string, column: string) =>
    html`
      <div>
        <dt>${name}</dt>
        <dd>${formatCount(row[column] ?? 0)}</dd>
      </div>
    `;
  return html`
    <section>
      <h2>Repositories, by what their code has</h2>
      <dl class="figures">
        ${count("in any way", "repositories")}
        ${Object.entries(MATCH_KINDS).map(([kind, name]) => count(name, `${kind}_repositories`))}
      </dl>
      <p class="quiet">A repository can stand under several kinds: they do not add up. Counted apart:
        ${formatCount(row.fork_repositories)} forks, ${formatCount(
          row.mirror_repositories,
        )} mirrors of
        the catalogue, ${formatCount(row.generic_repositories)} with only a generic URL.</p>
    </section>
  `;
}
