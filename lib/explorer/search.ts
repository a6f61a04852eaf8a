import { type Html, html, outside } from "../html.ts";
import { idAddress, pageAddress, withQuery } from "./addresses.ts";
import { WrongRequest } from "./failures.ts";
import type { Page } from "./layout.ts";
import type { SiteData } from "./site_data.ts";
import { plural } from "./words.ts";

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
    select: `thing.dataset_id as id, thing.title as label, organization.title as detail,
      thing.repositories as count`,
    from: `explorer.datasets as thing
      left join explorer.organizations as organization
        on thing.organization_key = organization.organization_key`,
  },
  {
    kind: "organization",
    heading: "Organizations",
    counts: "dataset",
    select:
      "thing.organization_id as id, thing.title as label, null as detail, thing.datasets as count",
    from: "explorer.organizations as thing",
  },
  {
    kind: "repository",
    heading: "Repositories",
    counts: "dataset",
    select: `thing.repository as id, thing.repository as label, thing.language as detail,
      thing.datasets as count`,
    from: "explorer.repositories as thing",
  },
] as const;

const FEW = 8;
const MANY = 50;
const MOST_WORDS = 8;

/**
 * What is found for a text: a few of each kind, or many of one. A text of which nothing is left
 * finds nothing.
 */
export async function findEntries(data: SiteData, text: string, kind?: string): Promise<Entry[]> {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  const found = await Promise.all(
    KINDS.filter((it) => kind === undefined || it.kind === kind).map(async (it) => {
      const conditions = words.map((_, at) => `contains(text, $word${at})`).join(" and ");
      const values = Object.fromEntries(words.map((word, at) => [`word${at}`, word]));
      return await data.known<Omit<Entry, "address">>(
        `with chosen as materialized (
           select position, not starts_with(text, $word0) as is_inside from explorer.entries
           where kind = $kind and ${conditions}
           order by is_inside, position limit ${kind ? MANY : FEW + 1}
         )
         select $kind as kind, ${it.select}
         from ${it.from}
         inner join chosen on thing.position = chosen.position
         order by chosen.is_inside, chosen.position`,
        { ...values, kind: it.kind },
      );
    }),
  );
  return found.flat().map((entry) => ({ ...entry, address: addressOf(data.name, entry) }));
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
export async function searchPage(data: SiteData, query: URLSearchParams): Promise<Page> {
  const { text, kind } = readSearch(query);
  return {
    title: text === "" ? "Search" : `Search: ${text}`,
    query: text,
    body: html`
      <h1>Search</h1>
      <div id="results" data-live="${pageAddress(data.name, "search")}">${await searchResults(
        data,
        text,
        kind,
      )}</div>
    `,
  };
}

/** The results alone, which the script puts in place as one types. */
export async function searchResults(data: SiteData, text: string, kind?: string): Promise<Html> {
  const entries = await findEntries(data, text, kind);
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
            <li><a href="${entry.address}">${outside(entry.label, 140)}</a>
              <span class="sub">${entry.detail === null
                ? null
                : [outside(entry.detail, 80), " · "]}${plural(entry.count, it.counts)}</span></li>
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
  return html`<p role="status">${outside(said, 240)}</p>${groups}`;
}

function addressOf(site: string, { kind, id }: { kind: string; id: string }): string {
  return kind === "repository" ? pageAddress(site, kind, id) : idAddress(site, kind, id);
}

/** In small letters without accents, as the entries are. */
function wordsOf(text: string): string[] {
  return text.normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC").toLowerCase().split(/\s+/)
    .filter((word) => word !== "").slice(0, MOST_WORDS);
}
