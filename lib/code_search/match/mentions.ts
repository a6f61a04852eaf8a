/**
 * Which resources and datasets of a catalogue a line of code mentions, and how surely.
 *
 * A mention has to be right in the world, not only in the catalogue: on hosts that many publishers
 * share it needs what identifies the owner there (see platforms.ts), and what only begins like a
 * catalogue URL needs a beginning that is specific enough. docs/mentions.md describes the kinds.
 * @module
 */

import {
  type CatalogueIndex,
  datasetOf,
  datasetOfPrefix,
  findHost,
  type HostEntry,
  keysBelow,
  longestPrefix,
  lowerCasePaths,
  oddKeys,
  type Owner,
  ownersOf,
  rowsOfKey,
  SEVERAL,
} from "./catalogue_index.ts";
import { findPlaceholder, isJoinedOn } from "./placeholders.ts";
import { doiItem, hostIdsIn, idParameters, itemsOf, sharedDepth, uuidsIn } from "./platforms.ts";
import { type UrlRun, urlRuns } from "./url_finder.ts";
import { comparablePath, comparableQuery, decodeEscapes, joinTail, splitTail } from "./urls.ts";

/** How a text names what it names, strongest first; see docs/mentions.md. */
export const MATCH_KINDS = [
  "exact",
  "normalized",
  "query_variant",
  "identifier",
  "service_call",
  "resolved",
  "template",
  "sibling",
  "landing_page",
] as const;

/** One of `MATCH_KINDS`. */
export type MatchKind = typeof MATCH_KINDS[number];

const RANKS = new Map<MatchKind, number>(MATCH_KINDS.map((kind, at) => [kind, at]));

/** A thing of the catalogue that a place in the code names. */
export interface Mention {
  /** As it is in the code, secrets and all. */
  text: string;
  match_kind: MatchKind;
  dataset_id: string | null;
  /** Null where the place names only a dataset. */
  resource_id: string | null;
  /** A URL without a path, or one that many datasets of the catalogue share. */
  is_generic: boolean;
  /** How many mentions this text has on this line. */
  shared_by: number;
  /** Where the text begins in its line, in UTF-16 units; unknown where no one line has it. */
  at?: number;
}

/** A URL of a line that names nothing of the catalogue, as the one URL reader gives it. */
export interface UnmatchedUrl {
  text: string;
  host: string;
  path: string;
  query: string;
  /** What it would name on the portal if the portal had it; null elsewhere. */
  names: "dataset" | "resource" | null;
  /** The name or id of that, in lower case. */
  reference: string | null;
}

/** What a line has of the catalogue. */
export interface LineResult {
  mentions: Mention[];
  /** URLs on the catalogue's hosts without a mention, and siblings: they may be broken. */
  unmatched: UnmatchedUrl[];
  /** Whether the line has more URLs than are compared. */
  isCut: boolean;
}

/** A URL that more datasets share than this says little about any of them. */
export const GENERIC_ABOVE = 5;

/** More URLs of one line are not compared; a line with more is flagged. */
const MOST_URLS_PER_LINE = 50_000;

interface Found {
  /** Where the text begins in the line. */
  at: number;
  text: string;
  kind: MatchKind;
  owners: Owner[];
  hasPath: boolean;
}

/** Finds everything of the catalogue that a line mentions; each text once, with its strongest kind. */
export function findMentions(line: string, index: CatalogueIndex): Mention[] {
  return compareLine(line, index).mentions;
}

/** Compares a line with the catalogue: what it mentions, and which of its URLs mention nothing. */
export function compareLine(line: string, index: CatalogueIndex): LineResult {
  const places = new Places();
  const covered: [start: number, end: number][] = [];
  let unmatched: Map<string, UnmatchedUrl> | undefined;
  let isCut = false;
  let urls = 0;
  let last: HostEntry | undefined;
  let lastName = "";
  const knows = (name: string) => {
    lastName = name;
    last = findHost(index, name);
    return last !== undefined;
  };
  for (const run of urlRuns(line, knows)) {
    if (urls++ >= MOST_URLS_PER_LINE) {
      isCut = true;
      break;
    }
    const host = run.host === lastName ? last : findHost(index, run.host); // it may have a port
    if (!host) continue;
    const found = gradeRun(line, run, host, index);
    if (found) {
      places.keepStronger(found);
      covered.push([run.start, run.end]);
    }
    if (!found || found.kind === "sibling") {
      unmatched ??= new Map();
      for (const url of unmatchedUrls(line, run, host)) unmatched.set(url.text, url);
    }
  }
  if (index.hasDois && line.includes("10.")) {
    for (const found of findDois(line, index, covered)) places.keepStronger(found);
  }
  for (const found of findBuckets(line, index)) places.keepStronger(found);
  return {
    mentions: places.toMentions(index),
    unmatched: unmatched === undefined ? [] : [...unmatched.values()],
    isCut,
  };
}

/**
 * Whether a line can mention anything of the catalogue: it has a host of it, or a DOI. For backends
 * that see whole files and keep only lines worth keeping.
 */
export function mayMention(line: string, index: CatalogueIndex): boolean {
  if (line.length < 6) return false;
  if (index.hasDois && line.includes("10.") && DOI_WORD.test(line)) return true;
  for (const _run of urlRuns(line, (host) => findHost(index, host) !== undefined)) return true;
  return BUCKET.test(line) && (index.platforms.has("s3") || index.platforms.has("gs"));
}

/** What a line has, each text once. Most lines have one thing at most and need no map. */
class Places {
  #first: Found | undefined;
  #byText: Map<string, Found> | undefined;

  keepStronger(found: Found): void {
    if (this.#first === undefined) {
      this.#first = found;
      return;
    }
    this.#byText ??= new Map([[this.#first.text, this.#first]]);
    const known = this.#byText.get(found.text);
    if (!known || rank(found.kind) < rank(known.kind)) this.#byText.set(found.text, found);
  }

  toMentions(index: CatalogueIndex): Mention[] {
    if (this.#first === undefined) return [];
    if (this.#byText === undefined) return toMentions(this.#first, index);
    return [...this.#byText.values()].flatMap((found) => toMentions(found, index));
  }
}

function rank(kind: MatchKind): number {
  return RANKS.get(kind) ?? MATCH_KINDS.length;
}

/** A possible reading of a URL: its text up to an end, decoded and taken apart. */
interface Reading {
  text: string;
  tail: string;
  path: string;
  query: string;
  fragment: string;
  /** Position of the first placeholder in the tail, or -1. */
  hole: number;
  end: number;
}

function gradeRun(line: string, run: UrlRun, host: HostEntry, index: CatalogueIndex): Found | null {
  const literal = findLiteral(line, run, host, index) ?? findOdd(line, run, host, index);
  if (literal) return literal;
  let best: Found | null = null;
  for (const end of [run.end, ...run.likely]) {
    const found = gradeReading(line, run, readTo(line, run, end), host, index);
    if (found && (!best || rank(found.kind) < rank(best.kind) || isForeign(line, end, run.end))) {
      if (!best || rank(found.kind) <= rank(best.kind)) best = found;
    }
  }
  return best;
}

/** Whether what lies between two ends is only letters of another script. */
function isForeign(line: string, from: number, to: number): boolean {
  return from < to && /^\P{ASCII}+$/u.test(line.slice(from, to));
}

function readTo(line: string, run: UrlRun, end: number): Reading {
  const tail = decoded(line, run, end);
  const { path, query } = splitTail(tail);
  const hash = tail.indexOf("#");
  const fragment = hash < 0 ? "" : tail.slice(hash + 1);
  const text = line.slice(run.start, end);
  return { text, tail, path, query, fragment, hole: findPlaceholder(tail, 0), end };
}

function gradeReading(
  line: string,
  run: UrlRun,
  reading: Reading,
  host: HostEntry,
  index: CatalogueIndex,
): Found | null {
  const { text, tail, path, query, hole } = reading;
  const hasPath = path !== "" && (hole < 0 || hole > 1);
  if (!hasPath && !run.hasScheme) return null;
  const found = (kind: MatchKind, owners: Owner[]): Found => ({
    at: run.start,
    text,
    kind,
    owners,
    hasPath,
  });

  const mark = tail.indexOf("?");
  const isPathWhole = hole < 0 || (mark >= 0 && hole > mark);
  const isAction = /\/api\/(?:\d\/)?action\//.test(path);
  if (isPathWhole && !isAction) {
    const owner = ownerOfPath(reading, host, index);
    if (owner !== undefined) return found("query_variant", [owner]);
  }
  const byId = ownersById(line, reading, host, index);
  if (byId.length > 0) return found("identifier", byId);
  const root = ownerOfService(path, host);
  if (root !== undefined) return found("service_call", [root]);
  const dataset = datasetOfTemplate(line, run, reading, host, index);
  if (dataset >= 0) return found("template", [-2 - dataset]);
  if (isPathWhole) {
    const sibling = hole < 0 ? datasetOfSibling(path, host, index) : -1;
    if (sibling >= 0) return found("sibling", [-2 - sibling]);
    const datasets = datasetsOfPage(index, host, path, query);
    if (datasets.length > 0) return found("landing_page", datasets.map((row) => -2 - row));
  }
  return null;
}

/** The resources whose URL this is, character by character or but for its way of writing. */
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
    if (same.length > 0) return { at: run.start, text, kind: "exact", owners: same, hasPath };
    const hash = tail.indexOf("#");
    const meant = hash < 0 ? owners : ownersOfPart(tail, path, query, hash, host, owners, index);
    if (meant.length === 0) continue;
    const found: Found = { at: run.start, text, kind: "normalized", owners: meant, hasPath };
    // A fragment is dropped, whatever it is: it must not swallow what follows the URL.
    if (hash < 0 || end <= run.end) normalized ??= found;
    else if (!/[\s'"(),;|[\]]/.test(tail.slice(hash))) beyond ??= found;
  }
  return normalized ?? beyond;
}

/** Of a sheet the fragment says which: "#gid=88" of a URL without gid is another one's. */
function ownersOfPart(
  tail: string,
  path: string,
  query: string,
  hash: number,
  host: HostEntry,
  owners: Owner[],
  index: CatalogueIndex,
): Owner[] {
  if (!tail.includes("gid=", hash)) return owners;
  const fragment = tail.slice(hash + 1);
  for (const { key, part } of itemsOf({ host: host.name, path, query, fragment })) {
    if (part === null) continue;
    const exact = ownersOf(index.items, `${key}\n${part}`);
    return owners.filter((owner) => exact.includes(owner));
  }
  return owners;
}

/**
 * A catalogue URL with characters that end a URL elsewhere: blanks, quotes, brackets, backslashes.
 * It is looked for in the rest of the line as the line's language may have escaped it.
 */
function findOdd(
  line: string,
  run: UrlRun,
  host: HostEntry,
  index: CatalogueIndex,
): Found | null {
  const keys = oddKeys(host);
  if (keys.length === 0 || run.encodings > 0 || run.tail >= line.length) return null;
  const rest = line.slice(run.tail, run.tail + 1500);
  for (const decode of [unquoted, undoubled]) {
    if (decode === undoubled && !/""|''/.test(rest) && !/[\\&]/.test(rest)) break; // the same text
    const plain = comparableTail(decode(rest));
    const key = longestPrefix(keys, plain);
    if (key === undefined) continue;
    for (let length = Math.min(key.length, rest.length); length <= rest.length; length++) {
      if (length > key.length * 6 + 12) break;
      const candidate = comparableTail(decode(rest.slice(0, length)));
      if (candidate.length > key.length + 8) break;
      if (candidate !== key) continue;
      if (!isBoundary(rest.slice(length, length + 2))) continue;
      const text = line.slice(run.start, run.tail + length);
      const owners = rowsOfKey(index, host, key);
      const same = owners.filter((row) => index.resourceUrls[row] === text);
      const kind = same.length > 0 ? "exact" : "normalized";
      const meant = same.length > 0 ? same : owners;
      return { at: run.start, text, kind, owners: meant, hasPath: true };
    }
  }
  return null;
}

function comparableTail(text: string): string {
  const { path, query } = splitTail(text);
  return joinTail(path, query);
}

function unquoted(text: string): string {
  const plain = text.replace(
    /&(quot|apos|lt|gt|nbsp|#34|#39);/gi,
    (all, name: string) =>
      ({ quot: '"', apos: "'", lt: "<", gt: ">", nbsp: " ", "#34": '"', "#39": "'" })[
        name.toLowerCase()
      ] ?? all,
  );
  return decodeEscapes(plain.replace(/\\(["'`\\ ()[\]{}<>|])/g, "$1"));
}

function undoubled(text: string): string {
  return decodeEscapes(text.replace(/""/g, '"').replace(/''/g, "'"));
}

function isBoundary(after: string): boolean {
  return !/^(?:[A-Za-z0-9_~%/?&=-]|\.[A-Za-z0-9])/.test(after);
}

/** What follows the host up to `end`, without the escapes of the language of the line. */
function decoded(line: string, run: UrlRun, end: number): string {
  let tail = decodeEscapes(line.slice(run.tail, end));
  for (let level = 0; level < run.encodings; level++) {
    try {
      tail = decodeURIComponent(tail);
    } catch {
      break; // half an escape at a cut, or not UTF-8
    }
  }
  return tail;
}

/** The owner of all URLs with this path, where query and host leave no doubt that it is meant. */
function ownerOfPath(
  { path, query, tail, hole, fragment }: Reading,
  host: HostEntry,
  index: CatalogueIndex,
): Owner | undefined {
  const owner = host.paths.get(path);
  if (owner === undefined || owner === SEVERAL) return undefined;
  const wanted = query === "" ? undefined : idParameters(query);
  const items = itemsOf({ host: host.name, path, query, fragment });
  if (items.length === 0 && isTooShallow(path, host)) return undefined;
  if ((wanted?.size ?? 0) === 0 && items.length === 0) {
    // GetCapabilities of a service of many layers
    return query !== "" && /(?:^|&)request=getcap/i.test(query) && hasOnlyItems(path, host, index)
      ? undefined
      : owner;
  }
  const rows = [
    ...rowsOfKey(index, host, path),
    ...keysBelow(index, host, `${path}?`, 200).flatMap((key) => rowsOfKey(index, host, key)),
  ];
  const mark = tail.indexOf("?");
  const isHole = hole > mark && mark >= 0;
  const meant = rows.filter((row) => {
    const { query: own, fragment: ownFragment } = queryOf(index.resourceUrls[row] ?? "");
    const known = idParameters(own);
    for (const [name, value] of wanted ?? []) {
      const other = known.get(name);
      if (other === undefined || other === value) continue;
      // Which one is meant is decided at run time, or it is another one.
      if (isHole || other !== value) return false;
    }
    if (items.length === 0) return true;
    const theirs = itemsOf({ host: host.name, path, query: own, fragment: ownFragment });
    return theirs.length === 0 ||
      items.every((item) =>
        theirs.some((other) =>
          other.key === item.key && (item.part === null || item.part === other.part)
        )
      );
  });
  if (meant.length === rows.length) return owner;
  const [first] = meant;
  if (first === undefined) return undefined;
  return meant.length === 1 ? first : -2 - datasetOf(index, first);
}

function hasOnlyItems(path: string, host: HostEntry, index: CatalogueIndex): boolean {
  return !host.urls.has(path) &&
    keysBelow(index, host, `${path}?`, 50).every((key) =>
      idParameters(key.slice(path.length + 1)).size > 0
    );
}

function queryOf(url: string): { query: string; fragment: string } {
  const tail = decodeEscapes(url).replace(/^[^/?#]*(?:\/\/[^/?#]*)?/, "");
  const hash = tail.indexOf("#");
  return { query: splitTail(tail).query, fragment: hash < 0 ? "" : tail.slice(hash + 1) };
}

/** Whether a path has too few segments to say whose it is on a shared host. */
function isTooShallow(path: string, host: HostEntry): boolean {
  const depth = sharedDepth(host.name);
  return depth > 0 && countSegments(path) < depth;
}

function countSegments(path: string): number {
  let segments = 0;
  let before = 47;
  for (let at = 0; at < path.length; at++) {
    const code = path.charCodeAt(at);
    if (code !== 47 && before === 47) segments++;
    before = code;
  }
  return segments;
}

function ownersById(
  line: string,
  { path, query, fragment, end }: Reading,
  host: HostEntry,
  index: CatalogueIndex,
): Owner[] {
  const owners = new Set<Owner>();
  let whole = joinTail(path, query);
  // SQL continues after the blank or quote that ends a URL
  if (path.endsWith("/datastore_search_sql")) whole += decodeEscapes(line.slice(end, end + 300));
  for (const id of uuidsIn(whole)) {
    const owner = index.ids.get(id);
    if (owner !== undefined && isAtHome(owner, host, index)) owners.add(owner);
    else for (const other of ownersOf(host.ids, id)) owners.add(other);
  }
  if (host.ids.size > 0) {
    for (const id of hostIdsIn(path, query)) {
      for (const owner of ownersOf(host.ids, id)) owners.add(owner);
    }
  }
  if (index.platforms.size > 0) {
    for (const owner of ownersByItem({ host: host.name, path, query, fragment }, index)) {
      owners.add(owner);
    }
  }
  const resources = [...owners].filter((owner) => owner >= 0);
  return oneForEachDataset(resources.length > 0 ? resources : [...owners], index);
}

/** An id that several resources of a dataset have names the dataset; one that several datasets have, each. */
function oneForEachDataset(owners: Owner[], index: CatalogueIndex): Owner[] {
  if (owners.length < 2) return owners;
  const byDataset = new Map<number, Owner>();
  for (const owner of owners) {
    const dataset = datasetOf(index, owner);
    byDataset.set(dataset, byDataset.has(dataset) ? -2 - dataset : owner);
  }
  return [...byDataset.values()];
}

/** By the rules of platforms: the same part, else the whole, else the dataset that has a part. */
function ownersByItem(address: Parameters<typeof itemsOf>[0], index: CatalogueIndex): Owner[] {
  const owners = new Set<Owner>();
  for (const { key, part, isStrict } of itemsOf(address)) {
    const same = ownersOf(index.items, `${key}\n${part ?? ""}`);
    if (same.length > 0) {
      for (const owner of same) owners.add(owner);
    } else if (!isStrict) {
      for (const owner of ownersOf(index.items, key)) owners.add(-2 - datasetOf(index, owner));
    }
  }
  return [...owners];
}

/** An id counts on the portal's hosts and where the resource, or one of the dataset's, lies. */
function isAtHome(owner: Owner, host: HostEntry, index: CatalogueIndex): boolean {
  return host.isPortal || index.datasetHosts.has(`${datasetOf(index, owner)}:${host.name}`);
}

/** The root of a service, below which the path lies. */
function ownerOfService(path: string, host: HostEntry): Owner | undefined {
  if (host.services.size === 0) return undefined;
  for (let at = path.length; at > 0; at--) {
    const next = path.charAt(at);
    if (next !== "/" && next !== "(") continue;
    const owner = host.services.get(path.slice(0, at));
    if (owner !== undefined && countSegments(path.slice(0, at)) > sharedDepth(host.name)) {
      return owner;
    }
  }
  return undefined;
}

// Words that folders of every site have; alone they say nothing about whose data lies below.
const EVERYDAY =
  /^(?:\d+|v\d+|.{1,2}|api|app|apps|archiv|archive|archives|article|articles|assets|blog|bucket|cache|cms|common|content|contents|csv|data|daten|dados|datos|dataset|datasets|db|default|dist|doc|docs|document|documents|dokumente|download|downloads|dump|export|exports|feed|feeds|file|fileadmin|files|folder|geo|gis|global|health|help|home|html|images?|img|index|info|json|latest|layers?|lib|libraries|library|list|lists|local|main|map|maps|master|media|misc|news|newsroom|odata|odataapi|odatafeed|old|open|open-?data|opendata|organization|page|pages|papers|portal|portals|press|priv|private|pub|public|publications?|raw|releases?|report|reports|resource|resources|rest|root|search|section|sections|service|services|shared?|site|sites|source|sources|src|static|statistics|statistik|stats|storage|store|system|table|tables|temp|test|topics?|uploads?|user|users|web|website|wp-content|wp-json|www|year|years|xls|xlsx|xml|zip)$/i;

/**
 * Whether what a URL begins with says whose data it is: not only in this catalogue, but in the
 * world. A folder must be the one in which the files lie, with several of them or with a name that
 * is not everyone's; the beginning of a file's name must be more than a letter or two.
 */
function isSpecific(prefix: string, host: HostEntry, index: CatalogueIndex): boolean {
  const path = prefix.replace(/\?.*$/s, "");
  const segments = path.split("/").slice(1);
  const name = segments.pop() ?? "";
  const depth = segments.length;
  if (depth < sharedDepth(host.name)) return false;
  if (prefix.length > path.length) return isSpecificQuery(prefix.slice(path.length + 1));
  if (host.isPortal && (depth < 2 || isPageFolder(segments))) return false;
  const isSite = index.resourceUrls[firstRow(host)]?.match(/^[a-z]+:\/\/www\./i) !== null &&
    host.urls.size < 50;
  const below = keysBelow(index, host, prefix, 200);
  const first = below[0];
  if (first === undefined) return false;
  const lastKey = below.at(-1) ?? first;
  if (name !== "") {
    const letters = name.replace(/[^\p{L}]/gu, "").length;
    if (depth === 0 && letters < 8) return false;
    // "/Newsr" of "/Newsroom/Archive/…" is no beginning of a file's name
    const isFile = below.some((key) => !key.slice(prefix.length).includes("/"));
    return letters >= 3 && (isFile || below.length > 1) && !EVERYDAY.test(name);
  }
  const last = segments.at(-1) ?? "";
  // the deepest folder that all have in common, or one in which a file lies
  let common = 0;
  while (common < first.length && first.charCodeAt(common) === lastKey.charCodeAt(common)) common++;
  const isDeepest = below.length > 1 && !first.slice(prefix.length, common).includes("/");
  const isOwn = below.some((key) => !key.slice(prefix.length).replace(/\?.*$/s, "").includes("/"));
  if (!isDeepest && !isOwn) return false;
  const isEveryday = EVERYDAY.test(last) &&
    !segments.slice(isSite ? 1 : 0, -1).some((segment) => !EVERYDAY.test(segment));
  if (isEveryday) return false;
  if (below.length > 1) return depth >= (isSite ? 2 : 1);
  if (depth < 2 || EVERYDAY.test(last)) return false;
  return last.length >= (isSite ? 16 : 5);
}

function firstRow(host: HostEntry): number {
  for (const row of host.urls.values()) return row;
  return -1;
}

function isPageFolder(segments: string[]): boolean {
  return segments.some((segment) =>
    /^(?:datasets?|package|conjuntos-dados|api|explore)$/.test(segment)
  );
}

/** A query that is cut at an id, or before it, may be anyone's. */
function isSpecificQuery(query: string): boolean {
  const pairs = query.split("&");
  const last = pairs.pop() ?? "";
  return !/=.{0,2}$/s.test(last) || pairs.some((pair) => idParameters(pair).size > 0);
}

/** Whether a path ends without a file's ending. */
function mayBeFolder(path: string): boolean {
  if (path.includes(".") && path.lastIndexOf(".") >= path.length - 5) return false;
  return /^\/.*[^/.]{5,}$|^\/[^.]*$/.test(path);
}

function datasetOfTemplate(
  line: string,
  run: UrlRun,
  { path, tail, hole, end }: Reading,
  host: HostEntry,
  index: CatalogueIndex,
): number {
  const isOpen = hole >= 0 || (tail !== "" && "/_-=?&".includes(tail.charAt(tail.length - 1))) ||
    (run.quote !== "" && isJoinedOn(line, run.start, end));
  let prefix = "";
  if (isOpen) {
    const stem = hole >= 0 ? tail.slice(0, hole) : tail;
    const mark = stem.indexOf("?");
    prefix = mark < 0
      ? comparablePath(stem)
      : `${comparablePath(stem.slice(0, mark))}?${comparableQuery(stem.slice(mark + 1))}`;
  } else if (!tail.includes("?") && mayBeFolder(path)) {
    prefix = `${path}/`; // a folder without its last slash, as code writes it that joins paths
  }
  if (!/^\/+[\w\x80-\uffff]/.test(prefix)) return -1;
  const dataset = datasetOfPrefix(index, host, prefix);
  if (dataset < 0) return -1;
  const isMeant = isSpecific(prefix, host, index) ||
    (hole >= 0 && isNumbered(prefix, tail, host, index));
  return isMeant ? dataset : -1;
}

/** "/data/{year}.html" where the catalogue has "/data/2019.html": only the number is left open. */
function isNumbered(prefix: string, tail: string, host: HostEntry, index: CatalogueIndex) {
  const ending = /[})>\w](\.[A-Za-z][A-Za-z0-9.]{1,11})$/.exec(tail)?.[1];
  if (ending === undefined || prefix.includes("?")) return false;
  if (countSegments(prefix) <= sharedDepth(host.name)) return false;
  return keysBelow(index, host, prefix, 50).some((key) =>
    key.endsWith(ending) && /^\d[\d_.-]*$/.test(key.slice(prefix.length, -ending.length))
  );
}

const DATA_FILE =
  /\.(?:csv|tsv|tab|txt|dat|json|jsonl|ndjson|geojson|topojson|xml|gml|kml|kmz|gpx|rdf|ttl|nt|xlsx?|xlsm|xlsb|ods|pdf|docx?|zip|7z|rar|gz|bz2|xz|tgz|tar|parquet|feather|arrow|avro|orc|sqlite|db|gpkg|shp|dbf|gdb|mdb|accdb|nc|nc4|grib2?|grb|hdf|h5|hdf5|tiff?|geotiff|asc|las|laz|dwg|dxf|sav|dta|sas7bdat|rds|rdata|px|sdmx|ics|jp2|png|jpe?g|svg|mp3|mp4|wav)$/i;

/** The dataset of a file that the catalogue does not have, in a folder that is one dataset's. */
function datasetOfSibling(path: string, host: HostEntry, index: CatalogueIndex): number {
  if (!DATA_FILE.test(path) || host.urls.size === 0) return -1;
  const slash = path.lastIndexOf("/");
  if (slash <= 0) return -1;
  const folder = path.slice(0, slash + 1);
  const dataset = datasetOfPrefix(index, host, folder);
  if (dataset < 0 || countSegments(folder) < sharedDepth(host.name)) return -1;
  if (host.isPortal && isPageFolder(folder.split("/"))) return -1;
  // another case, or a longer name, is another file of no one knows what
  if (lowerCasePaths(host).has(path.toLowerCase())) return -1;
  const beside = keysBelow(index, host, folder, 200)
    .filter((key) => !key.slice(folder.length).replace(/\?.*$/s, "").includes("/"));
  if (beside.length === 0 || beside.some((key) => path.startsWith(key))) return -1;
  const pattern = patternOf(path.slice(slash + 1));
  if (
    pattern !== null && beside.some((key) => patternOf(key.slice(folder.length)) === pattern)
  ) return dataset;
  return beside.length > 1 && isSpecific(folder, host, index) ? dataset : -1;
}

/** A file's name with its numbers left open; alone they are no name. */
function patternOf(name: string): string | null {
  const pattern = name.replace(/\?.*$/s, "").replace(/\d+/g, "#").toLowerCase();
  return /\p{L}{3}.*#|#.*\p{L}{3}.*\./u.test(pattern) ? pattern : null;
}

// CKAN's page and old API paths; a language or a sub-folder may come before ("/fr/dataset/…",
// "/data/en/dataset/…"); dados.gov.br says "conjuntos-dados".
const PAGE =
  /^(?:\/[^/]+){0,3}?\/(?:dataset|datasets|package|conjuntos-dados)\/([^/]+)(?:\/([^/]+))?/;
const SHOW = /\/api\/(?:.*\/)?(?:package|dataset)_(?:show|activity_list|relationships_list)$/;
const SERIALIZATION = /\.(?:rdf|xml|ttl|n3|nt|jsonld|json|html|atom|csv)$/;
/** Pages of CKAN that come before the dataset's name, and pages that are none. */
const BEFORE_NAME =
  /^(?:activity|followers|edit|history|groups|resources?|changes|changes_multiple|collaborators|delete|follow|unfollow|read|related|showcases?|dcat|rdf|zip|api|dataset_dictionary|email|publish|new_resource)$/;
const OWN_PAGE = /^(?:new|search|featured|autocomplete|all|recent|popular)$/;

/** Rows of the datasets whose page this is; several where the catalogue gives one page to many. */
function datasetsOfPage(
  index: CatalogueIndex,
  host: HostEntry,
  path: string,
  query: string,
): number[] {
  const given = host.landings.get(joinTail(path, query));
  if (given) return given;
  if (!host.isPortal) return [];
  for (const name of namesOfPage(path, query)) {
    const row = index.datasetNames.get(name) ?? index.datasetRows.get(name) ??
      (/[A-F]/.test(name) ? index.datasetRows.get(name.toLowerCase()) : undefined);
    if (row !== undefined) return [row];
  }
  return [];
}

/** What a page of the portal may call its dataset, likeliest first. */
function namesOfPage(path: string, query: string): string[] {
  if (SHOW.test(path)) {
    const name = /(?:^|&)(?:id|name_or_id)=([^&]+)/.exec(query)?.[1];
    return name ? [name] : [];
  }
  const page = PAGE.exec(path);
  if (!page) return [];
  const [, first = "", second = ""] = page;
  const isBefore = BEFORE_NAME.test(first) && second !== "";
  const names = (isBefore ? [second, first] : [first, second]).filter(Boolean);
  return names.flatMap((name) => {
    const plain = plainName(name);
    return plain === "" || plain === name ? [name] : [name, plain];
  });
}

/** A name without its serialization, revision and the marks after it. */
function plainName(name: string): string {
  return name.replace(/@.*$/, "").replace(SERIALIZATION, "").replace(/[^\p{L}\p{N}]+$/u, "");
}

const DOI_WORD = /doi|dx\.|datacite|identifier|zenodo|persistent/i;
const DOI_MENTION = /(?<![\d.])10\.\d{4,9}(?:\/|%2f|\\\/|\{?\\slash\}?)[^\s"'<>`,;{}|\\]+/gi;
const DOI_BEFORE =
  /doi[^\w\n]{0,24}(?:org(?:\/|%2f|\\\/)+|\w{0,12}[^\w\n]{0,8})?$|(?:^|[^\w])(?:value|identifier|id|@id|uri|relatedidentifier)["']?\s*[:=>]\s*["']?$|^\s*(?:do|m3)\s+-\s+$|identifiertype=["']?doi["']?[^<]{0,40}>\s*$|(?:dois|works|persistentid|datacite)[^\w]{1,4}(?:doi[:%3a]+)?$/i;

/** DOIs as people write them: "doi:10.5281/zenodo.123", "doi = {…}", "\doi{…}", in CITATION.cff. */
function findDois(
  line: string,
  index: CatalogueIndex,
  covered: [start: number, end: number][],
): Found[] {
  const places: Found[] = [];
  for (const match of line.matchAll(DOI_MENTION)) {
    // part of a URL that is a mention already
    if (covered.some(([start, end]) => match.index >= start && match.index < end)) continue;
    const before = line.slice(Math.max(0, match.index - 60), match.index);
    const cue = DOI_BEFORE.exec(before);
    if (!cue) continue;
    const found = knownDoi(match[0], index);
    if (!found) continue;
    // the text begins at the word that says what it is
    const word = /doi\b[^\w]*$|https?:\S*$/i.exec(cue[0])?.[0] ?? "";
    const url = /(?:https?:(?:\\?\/){2})?(?:(?:dx|www)\.)?doi\.org(?:\\?\/|%2f)+$/i.exec(before)
      ?.[0];
    const text = (url ?? (/^doi:\s?$/i.test(word) ? word : "")) + found.text;
    const at = match.index + found.text.length - text.length;
    places.push({ at, text, kind: "identifier", owners: found.owners, hasPath: true });
  }
  return places;
}

/** The longest beginning of a text that is a DOI of the catalogue and ends where a DOI may. */
function knownDoi(raw: string, index: CatalogueIndex): { text: string; owners: Owner[] } | null {
  let text = raw;
  for (let tries = 0; tries < 12 && text.length > 8; tries++) {
    const item = doiItem(decodeEscapes(text).replace(/%2f/gi, "/").replace(/\{?\\slash\}?/, "/"));
    const whole = item ? ownersOf(index.items, `${item.key}\n`) : [];
    const owners = whole.length > 0
      ? whole
      : item
      ? [...new Set(ownersOf(index.items, item.key).map((owner) => -2 - datasetOf(index, owner)))]
      : [];
    if (owners.length > 0) {
      const resources = owners.filter((owner) => owner >= 0);
      return { text, owners: oneForEachDataset(resources.length > 0 ? resources : owners, index) };
    }
    const shorter = text.replace(
      /(?:\P{ASCII}+|\.(?:svg|pdf|html?|json|bib|md)|&\w+;?|%\w\w|\)[^)]*|[^\w])$/u,
      "",
    );
    const foreign = /^([!-~]+)\P{ASCII}/u.exec(text)?.[1];
    const next = shorter !== text ? shorter : foreign ?? text;
    const bracket = /^[^[(]+(?=[[(])/.exec(text)?.[0];
    const following = next !== text ? next : bracket ?? text;
    if (following === text) break;
    text = following;
  }
  return null;
}

const BUCKET = /\b(?:s3a?|s3n|gs):\/\/[a-z0-9]/i;
const BUCKET_MENTION = /\b(s3a?|s3n|gs):\/\/([a-z0-9][a-z0-9.-]{1,62}\/[^\s"'<>`,;{}|\\]+)/gi;

/** "s3://bucket/key": an address of a bucket without a host. */
function findBuckets(line: string, index: CatalogueIndex): Found[] {
  if (!index.platforms.has("s3") && !index.platforms.has("gs")) return [];
  if (!line.includes("://") || !BUCKET.test(line)) return [];
  const places: Found[] = [];
  for (const match of line.matchAll(BUCKET_MENTION)) {
    const scheme = (match[1] ?? "").toLowerCase().startsWith("s3") ? "s3" : "gs";
    let key = comparablePath(match[2] ?? "");
    let text = match[0];
    while (/[.:)\]*_!?]$/.test(key) && !index.items.has(`${scheme}:${key}\n`)) {
      key = key.slice(0, -1);
      text = text.slice(0, -1);
    }
    const owners = ownersOf(index.items, `${scheme}:${key}\n`);
    if (owners.length === 0) continue;
    places.push({ at: match.index, text, kind: "identifier", owners, hasPath: true });
  }
  return places;
}

/** A URL without a mention, as it ends by all signs, and as it may end beyond a comma or bracket. */
function unmatchedUrls(line: string, run: UrlRun, host: HostEntry): UnmatchedUrl[] {
  const url = unmatchedUrl(line, run, host);
  if (url === null) return [];
  const longest = run.ends.find((end) => /[\p{L}\p{N}/=&_-]/u.test(line.charAt(end - 1)));
  if (longest === undefined || longest <= run.end) return [url];
  const { text, path, query, hole } = readTo(line, run, longest);
  const beyond = { ...url, text: decodeEscapes(text), path, query, names: null, reference: null };
  return hole < 0 && (path !== url.path || query !== url.query) ? [url, beyond] : [url];
}

/** What a URL without a mention says, for those who look for links that are broken. */
function unmatchedUrl(
  line: string,
  run: UrlRun,
  host: HostEntry,
): UnmatchedUrl | null {
  const isScript = run.likely.find((at) => isForeign(line, at, run.end));
  const reading = readTo(line, run, isScript ?? run.end);
  const { text, path, query, hole } = reading;
  // what is completed at run time names nothing that could be missing
  if (path === "" || hole >= 0 || (run.quote !== "" && isJoinedOn(line, run.start, reading.end))) {
    return null;
  }
  const plain = decodeEscapes(text);
  const url = { text: plain, host: host.name, path, query, names: null, reference: null };
  if (!host.isPortal) return url;
  const sql = path.endsWith("/datastore_search_sql")
    ? joinTail(path, query) + decodeEscapes(line.slice(reading.end, reading.end + 300))
    : undefined;
  const resource = sql ?? /\/resource\/([^/]+)/.exec(path)?.[1] ??
    /(?:^|&)resource_id=([^&]+)/.exec(query)?.[1] ??
    (/\/(?:resource_show|dump)(?:\/([^/]+))?$/.test(path)
      ? /\/dump\/([^/]+)$/.exec(path)?.[1] ?? /(?:^|&)id=([^&]+)/.exec(query)?.[1]
      : undefined);
  const [uuid] = uuidsIn(resource ?? "");
  if (uuid !== undefined) return { ...url, names: "resource", reference: uuid };
  const names = namesOfPage(path, query);
  const name = plainName(names[0] ?? "");
  const isPage = name === "" || OWN_PAGE.test(name) || BEFORE_NAME.test(name);
  return isPage ? url : { ...url, names: "dataset", reference: name.toLowerCase() };
}

function toMentions(found: Found, index: CatalogueIndex): Mention[] {
  const { text, kind, at } = found;
  const is_generic = !found.hasPath || (found.owners.length > GENERIC_ABOVE &&
    new Set(found.owners.map((owner) => datasetOf(index, owner))).size > GENERIC_ABOVE);
  const owners = index.unwanted.size === 0
    ? found.owners
    : found.owners.filter((owner) =>
      owner >= 0 ? !index.unwanted.has(owner) : index.wantedDatasets.has(-2 - owner)
    );
  return owners.map((owner) => ({
    text,
    match_kind: kind,
    dataset_id: index.datasetIds[datasetOf(index, owner)] ?? null,
    resource_id: owner >= 0 ? index.resourceIds[owner] ?? null : null,
    is_generic,
    shared_by: owners.length,
    at,
  }));
}
