/**
 * Search over titles, names and ids. Every word of the query must occur, anywhere; entries whose words
 * begin with the words of the query come first.
 * @module
 */
import { type Html, html, untrusted } from "../web/html.ts";
import { plural } from "../web/labels.ts";
import type { Page } from "./layout.ts";
import { linked, type Links } from "./links.ts";
import { BadRequest, onlyParameters, quoted } from "./responses.ts";
import { searchWords } from "./search_index.ts";
import type { SiteData } from "./site_data.ts";
import type { SiteTables } from "./site_tables.ts";
import type { View } from "./view.ts";

/** An entry that was found. */
export interface Entry {
  kind: SearchKind;
  id: string;
  label: string;
  detail: string | null;
  count: number;
  address?: string;
}

/** What can be found. */
export type SearchKind = "dataset" | "organization" | "repository";

/** Results of each kind; a search for one kind shows more. */
export const FEW_RESULTS = 8;
const MANY_RESULTS = 50;

/** The kinds of entries that are searched, in the order of the results. */
export const SEARCH_KINDS = [
  {
    kind: "dataset",
    heading: "Datasets",
    counts: "repository",
    table: ({ datasets }: SiteTables) => datasets,
    detail: ({ datasets }: SiteTables, row: number) =>
      datasets.columns.organization_id.labelAt(row),
    count: ({ datasets }: SiteTables, row: number) => datasets.repositories[row]!,
  },
  {
    kind: "organization",
    heading: "Organizations",
    counts: "dataset",
    table: ({ organizations }: SiteTables) => organizations,
    detail: () => null,
    count: ({ organizations }: SiteTables, row: number) => organizations.datasets[row]!,
  },
  {
    kind: "repository",
    heading: "Repositories",
    counts: "dataset",
    table: ({ repositories }: SiteTables) => repositories,
    detail: ({ repositories }: SiteTables, row: number) => repositories.columns.language.at(row),
    count: ({ repositories }: SiteTables, row: number) => repositories.datasets[row]!,
  },
] as const;

/** A few of each kind, or many of one. A query without a word finds nothing. */
export function findEntries(data: SiteData, links: Links, text: string, kind?: string): Entry[] {
  const words = searchWords(text);
  if (words.length === 0) return [];
  return SEARCH_KINDS.filter((it) => kind === undefined || it.kind === kind).flatMap((it) =>
    it.table(data.tables).search.find(words, kind ? MANY_RESULTS : FEW_RESULTS + 1)
      .map((row) => entryOf(data.tables, links, it, row))
  );
}

/** One row of a searched table as an entry. */
export function entryOf(
  tables: SiteTables,
  links: Links,
  it: typeof SEARCH_KINDS[number],
  row: number,
): Entry {
  const id = it.table(tables).entities.valueOf(row);
  return {
    kind: it.kind,
    id,
    label: it.table(tables).entities.labelOf(row),
    detail: it.detail(tables, row),
    count: it.count(tables, row),
    address: links.entry(it.kind, id),
  };
}

/** The text and the kind of a search address. */
export function readSearch(query: URLSearchParams): { text: string; kind?: string } {
  onlyParameters(query, "q", "kind", "part");
  const kind = query.get("kind") ?? undefined;
  if (kind !== undefined && !SEARCH_KINDS.some((it) => it.kind === kind)) {
    throw new BadRequest(
      `kind is ${quoted(kind)}: expected one of ${SEARCH_KINDS.map((it) => it.kind).join(", ")}`,
    );
  }
  return { text: (query.get("q") ?? "").slice(0, 200), kind };
}

/** The search page. Where no server answers, a script fills in the results. */
export function searchPage({ links }: Pick<View, "links">, text: string, results: Html): Page {
  return {
    title: text === "" ? "Search" : `Search: ${text}`,
    query: text,
    body: html`
      <h1>Search</h1>
      <div id="results" data-live="${links.search()}">${results}</div>
    `,
  };
}

/** The results alone, which the script puts in place while the reader types. */
export function searchResults(
  { data, links }: Pick<View, "data" | "links">,
  text: string,
  kind?: string,
): Html {
  const entries = findEntries(data, links, text, kind);
  const status = searchWords(text).length === 0
    ? "Type a word of a title, a name or an id."
    : entries.length === 0
    ? "Nothing found. Try fewer words, or the beginning of one."
    : `Results for “${text}”`;
  const groups = SEARCH_KINDS.map((it) => {
    const found = entries.filter((entry) => entry.kind === it.kind);
    if (found.length === 0) return null;
    const most = kind ? MANY_RESULTS : FEW_RESULTS;
    return html`
      <section>
        <h2>${it.heading}</h2>
        <ul class="found">${found.slice(0, most).map((entry) =>
          html`
            <li>${linked(
              entry.address,
              untrusted(entry.label, 140),
            )}<span class="sub">${entry.detail === null
              ? null
              : [untrusted(entry.detail, 80), " · "]}${plural(entry.count, it.counts)}</span></li>
          `
        )}</ul>
        ${!kind && found.length > most
          ? html`<p><a href="${
            links.search({ q: text, kind: it.kind })
          }">More ${it.heading.toLowerCase()}</a></p>`
          : null}
        ${kind && found.length === MANY_RESULTS
          ? html`<p class="quiet">The first ${MANY_RESULTS}.</p>`
          : null}
      </section>
    `;
  });
  return html`<p role="status">${untrusted(status, 240)}</p>${groups}`;
}
