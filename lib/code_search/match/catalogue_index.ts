/**
 * The catalogue in the form in which lines of code are compared with it: by host, path and id.
 *
 * It always holds the whole catalogue, whatever formats are wanted: that a URL belongs to one
 * dataset only is judged on all of it. Rows are numbers and every string is held once, so that
 * half a million URLs need less than a gigabyte.
 * @module
 */

import { arcgisId, isPlatformHost, itemsOf, socrataId, uuidsIn } from "./platforms.ts";
import { comparableHost, joinTail, parseUrl } from "./urls.ts";

/** A resource as the clean catalogue has it. */
export interface CatalogueResource {
  id: string;
  dataset_id: string;
  url: string;
  /** False where only other formats are wanted; by default true. */
  is_wanted?: boolean;
}

/** A dataset; `url` and `landing_pages` are the pages that the catalogue itself gives for it. */
export interface CatalogueDataset {
  id: string;
  name: string;
  url?: string | null;
  landing_pages?: string[];
}

/**
 * What a URL or id belongs to: a resource (its row, 0 or more), several datasets (-1), or a dataset
 * (-2 minus the dataset's row).
 */
export type Owner = number;

/** Several datasets share it. */
export const SEVERAL: Owner = -1;

/** All that have an id: one owner as a number, several as a list. */
export type Owners = Map<string, Owner | Owner[]>;

/** What the catalogue has on one host. */
export interface HostEntry {
  name: string;
  isPortal: boolean;
  /** Path and query → first resource with it; the others follow in `CatalogueIndex.next`. */
  urls: Map<string, number>;
  /** Path → owner of all URLs with that path. */
  paths: Map<string, Owner>;
  /** Path and query of a page given for a dataset → rows of the datasets. */
  landings: Map<string, number[]>;
  /** Socrata 4x4, ArcGIS ids and UUIDs in the URLs of this host → who has them. */
  ids: Owners;
  /** Keys of `urls` with characters that end a URL elsewhere, in order; made on first use. */
  odd: string[] | null;
  /** Paths of `urls` in lower case, for files whose names differ only in case. */
  lowerPaths: Set<string> | null;
  /** Paths of services' roots → owner. */
  services: Map<string, Owner>;
  /** Rows of `urls` in the order of their keys, with runs of one dataset; made on first use. */
  prefixes: PrefixTable | null;
}

/** Keys in order; `runEnds[i]` is where the run of keys of the dataset of key i ends. */
export interface PrefixTable {
  keys: string[];
  datasets: Int32Array;
  runEnds: Int32Array;
}

/** The whole catalogue; rows of resources and datasets are positions in its arrays. */
export interface CatalogueIndex {
  hosts: Map<string, HostEntry>;
  portalHosts: Set<string>;
  /** Other names of hosts → the name that the catalogue uses. */
  aliases: Map<string, string>;
  /** Names in lines that are none of these → an empty entry on a platform, else null; kept for speed. */
  otherHosts: Map<string, HostEntry | null>;
  resourceIds: string[];
  /** As the catalogue has it, without blanks around it; "" when it is not a URL. */
  resourceUrls: string[];
  resourceDatasets: number[];
  /** Rows that are in the catalogue but whose format is not wanted. */
  unwanted: Set<number>;
  /** Rows of datasets with at least one wanted resource. */
  wantedDatasets: Set<number>;
  /** Next resource with the same host, path and query, or -1. */
  next: number[];
  datasetIds: string[];
  datasetRows: Map<string, number>;
  datasetNames: Map<string, number>;
  /** Ids of resources and datasets, lower case → owner. */
  ids: Map<string, Owner>;
  /** Things on platforms, by their key, and by key and part → who has them. */
  items: Owners;
  /** "dataset row:host" of every host on which a dataset has a resource. */
  datasetHosts: Set<string>;
  hasDois: boolean;
  /** Prefixes of the keys in `items` ("google", "s3", "doi"): which platforms matter at all. */
  platforms: Set<string>;
  /** Pages that the catalogue gives for datasets, as given; one entry per page and dataset. */
  landingPages: string[];
}

/** Builds the index. Resources whose URL is not one are found by their id alone. */
export function buildCatalogueIndex(
  resources: Iterable<CatalogueResource>,
  datasets: Iterable<CatalogueDataset>,
  options: { portalHosts: string[]; hostAliases?: Record<string, string> },
): CatalogueIndex {
  const aliases = Object.entries(options.hostAliases ?? {}).map(([alias, host]) =>
    [comparableHost(alias), comparableHost(host)] as const
  );
  const index: CatalogueIndex = {
    hosts: new Map(),
    portalHosts: new Set(options.portalHosts.map(comparableHost)),
    aliases: new Map(aliases),
    otherHosts: new Map(),
    resourceIds: [],
    resourceUrls: [],
    resourceDatasets: [],
    unwanted: new Set(),
    wantedDatasets: new Set(),
    next: [],
    datasetIds: [],
    datasetRows: new Map(),
    datasetNames: new Map(),
    ids: new Map(),
    items: new Map(),
    datasetHosts: new Set(),
    hasDois: false,
    platforms: new Set(),
    landingPages: [],
  };
  for (const host of index.portalHosts) hostEntry(index, host);
  for (const dataset of datasets) addDataset(index, dataset);
  for (const resource of resources) addResource(index, resource);
  for (const host of index.hosts.values()) keepOwnServices(index, host);
  index.hasDois = index.platforms.has("doi");
  return index;
}

/**
 * The entry of a host as a line names it: the catalogue's, also by another of its names; an empty
 * one where a platform has other hosts for the catalogue's things; else undefined.
 */
export function findHost(index: CatalogueIndex, name: string): HostEntry | undefined {
  const known = index.hosts.get(name) ??
    (index.aliases.size === 0 ? undefined : index.hosts.get(index.aliases.get(name) ?? ""));
  if (known !== undefined || index.platforms.size === 0) return known;
  let entry = index.otherHosts.get(name);
  if (entry === undefined) {
    if (index.otherHosts.size > 20_000) index.otherHosts.clear();
    entry = isPlatformHost(name) ? emptyHost(name) : null;
    index.otherHosts.set(name, entry);
  }
  return entry ?? undefined;
}

/** Those who have an id, each once. */
export function ownersOf(owners: Owners, key: string): Owner[] {
  const found = owners.get(key);
  return found === undefined ? [] : typeof found === "number" ? [found] : found;
}

/** Every host of the catalogue's URLs and landing pages and of the portal, comparable, in order. */
export function catalogueHosts(index: CatalogueIndex): string[] {
  return [...index.hosts.keys()].sort();
}

/** The hosts of the pages that exist for datasets: the portal's and those the catalogue gives. */
export function landingHosts(index: CatalogueIndex): string[] {
  const hosts = [...index.hosts.values()].filter((entry) =>
    entry.isPortal || entry.landings.size > 0
  );
  return hosts.map((entry) => entry.name).sort();
}

/** The row of the dataset that an owner represents, or -1. */
export function datasetOf(index: CatalogueIndex, owner: Owner): number {
  if (owner >= 0) return index.resourceDatasets[owner] ?? -1;
  return owner === SEVERAL ? -1 : -2 - owner;
}

/** The keys of the URLs on the host that begin with the prefix, at most so many. */
export function keysBelow(
  index: CatalogueIndex,
  host: HostEntry,
  prefix: string,
  most: number,
): string[] {
  const { keys } = host.prefixes ??= prefixTable(index, host);
  const found: string[] = [];
  for (let at = lowerBound(keys, prefix); found.length < most; at++) {
    const key = keys[at];
    if (key === undefined || !key.startsWith(prefix)) break;
    found.push(key);
  }
  return found;
}

/** All resources with a key of the host's URLs. */
export function rowsOfKey(index: CatalogueIndex, host: HostEntry, key: string): number[] {
  const rows: number[] = [];
  for (let row = host.urls.get(key) ?? -1; row >= 0; row = index.next[row] ?? -1) rows.push(row);
  return rows;
}

/** The dataset of which alone there are URLs on the host that begin with the prefix, or -1. */
export function datasetOfPrefix(index: CatalogueIndex, host: HostEntry, prefix: string): number {
  const table = host.prefixes ??= prefixTable(index, host);
  const first = lowerBound(table.keys, prefix);
  if (!table.keys[first]?.startsWith(prefix)) return -1;
  const last = lowerBound(table.keys, prefix + "\uffff");
  return (table.runEnds[first] ?? 0) >= last ? table.datasets[first] ?? -1 : -1;
}

function addDataset(index: CatalogueIndex, dataset: CatalogueDataset): void {
  const row = datasetRow(index, dataset.id);
  if (dataset.name) index.datasetNames.set(dataset.name, row);
  const pages = new Set([dataset.url ?? "", ...dataset.landing_pages ?? []]);
  for (const page of pages) {
    const url = parseUrl(page);
    if (!url) continue;
    const host = hostEntry(index, url.host);
    const key = joinTail(url.path, url.query);
    const rows = host.landings.get(key);
    if (!rows) host.landings.set(key, [row]);
    else if (!rows.includes(row)) rows.push(row);
    index.landingPages.push(page.trim());
    // a DOI is the dataset's name; a page's other ids may be those of a list of many datasets
    for (const item of itemsOf({ ...url, fragment: fragmentOf(page) })) {
      if (item.key.startsWith("doi:")) addItem(index, item.key, item.part, -2 - row);
    }
  }
}

function datasetRow(index: CatalogueIndex, id: string): number {
  const known = index.datasetRows.get(id);
  if (known !== undefined) return known;
  const row = index.datasetIds.push(id) - 1;
  index.datasetRows.set(id, row);
  index.ids.set(id.toLowerCase(), -2 - row);
  return row;
}

function addResource(index: CatalogueIndex, resource: CatalogueResource): void {
  const dataset = datasetRow(index, resource.dataset_id);
  const row = index.resourceIds.push(resource.id) - 1;
  const parsed = parseUrl(resource.url);
  index.resourceUrls.push(parsed ? resource.url.trim() : "");
  index.resourceDatasets.push(dataset);
  index.next.push(-1);
  const ownId = resource.id.toLowerCase();
  index.ids.set(ownId, row);
  if (resource.is_wanted === false) index.unwanted.add(row);
  else index.wantedDatasets.add(dataset);
  if (!parsed) return;

  const host = hostEntry(index, parsed.host);
  index.datasetHosts.add(`${dataset}:${host.name}`);
  const key = joinTail(parsed.path, parsed.query);
  const head = host.urls.get(key);
  if (head === undefined) host.urls.set(key, row);
  else {
    index.next[row] = index.next[head] ?? -1;
    index.next[head] = row;
  }
  addOwner(index, host.paths, parsed.query === "" ? key : parsed.path, row);
  if (isServiceRoot(parsed)) addOwner(index, host.services, parsed.path, row);
  const id = socrataId(parsed.path) ?? arcgisId(parsed.path, parsed.query);
  if (id) addToOwners(host.ids, id, row);
  if (key.includes("-")) {
    // publishers' own ids, where the portal has given the resource another one
    const uuids = uuidsIn(key);
    uuids.forEach((uuid, at) => {
      if (uuid === ownId || index.datasetRows.get(uuid) === dataset) return;
      addToOwners(host.ids, uuid, at === uuids.length - 1 ? row : -2 - dataset);
    });
  }
  for (const item of itemsOf({ ...parsed, fragment: fragmentOf(resource.url) })) {
    addItem(index, item.key, item.part, row);
    if (item.key.startsWith("arcgis:")) continue;
  }
  if (id?.length === 32) addItem(index, `arcgis:${id}`, null, row);
}

/** The entry without a part is that of the whole; `KEY\n` holds those whose URL names no part. */
function addItem(index: CatalogueIndex, key: string, part: string | null, owner: Owner): void {
  index.platforms.add(key.slice(0, key.indexOf(":")));
  addToOwners(index.items, key, owner);
  addToOwners(index.items, `${key}\n${part ?? ""}`, owner);
}

function addToOwners(owners: Owners, key: string, owner: Owner): void {
  const known = owners.get(key);
  if (known === undefined) owners.set(key, owner);
  else if (typeof known !== "number") {
    if (!known.includes(owner)) known.push(owner);
  } else if (known !== owner) owners.set(key, [known, owner]);
}

function fragmentOf(url: string): string {
  const hash = url.indexOf("#");
  return hash < 0 ? "" : url.slice(hash + 1);
}

const FILE_ENDING = /\.[a-z][a-z0-9]{1,7}$/i;
const SERVICE_PATH =
  /\/odata(?:\/|$)|\.svc(?:\/|$)|\/api(?:\/|$)|\/(?:wfs|wms|ows|wcs|wmts|sparql|graphql|rest|v\d+)$|\/(?:Feature|Map|Image)Server$/i;

/** Whether a URL is the root of a service, below which code calls what it needs. */
function isServiceRoot({ host, path, query }: { host: string; path: string; query: string }) {
  if (path === "" || query !== "") return false;
  if (FILE_ENDING.test(path) && !/\.svc$/i.test(path)) return false;
  // ".../items/1" is one thing of a service
  if (/\/(?:\d+|[0-9a-f-]{32,})$/i.test(path)) return false;
  return SERVICE_PATH.test(path) || /^(?:api|odata|services?)[.-]/.test(host);
}

/** A root below which there are other datasets' URLs is the root of none. */
function keepOwnServices(index: CatalogueIndex, host: HostEntry): void {
  for (const [path, owner] of host.services) {
    const dataset = datasetOf(index, owner);
    const below = dataset < 0 ? [] : keysBelow(index, host, `${path}/`, 1);
    const isOthers = dataset < 0 ||
      (below.length > 0 && datasetOfPrefix(index, host, `${path}/`) !== dataset);
    if (isOthers || host.isPortal) host.services.delete(path);
  }
}

function addOwner(index: CatalogueIndex, owners: Map<string, Owner>, key: string, owner: Owner) {
  const known = owners.get(key);
  if (known === undefined) {
    owners.set(key, owner);
    return;
  }
  if (known === SEVERAL || known === owner) return;
  const dataset = datasetOf(index, owner);
  owners.set(key, datasetOf(index, known) === dataset ? -2 - dataset : SEVERAL);
}

function hostEntry(index: CatalogueIndex, name: string): HostEntry {
  const known = index.hosts.get(name);
  if (known) return known;
  const alias = index.aliases.get(name);
  if (alias !== undefined && alias !== name) return hostEntry(index, alias);
  const port = name.indexOf(":");
  if (port > 0) hostEntry(index, name.slice(0, port)); // lines are first checked for the bare name
  const entry = emptyHost(name);
  entry.isPortal = index.portalHosts.has(name);
  index.hosts.set(name, entry);
  return entry;
}

function emptyHost(name: string): HostEntry {
  return {
    name,
    isPortal: false,
    urls: new Map(),
    paths: new Map(),
    landings: new Map(),
    ids: new Map(),
    services: new Map(),
    odd: null,
    lowerPaths: null,
    prefixes: null,
  };
}

function prefixTable(index: CatalogueIndex, host: HostEntry): PrefixTable {
  const keys = [...host.urls.keys()].sort();
  const datasets = new Int32Array(keys.length);
  const runEnds = new Int32Array(keys.length);
  for (let at = keys.length - 1; at >= 0; at--) {
    const dataset = datasetOfKey(index, host.urls.get(keys[at] ?? "") ?? -1);
    datasets[at] = dataset;
    const goesOn = at + 1 < keys.length && dataset >= 0 && datasets[at + 1] === dataset;
    runEnds[at] = dataset < 0 ? at : goesOn ? runEnds[at + 1] ?? 0 : at + 1;
  }
  return { keys, datasets, runEnds };
}

/** The dataset of all resources with one key, or -1 when there are several. */
function datasetOfKey(index: CatalogueIndex, head: number): number {
  const dataset = index.resourceDatasets[head] ?? -1;
  for (let row = index.next[head] ?? -1; row >= 0; row = index.next[row] ?? -1) {
    if (index.resourceDatasets[row] !== dataset) return -1;
  }
  return dataset;
}

const ODD = /[\s"'<>`\\{}|^[\]]|\P{ASCII}/u;

/** The keys of a host's URLs that hold characters which end a URL elsewhere, in order. */
export function oddKeys(host: HostEntry): string[] {
  return host.odd ??= [...host.urls.keys()].filter((key) => ODD.test(key)).sort();
}

/** The longest of the keys in order that the text begins with, or undefined. */
export function longestPrefix(keys: string[], text: string): string | undefined {
  let wanted = text;
  for (;;) {
    const at = lowerBound(keys, wanted);
    if (keys[at] === wanted) return wanted;
    // a key that the text begins with sorts before it, and shares all of itself with it
    const before = keys[at - 1];
    if (before === undefined) return undefined;
    let same = 0;
    while (same < before.length && before.charCodeAt(same) === text.charCodeAt(same)) same++;
    if (same === 0) return undefined;
    if (same === before.length) return before;
    wanted = text.slice(0, same);
  }
}

/** The paths of a host's URLs in lower case. */
export function lowerCasePaths(host: HostEntry): Set<string> {
  return host.lowerPaths ??= new Set([...host.paths.keys()].map((path) => path.toLowerCase()));
}

function lowerBound(keys: string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
