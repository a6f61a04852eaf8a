/**
 * Which entries of a site get a file of their own, and the addresses of a published site: relative, so
 * that the site works under any path and on any host.
 * @module
 */
import type { EntryKind, Links, Parameters } from "../links.ts";
import { LISTS } from "../lists.ts";
import type { SiteData } from "../site_data.ts";
import { detailsFile, fileNameOf } from "../static/shared.js";

/** Lists that are published; the others are too large for what they show. */
export const PUBLISHED_LISTS = [
  "datasets",
  "organizations",
  "repositories",
  "topics",
  "mentions",
  "packages",
  "dead_references",
  "changes",
];

/** Pages of a list that are written; scripts and files have all rows. */
export const LIST_PAGES = 30;

/** With so many pages and feeds every entry has its own. */
const MOST_ENTRY_FILES = 4000;
/** Beyond that: so many of each kind, the most mentioned; the others share files. */
const QUOTAS = { organization: 150, dataset: 700, topic: 100, repository: 100 };
/** Entries without a page of their own that share a file. */
const ENTRIES_PER_FILE = 100;
const MOST_DETAILS_FILES = 1024;

/** Kinds of entries that have pages. */
export type PageKind = keyof typeof QUOTAS;

/** The pages of a site. */
export class SitePages {
  /** Rows of the tables in memory that have a page of their own. */
  readonly rows: Record<PageKind, number[]>;
  /** Rows whose details are in shared files. */
  readonly shared: Record<"dataset" | "repository", number[]>;
  /** Number of shared files; 0 where every entry has a page. */
  readonly detailsFiles: number;
  readonly #own = new Map<PageKind, Set<string>>();
  readonly #shared = new Map<string, Set<string>>();

  constructor(readonly data: SiteData) {
    const { datasets, organizations, repositories, topics } = data.tables;
    const rowsUntil = (size: number, isIn = (_row: number) => true) =>
      Array.from({ length: size }, (_, row) => row).filter(isIn);
    const wanted = {
      organization: rowsUntil(organizations.size),
      dataset: rowsUntil(datasets.size, (row) => datasets.repositories[row]! > 0),
      topic: rowsUntil(topics.size, (row) => topics.columns.is_mentioned.at(row) === "yes"),
      repository: rowsUntil(repositories.size),
    };
    const files = 2 * wanted.organization.length + 2 * wanted.dataset.length +
      wanted.topic.length + wanted.repository.length;
    const most = (kind: PageKind) => files <= MOST_ENTRY_FILES ? Infinity : QUOTAS[kind];
    const split = (kind: PageKind) => wanted[kind].slice(0, most(kind));
    this.rows = {
      organization: split("organization"),
      dataset: split("dataset"),
      topic: split("topic"),
      repository: split("repository"),
    };
    this.shared = {
      dataset: wanted.dataset.slice(this.rows.dataset.length),
      repository: wanted.repository.slice(this.rows.repository.length),
    };
    const left = this.shared.dataset.length + this.shared.repository.length;
    this.detailsFiles = Math.min(MOST_DETAILS_FILES, Math.ceil(left / ENTRIES_PER_FILE));
    const ids = (kind: PageKind, rows: number[]) =>
      new Set(rows.map((row) => this.entities(kind).valueOf(row)));
    for (const [kind, rows] of Object.entries(this.rows)) {
      this.#own.set(kind as PageKind, ids(kind as PageKind, rows));
    }
    for (const [kind, rows] of Object.entries(this.shared)) {
      this.#shared.set(kind, ids(kind as PageKind, rows));
    }
  }

  /** Ids and titles of a kind. */
  entities(kind: PageKind) {
    const { datasets, organizations, repositories, topics } = this.data.tables;
    const tables = {
      dataset: datasets,
      organization: organizations,
      repository: repositories,
      topic: topics,
    };
    return tables[kind].entities;
  }

  /** 1 where the entry has a page, 2 where a shared file has it, 0 where neither. */
  state(kind: string, id: string): 0 | 1 | 2 {
    if (this.#own.get(kind as PageKind)?.has(id)) return 1;
    return this.#shared.get(kind)?.has(id) ? 2 : 0;
  }

  /** The shared file of an entry. */
  detailsFileOf(kind: string, id: string): number {
    return detailsFile(`${kind}/${id}`, this.detailsFiles);
  }

  /** Pages of a list that are written. */
  listPages(list: string): number {
    const size = LISTS.get(list)!.table(this.data.tables).size;
    return Math.min(LIST_PAGES, Math.max(1, Math.ceil(size / (LISTS.get(list)!.pageRows ?? 50))));
  }
}

/** The path of an entry's page from the root of the site. */
export function entryPath(kind: PageKind, id: string): string {
  return `${kind}/${fileNameOf(id)}.html`;
}

/**
 * The addresses, as seen from a page.
 * @param depth folders between the page and the root of the site
 * @param csvLists lists that are also published as CSV
 */
export function staticLinks(pages: SitePages, depth: 0 | 1, csvLists: Set<string>): Links {
  const root = depth === 1 ? "../" : "";
  const entry = (kind: PageKind, id: string) => {
    const state = pages.state(kind, id);
    if (state === 0) return undefined;
    return state === 1
      ? root + entryPath(kind, id)
      : `${root}entry.html#${kind}/${encodeURIComponent(id)}`;
  };
  return {
    sites: () => undefined,
    home: () => `${root}index.html`,
    list: (list, parameters = {}) => listAddress(pages, root, list, parameters),
    entry: (kind: EntryKind, id) =>
      kind === "mention" || kind === "resource" ? undefined : entry(kind, id),
    topic: (kind, topic) => entry("topic", `${kind}:${topic}`),
    search: (parameters) => `${root}search.html${query("?", parameters)}`,
    graph: (parameters) => isEmpty(parameters) ? `${root}graph.html` : undefined,
    method: () => `${root}method.html`,
    newMentions: () => `${root}new.html`,
    runs: () => undefined,
    file: (list, type, parameters) => {
      if (!isEmpty(parameters) || !PUBLISHED_LISTS.includes(list)) return undefined;
      if (type === "csv" && csvLists.has(list)) return `${root}data/${list}.csv`;
      return type === "parquet" ? `${root}data/${list}.parquet` : undefined;
    },
    graphFile: (type) => `${root}data/graph.${type}`,
    feed: (kind, id) => {
      if (kind === undefined) return `${root}feeds/all.xml`;
      return (kind === "dataset" || kind === "organization") && pages.state(kind, id!) === 1
        ? `${root}feeds/${kind}-${fileNameOf(id!)}.xml`
        : undefined;
    },
    asset: (name) => `${root}assets/${name}`,
  };
}

/** A page of a list, or the first one with filters that its script applies. */
function listAddress(
  pages: SitePages,
  root: string,
  list: string,
  { page, ...filters }: Parameters,
): string | undefined {
  if (!PUBLISHED_LISTS.includes(list)) return undefined;
  if (!isEmpty(filters)) return `${root}${list}.html${query("#", filters)}`;
  if (page === undefined || page === 1) return `${root}${list}.html`;
  return Number(page) <= pages.listPages(list) ? `${root}${list}/${page}.html` : undefined;
}

function isEmpty(parameters: Parameters = {}): boolean {
  return Object.values(parameters).every((value) => value === undefined || value === "");
}

function query(mark: string, parameters: Parameters = {}): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return mark + new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}
