// Which resources and datasets of a catalogue a line of code mentions, and how surely.
import {
  type CatalogueIndex,
  datasetOf,
  datasetOfPrefix,
  type HostEntry,
  type Owner,
  SEVERAL,
} from "./catalogue_index.ts";
import { comparableDoi, hostIdsIn, uuidsIn } from "./identifiers.ts";
import { datasetsOfPage } from "./landing_pages.ts";
import { findPlaceholder, isJoinedOn } from "./placeholders.ts";
import { findUrlRuns, type UrlRun } from "./url_finder.ts";
import { comparablePath, comparableQuery, decodeEscapes, joinTail, splitTail } from "./urls.ts";

/** How a text names what it names, strongest first: as in sql/vocabularies.sql. */
export const MATCH_KINDS = [
  "exact",
  "normalized",
  "query_variant",
  "identifier",
  "template",
  "landing_page",
] as const;

/** One of `MATCH_KINDS`. */
export type MatchKind = typeof MATCH_KINDS[number];

/** A thing of the catalogue that a place in the code names. */
export interface Mention {
  /** As it stands in the code, secrets and all. */
  text: string;
  match_kind: MatchKind;
  dataset_id: string | null;
  /** Null where the place names only a dataset. */
  resource_id: string | null;
  /** A URL without a path, or one that many datasets of the catalogue share. */
  is_generic: boolean;
  /** How many mentions this text has on this line. */
  shared_by: number;
}

/** A URL that more datasets share than this says little about any of them. */
export const GENERIC_ABOVE = 5;

interface Found {
  text: string;
  kind: MatchKind;
  owners: Owner[];
  hasPath: boolean;
}

/** Finds everything of the catalogue that a line mentions; each text once, with its strongest kind. */
export function findMentions(line: string, index: CatalogueIndex): Mention[] {
  const places = new Map<string, Found>();
  for (const run of findUrlRuns(line, (host) => index.hosts.has(host))) {
    const host = index.hosts.get(run.host);
    const found = host && gradeRun(line, run, host, index);
    if (found) keepStronger(places, found);
  }
  if (index.dois.size > 0 && line.includes("10.")) {
    for (const found of findDois(line, index)) keepStronger(places, found);
  }
  if (places.size === 0) return [];
  return [...places.values()].flatMap((found) => toMentions(found, index));
}

function keepStronger(places: Map<string, Found>, found: Found): void {
  const known = places.get(found.text);
  const isStronger = !known || MATCH_KINDS.indexOf(found.kind) < MATCH_KINDS.indexOf(known.kind);
  if (isStronger) places.set(found.text, found);
}

function gradeRun(line: string, run: UrlRun, host: HostEntry, index: CatalogueIndex): Found | null {
  const literal = findLiteral(line, run, host, index);
  if (literal) return literal;
  const text = line.slice(run.start, run.end);
  const tail = decoded(line, run, run.end);
  const hole = findPlaceholder(tail, 0);
  const { path, query } = splitTail(tail);
  const hasPath = path !== "" && (hole < 0 || hole > 1);
  if (!hasPath && !run.hasScheme) return null;
  const found = (kind: MatchKind, owners: Owner[]): Found => ({ text, kind, owners, hasPath });

  const mark = tail.indexOf("?");
  const isPathWhole = hole < 0 || (mark >= 0 && hole > mark);
  const isAction = /\/api\/(?:\d\/)?action\//.test(path);
  if (isPathWhole && !isAction) {
    const owner = host.paths.get(path);
    if (owner !== undefined && owner !== SEVERAL) return found("query_variant", [owner]);
  }
  const byId = ownersById(path, query, host, index);
  if (byId.length > 0) return found("identifier", byId);
  const dataset = datasetOfTemplate(line, run, tail, hole, host, index);
  if (dataset >= 0) return found("template", [-2 - dataset]);
  if (isPathWhole) {
    const datasets = datasetsOfPage(index, host, path, query);
    if (datasets.length > 0) return found("landing_page", datasets.map((row) => -2 - row));
    const folder = hole < 0 && mark < 0 ? datasetOfFolder(path, host, index) : -1;
    if (folder >= 0) return found("template", [-2 - folder]);
  }
  return null;
}

/** The resources whose URL this is, as it stands or but for its way of writing. */
function findLiteral(
  line: string,
  run: UrlRun,
  host: HostEntry,
  index: CatalogueIndex,
): Found | null {
  let normalized: Found | null = null;
  let beyond: Found | null = null;
  for (const end of run.ends) {
    const tail = decoded(line, run, end);
    const { path, query } = splitTail(tail);
    if (path === "" && !run.hasScheme) continue;
    const head = host.urls.get(joinTail(path, query));
    if (head === undefined) continue;
    const text = line.slice(run.start, end);
    const owners: Owner[] = [];
    for (let row = head; row >= 0; row = index.next[row] ?? -1) owners.push(row);
    const same = owners.filter((row) => index.resourceUrls[row] === text);
    const hasPath = path !== "" || query !== "";
    if (same.length > 0) return { text, kind: "exact", owners: same, hasPath };
    // A fragment is dropped, whatever it is: it must not swallow what stands behind the URL.
    const hash = tail.indexOf("#");
    const found: Found = { text, kind: "normalized", owners, hasPath };
    if (hash < 0 || end <= run.end) normalized ??= found;
    else if (!/[\s'"(),;|[\]]/.test(tail.slice(hash))) beyond ??= found;
  }
  return normalized ?? beyond;
}

/** What follows the host up to `end`, without the escapes of the language it stands in. */
function decoded(line: string, run: UrlRun, end: number): string {
  let tail = decodeEscapes(line.slice(run.tail, end));
  for (let level = 0; level < run.encodings; level++) {
    try {
      tail = decodeURIComponent(tail);
    } catch {
      break; // half an escape at a cut, or no UTF-8
    }
  }
  return tail;
}

function ownersById(path: string, query: string, host: HostEntry, index: CatalogueIndex): Owner[] {
  const owners = new Set<Owner>();
  for (const id of uuidsIn(joinTail(path, query))) {
    const owner = index.ids.get(id);
    if (owner !== undefined && isAtHome(owner, host, index)) owners.add(owner);
  }
  if (host.ids.size > 0) {
    for (const id of hostIdsIn(path, query)) {
      const owner = host.ids.get(id);
      if (owner !== undefined && owner !== SEVERAL) owners.add(owner);
    }
  }
  const doi = comparableDoi(host.name, path);
  const cited = doi ? index.dois.get(doi) : undefined;
  if (cited !== undefined && cited !== SEVERAL) owners.add(cited);
  const resources = [...owners].filter((owner) => owner >= 0);
  return resources.length > 0 ? resources : [...owners];
}

/** An id counts on the portal's hosts and where the resource, or one of the dataset's, lies. */
function isAtHome(owner: Owner, host: HostEntry, index: CatalogueIndex): boolean {
  return host.isPortal || index.datasetHosts.has(`${datasetOf(index, owner)}:${host.name}`);
}

function datasetOfTemplate(
  line: string,
  run: UrlRun,
  tail: string,
  hole: number,
  host: HostEntry,
  index: CatalogueIndex,
): number {
  const isOpen = hole >= 0 || /[/_\-=?&]$/.test(tail) ||
    (run.quote !== "" && isJoinedOn(line, run.start, run.end));
  if (!isOpen) return -1;
  const stem = hole >= 0 ? tail.slice(0, hole) : tail;
  const mark = stem.indexOf("?");
  const prefix = mark < 0
    ? comparablePath(stem)
    : `${comparablePath(stem.slice(0, mark))}?${comparableQuery(stem.slice(mark + 1))}`;
  return /^\/+\w/.test(prefix) ? datasetOfPrefix(index, host, prefix) : -1;
}

/** A folder that is written without its last slash, as code does that joins paths. */
function datasetOfFolder(path: string, host: HostEntry, index: CatalogueIndex): number {
  return /^\/.*[^/.]{5,}$|^\/[^.]*$/.test(path) && path.length > 1
    ? datasetOfPrefix(index, host, `${path}/`)
    : -1;
}

const DOI_MENTION = /doi:\s?(10\.\d{4,9}\/[^\s"'<>`,;{}|\\]+)/gi;

/** "doi:10.5281/zenodo.123", the way papers and README files write it. */
function findDois(line: string, index: CatalogueIndex): Found[] {
  const places: Found[] = [];
  for (const match of line.matchAll(DOI_MENTION)) {
    let doi = match[1] ?? "";
    while (/[.:)\]*_!?]$/.test(doi) && !index.dois.has(doi.toLowerCase())) doi = doi.slice(0, -1);
    const owner = index.dois.get(doi.toLowerCase());
    if (owner === undefined || owner === SEVERAL) continue;
    const text = match[0].slice(0, match[0].length - (match[1] ?? "").length) + doi;
    places.push({ text, kind: "identifier", owners: [owner], hasPath: true });
  }
  return places;
}

function toMentions(found: Found, index: CatalogueIndex): Mention[] {
  const { text, kind, owners } = found;
  const datasets = new Set(owners.map((owner) => datasetOf(index, owner)));
  const is_generic = !found.hasPath || datasets.size > GENERIC_ABOVE;
  return owners.map((owner) => ({
    text,
    match_kind: kind,
    dataset_id: index.datasetIds[datasetOf(index, owner)] ?? null,
    resource_id: owner >= 0 ? index.resourceIds[owner] ?? null : null,
    is_generic,
    shared_by: owners.length,
  }));
}
