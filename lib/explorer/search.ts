import { type Html, html, untrusted } from "../web/html.ts";
import { idAddress, pageAddress, withQuery } from "./addresses.ts";
import { WrongRequest } from "./failures.ts";
import type { Page } from "./layout.ts";
import type { SiteData } from "./site_data.ts";
import type { Things } from "./things.ts";
import { plural } from "../web/labels.ts";

/** Search over titles and names: every word must stand in it, wherever. */

/** Something that was found. */
export interface Entry {
  kind: string;
  id: string;
  label: string;
  detail: string | null;
  count: number;
  address: string;
}

const KINDS = [
  {
    kind: "dataset",
    heading: "Datasets",
    counts: "repository",
    table: ({ datasets }: Things) => datasets,
    detail: ({ datasets }: Things, row: number) => datasets.columns.organization_id.labelAt(row),
    count: ({ datasets }: Things, row: number) => datasets.repositories[row]!,
  },
  {
    kind: "organization",
    heading: "Organizations",
    counts: "dataset",
    table: ({ organizations }: Things) => organizations,
    detail: () => null,
    count: ({ organizations }: Things, row: number) => organizations.datasets[row]!,
  },
  {
    kind: "repository",
    heading: "Repositories",
    counts: "dataset",
    table: ({ repositories }: Things) => repositories,
    detail: ({ repositories }: Things, row: number) => repositories.columns.language.at(row),
    count: ({ repositories }: Things, row: number) => repositories.datasets[row]!,
  },
] as const;

const FEW = 8;
const MANY = 50;
const MOST_WORDS = 8;

/**
 * What is found for a text: a few of each kind, or many of one. A text of which nothing is left
 * finds nothing.
 */
export function findEntries(data: SiteData, text: string, kind?: string): Entry[] {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  return KINDS.filter((it) => kind === undefined || it.kind === kind).flatMap((it) =>
    it.table(data.things).search.find(words, kind ? MANY : FEW + 1)
      .map((row) => entryOf(data, it, row))
  );
}

/** The text and the kind of a search address. */
export function readSearch(query: URLSearchParams): { text: string; kind?: string } {
  const kind = query.get("kind") ?? undefined;
  if (kind !== undefined && !KINDS.some((it) => it.kind === kind)) {
    throw new WrongRequest(
      `kind is ${JSON.stringify(kind.slice(0, 80))}: there is ${
        KINDS.map((it) => it.kind).join(", ")
      }`,
    );
  }
  return { text: (query.get("q") ?? "").slice(0, 200), kind };
}

/** `/{site}/search?q=…` */
export function searchPage(data: SiteData, query: URLSearchParams): Page {
  const { text, kind } = readSearch(query);
  return {
    title: text === "" ? "Search" : `Search: ${text}`,
    query: text,
    body: html`
      <h1>Search</h1>
      <div id="results" data-live="${pageAddress(data.name, "search")}">${searchResults(
        data,
        text,
        kind,
      )}</div>
    `,
  };
}

/** The results alone, which the script puts in place as one types. */
export function searchResults(data: SiteData, text: string, kind?: string): Html {
  const entries = findEntries(data, text, kind);
  const said = wordsOf(text).length === 0
    ? "Type a word of a title, a name or an id."
    : entries.length === 0
    ? "Nothing was found: try fewer words, or a part of one."
    : `Found for “${text}”`;
  const groups = KINDS.map((it) => {
    const found = entries.filter((entry) => entry.kind === it.kind);
    if (found.length === 0) return null;
    const most = kind ? MANY : FEW;
    const more = !kind && found.length > most;
    return html`
      <section>
        <h2>${it.heading}</h2>
        <ul class="found">${found.slice(0, most).map((entry) =>
          html`
            <li><a href="${entry.address}">${untrusted(entry.label, 140)}</a>
              <span class="sub">${entry.detail === null
                ? null
                : [untrusted(entry.detail, 80), " · "]}${plural(entry.count, it.counts)}</span></li>
          `
        )}</ul>
        ${more
          ? html`<p><a href="${
            withQuery(pageAddress(data.name, "search"), { q: text, kind: it.kind })
          }">More ${it.heading.toLowerCase()}</a></p>`
          : null}
        ${kind && found.length === MANY ? html`<p class="quiet">The first ${MANY}.</p>` : null}
      </section>
    `;
  });
  return html`<p role="status">${untrusted(said, 240)}</p>${groups}`;
}

function entryOf({ name, things }: SiteData, it: typeof KINDS[number], row: number): Entry {
  const { kind } = it;
  const id = it.table(things).named.valueOf(row);
  const label = it.table(things).named.labelOf(row);
  const detail = it.detail(things, row);
  return {
    kind,
    id,
    label,
    detail,
    count: it.count(things, row),
    address: addressOf(name, { kind, id }),
  };
}

function addressOf(site: string, { kind, id }: { kind: string; id: string }): string {
  return kind === "repository" ? pageAddress(site, kind, id) : idAddress(site, kind, id);
}

/** In small letters without accents, as the entries are. */
function wordsOf(text: string): string[] {
  return text.normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC").toLowerCase().split(/\s+/)
    .filter((word) => word !== "").slice(0, MOST_WORDS);
}
