/**
 * Sections that several pages of the explorer have.
 * @module
 */
import { barChart } from "../../web/components.ts";
import { type Html, html, type Part, untrusted } from "../../web/html.ts";
import { MATCH_KINDS, plural } from "../../web/labels.ts";
import type { EntityDictionary } from "../columns.ts";
import { linked, type Parameters } from "../links.ts";
import type { List } from "../lists.ts";
import { NotFound } from "../responses.ts";
import type { SnapshotRow, View } from "../view.ts";

/** What kind of entry it is, and its title, cut. */
export function heading(kind: string, title: string): Html {
  return html`
    <p class="kicker">${kind}</p>
    <h1>${untrusted(title, 200)}</h1>
  `;
}

/** The columns that `usage` shows. */
export const USAGE_COLUMNS = [
  "repositories",
  ...Object.keys(MATCH_KINDS).map((kind) => `${kind}_repositories`),
  "fork_repositories",
  "mirror_repositories",
  "generic_repositories",
].join(", ");

/** The row of an entry in its table in memory. @throws {NotFound} where there is none. */
export function rowOf(entities: EntityDictionary, id: string): number {
  const row = entities.codeOf(id);
  if (row === undefined) throw new NotFound();
  return row;
}

/** The catalogue's own description, cut. */
export function notes(text: string | null): Part {
  return text ? html`<p class="notes">${untrusted(text, 600)}</p>` : null;
}

/** Link to the graph around an entry. */
export function graphLink({ links }: View, parameters: Parameters): Part {
  const address = links.graph(parameters);
  return address === undefined ? null : linked(address, "Show as a graph");
}

/** Link to how far an entry's data reaches. */
export function reachLink({ links }: View, list: List, filters: Parameters): Part {
  const address = links.list(list.name, filters);
  return address === undefined ? null : linked(address, "Packages of the repositories");
}

/** Link to the feed of an entry's new mentions. */
export function feedLink(address: string | undefined): Part {
  return address === undefined ? null : html`<a href="${address}">New mentions (Atom)</a>`;
}

/** Repositories by kind of match and, apart, what does not count; kinds are never added up. */
export function usage(row: SnapshotRow): Html {
  const count = (column: string): number => row[column] ?? 0;
  const found = Object.entries(MATCH_KINDS).filter(([kind]) => count(`${kind}_repositories`) > 0);
  return html`
    <section>
      <h2>Repositories by kind of match</h2>
      ${count("repositories") === 0 ? html`<p>No repository was found.</p>` : barChart(
        `${plural(count("repositories"), "repository")} in total`,
        "Strongest kind first. A repository can have several kinds, so they do not add up.",
        "Kind of match",
        "Repositories",
        found.map(([kind, label]) => ({
          label,
          value: count(`${kind}_repositories`),
          of: count("repositories"),
        })),
      )}
      <p class="quiet">Counted apart: ${plural(count("fork_repositories"), "fork")}, ${plural(
        count("mirror_repositories"),
        "catalogue mirror",
      )}, ${plural(count("generic_repositories"), "repository")} with only a generic URL.</p>
    </section>
  `;
}
