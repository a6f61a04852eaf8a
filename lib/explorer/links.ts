/**
 * Addresses of pages. Page functions ask here for every address, so the same page can be answered by
 * the server and written as a file of a published site, where some pages do not exist: such an address
 * is undefined, and the text is shown without a link.
 * @module
 */
import { type Html, html, type Part } from "../web/html.ts";

/** Parameters of an address; those without a value are left out. */
export type Parameters = Record<string, string | number | undefined>;

/** The pages that one entry of the catalogue, or of the code found, has. */
export type EntryKind = "dataset" | "organization" | "repository" | "resource" | "mention";

/** Where the pages of one site are. */
export interface Links {
  /** All sites of this server. */
  sites(): string | undefined;
  home(): string;
  list(list: string, parameters?: Parameters): string | undefined;
  entry(kind: EntryKind, id: string): string | undefined;
  topic(kind: string, topic: string): string | undefined;
  search(parameters?: Parameters): string;
  graph(parameters?: Parameters): string | undefined;
  method(): string;
  newMentions(): string;
  /** Runs, snapshots and lineage. */
  runs(): string | undefined;
  /** Rows of a list as a file; undefined where there is no such file. */
  file(list: string, type: string, parameters?: Parameters): string | undefined;
  graphFile(type: string, parameters?: Parameters): string | undefined;
  feed(kind?: EntryKind, id?: string): string | undefined;
  /** A style sheet, a script or an icon. */
  asset(name: string): string;
}

/** The addresses that the server answers: permanent, made of ids, every segment encoded. */
export function serverLinks(site: string): Links {
  const path = (...segments: string[]) =>
    `/${[site, ...segments].map(encodeURIComponent).join("/")}`;
  return {
    sites: () => "/",
    home: () => path(),
    list: (list, parameters) => withQuery(path(list), parameters),
    // a repository keeps the slashes between host, owner and name
    entry: (kind, id) => kind === "repository" ? path(kind, ...id.split("/")) : path(kind, id),
    topic: (kind, topic) => path("topic", kind, topic),
    search: (parameters) => withQuery(path("search"), parameters),
    graph: (parameters) => withQuery(path("graph"), parameters),
    method: () => path("method"),
    newMentions: () => path("new"),
    runs: () => "/runs",
    file: (list, type, parameters) => withQuery(path("data", `${list}.${type}`), parameters),
    graphFile: (type, parameters) => withQuery(path(`graph.${type}`), parameters),
    feed: () => undefined,
    asset: (name) => `/static/${name}`,
  };
}

/** A path with a query; parameters without a value are left out. */
export function withQuery(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

/** The content as a link, or alone where there is no such page. */
export function linked(address: string | undefined, content: Part): Html {
  return address === undefined ? html`${content}` : html`<a href="${address}">${content}</a>`;
}
