// The catalogue in the form in which lines of code are compared with it: by host, path and id.
//
// Rows are numbers and every string is held once, so that half a million URLs need no gigabyte.
import { arcgisId, comparableDoi, socrataId } from "./identifiers.ts";
import { comparableHost, joinTail, parseUrl } from "./urls.ts";

/** A resource as the clean catalogue has it. */
export interface CatalogueResource {
  id: string;
  dataset_id: string;
  url: string;
}

/** A dataset; `url` and `landing_pages` are the pages that the catalogue itself gives for it. */
export interface CatalogueDataset {
  id: string;
  name: string;
  url?: string | null;
  landing_pages?: string[];
}

/**
 * Whose a URL or id is: a resource's row (0 or more), nobody's because several datasets have it
 * (-1), or a dataset's (-2 minus the dataset's row).
 */
export type Owner = number;

/** Nobody's in particular: several datasets share it. */
export const SEVERAL: Owner = -1;

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
  /** Socrata 4x4 and ArcGIS ids in the URLs of this host → owner. */
  ids: Map<string, Owner>;
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
  resourceIds: string[];
  /** As the catalogue has it, without blanks around it; "" when it is no URL. */
  resourceUrls: string[];
  resourceDatasets: number[];
  /** Next resource with the same host, path and query, or -1. */
  next: number[];
  datasetIds: string[];
  datasetRows: Map<string, number>;
  datasetNames: Map<string, number>;
  /** Ids of resources and datasets, lower case → owner. */
  ids: Map<string, Owner>;
  /** "dataset row:host" of every host on which a dataset has a resource. */
  datasetHosts: Set<string>;
  dois: Map<string, Owner>;
  /** Pages that the catalogue gives for datasets, as given; one entry per page and dataset. */
  landingPages: string[];
}

/** Builds the index. Resources whose URL is none are found by their id alone. */
export function buildCatalogueIndex(
  resources: Iterable<CatalogueResource>,
  datasets: Iterable<CatalogueDataset>,
  options: { portalHosts: string[] },
): CatalogueIndex {
  const index: CatalogueIndex = {
    hosts: new Map(),
    portalHosts: new Set(options.portalHosts.map(comparableHost)),
    resourceIds: [],
    resourceUrls: [],
    resourceDatasets: [],
    next: [],
    datasetIds: [],
    datasetRows: new Map(),
    datasetNames: new Map(),
    ids: new Map(),
    datasetHosts: new Set(),
    dois: new Map(),
    landingPages: [],
  };
  for (const host of index.portalHosts) hostEntry(index, host);
  for (const dataset of datasets) addDataset(index, dataset);
  for (const resource of resources) addResource(index, resource);
  if (index.dois.size > 0) {
    hostEntry(index, "doi.org");
    hostEntry(index, "dx.doi.org");
  }
  return index;
}

/** Every host of the catalogue's URLs and landing pages and of the portal, comparable, in order. */
export function catalogueHosts(index: CatalogueIndex): string[] {
  return [...index.hosts.keys()].sort();
}

/** The hosts of the pages that stand for datasets: the portal's and those the catalogue gives. */
export function landingHosts(index: CatalogueIndex): string[] {
  const hosts = [...index.hosts.values()].filter((entry) =>
    entry.isPortal || entry.landings.size > 0
  );
  return hosts.map((entry) => entry.name).sort();
}

/** The row of the dataset that an owner stands for, or -1. */
export function datasetOf(index: CatalogueIndex, owner: Owner): number {
  if (owner >= 0) return index.resourceDatasets[owner] ?? -1;
  return owner === SEVERAL ? -1 : -2 - owner;
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
    const doi = comparableDoi(url.host, url.path);
    if (doi) addOwner(index, index.dois, doi, -2 - row);
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
  index.ids.set(resource.id.toLowerCase(), row);
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
  const id = socrataId(parsed.path) ?? arcgisId(parsed.path, parsed.query);
  if (id) addOwner(index, host.ids, id, row);
  const doi = comparableDoi(parsed.host, parsed.path);
  if (doi) addOwner(index, index.dois, doi, row);
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
  let entry = index.hosts.get(name);
  if (!entry) {
    const port = name.indexOf(":");
    if (port > 0) hostEntry(index, name.slice(0, port)); // lines are first asked for the bare name
    entry = {
      name,
      isPortal: index.portalHosts.has(name),
      urls: new Map(),
      paths: new Map(),
      landings: new Map(),
      ids: new Map(),
      prefixes: null,
    };
    index.hosts.set(name, entry);
  }
  return entry;
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
