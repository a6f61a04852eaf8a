// The strings by which the catalogue can be searched for in code, in order, host by host.
//
// A form is a URL without scheme, `www.` and fragment. A search term is the beginning of forms: it
// covers every form that starts with it, so that a node of the tree of hosts and path segments is
// a stretch of a sorted list.
import { domainToUnicode } from "node:url";
import {
  type CatalogueIndex,
  datasetOf,
  type HostEntry,
  ownersOf,
} from "../match/catalogue_index.ts";
import { sharedDepth, termsOf } from "../match/platforms.ts";
import { parseUrl } from "../match/urls.ts";

/** The forms on one host, sorted. */
export interface FormGroup {
  /** What all forms begin with: a host, the front part of a DOI, or an id that is alone. */
  host: string;
  texts: string[];
  /** Number of the URL that a form represents; -1 for a prefix under which only ids are sought. */
  urls: Int32Array;
  /** Row of the dataset a form represents, -1 for several. */
  datasets: Int32Array;
  /** Whether the catalogue writes the host with `www.`: rather a publisher's site than a store. */
  isSite: boolean;
}

/** All forms of a catalogue. */
export interface SearchForms {
  groups: Map<string, FormGroup>;
  /** Distinct URLs, landing pages given by the catalogue included. */
  urls: number;
}

interface Draft {
  forms: Map<string, [url: number, dataset: number]>;
  isSite: boolean;
}

const CKAN_PATH = /\/dataset\/[^/]+\/resource\//;
const LANGUAGES = ["en", "de", "fr", "it", "es", "pt", "data/en", "data/fr"];
const FOUR_BY_FOUR_PATHS = ["/resource/", "/d/", "/api/views/", "/api/v3/views/"];
const ITEM_PATHS = ["/datasets/", "/maps/", "/home/item.html?id=", "/sharing/rest/content/items/"];
const ANYONES_ARCGIS = /^(?:www\.|hub\.|opendata\.)?arcgis\.com$/;

/**
 * Collects the forms of every URL, landing page and id of the catalogue.
 * @param options `otherHosts`: also the beginnings of the same things on other hosts of a platform
 */
export function searchForms(
  index: CatalogueIndex,
  options: { otherHosts: boolean } = { otherHosts: true },
): SearchForms {
  const drafts = new Map<string, Draft>();
  const known = new Map<string, number>();
  const names = otherNames(index);
  for (const [row, url] of index.resourceUrls.entries()) {
    if (url !== "" && !index.unwanted.has(row)) {
      addUrl(drafts, known, url, index.resourceDatasets[row] ?? -1, { names, ...options });
    }
  }
  for (const page of index.landingPages) addUrl(drafts, known, page, -1, { names, ...options });
  for (const host of index.hosts.values()) addIds(drafts, index, host);
  for (const key of index.items.keys()) {
    if (!key.startsWith("doi:") || key.includes("\n")) continue;
    const doi = key.slice("doi:".length);
    const owners = ownersOf(index.items, key).map((owner) => datasetOf(index, owner));
    const dataset = new Set(owners).size === 1 ? owners[0] ?? -1 : -1;
    addForm(drafts, doi.slice(0, doi.indexOf("/")), doi, -1, dataset);
  }
  const groups = new Map<string, FormGroup>();
  for (const [host, draft] of drafts) groups.set(host, finish(host, draft));
  return { groups, urls: known.size };
}

const HOME_TERM = /^(?:\/\/|\\\/|%2F)(?:www\.)?(.+)$/;

/** Whether a term is for a home page: a host with the slashes before it ("//www.host"). */
export function isHomeTerm(term: string): boolean {
  return HOME_TERM.test(term);
}

/**
 * Start and end of the forms that a term covers: those that begin with it; for a bare host its
 * whole group, for a home page's term the home page.
 */
export function formRange(group: FormGroup, term: string): [number, number] {
  if (term === group.host) return [0, group.texts.length];
  if (isHomeTerm(term)) return [0, group.texts[0] === group.host ? 1 : 0];
  return [lowerBound(group.texts, term), lowerBound(group.texts, term + "\uffff")];
}

/** The group in which a term's forms are, if it has any. */
export function groupOfTerm(forms: SearchForms, term: string): FormGroup | undefined {
  const text = HOME_TERM.exec(term)?.[1] ?? term;
  return forms.groups.get(/^[^/?#\\%]*/.exec(text)?.[0] ?? "");
}

/** Other names of the catalogue's hosts: aliases, and the letters written in punycode. */
function otherNames(index: CatalogueIndex): Map<string, string[]> {
  const names = new Map<string, string[]>();
  const add = (host: string, name: string) => names.set(host, [...names.get(host) ?? [], name]);
  for (const [alias, host] of index.aliases) add(host, alias);
  for (const host of index.hosts.keys()) {
    if (!host.includes("xn--")) continue;
    const name = domainToUnicode(host);
    if (name !== "" && name !== host) add(host, name);
  }
  return names;
}

function addUrl(
  drafts: Map<string, Draft>,
  known: Map<string, number>,
  raw: string,
  dataset: number,
  { names, otherHosts }: { names: Map<string, string[]>; otherHosts: boolean },
): void {
  const url = parseUrl(raw);
  if (!url) return;
  const comparable = `${url.host}${url.path}?${url.query}`;
  const number = known.get(comparable) ?? known.size;
  known.set(comparable, number);
  // As the catalogue writes it, and decoded: after the host the two may part.
  const written = /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/)?[^/?#]+([^#]*)/i.exec(raw)?.[1] ?? "";
  const tails = new Set([written.replace(/\/+$/, ""), url.path + (url.query && `?${url.query}`)]);
  const hash = raw.indexOf("#");
  const terms = termsOf({ ...url, fragment: hash < 0 ? "" : raw.slice(hash + 1) });
  const ids = terms.filter((term) => !/[./]/.test(term));
  for (const id of ids) addForm(drafts, id, id, number, dataset);
  for (const term of terms) {
    if (!otherHosts || ids.includes(term)) continue;
    addForm(drafts, term.slice(0, term.indexOf("/")), term, number, dataset);
  }
  // on a host that everyone uses, the id finds all forms, and nothing of others
  if (ids.length > 0 && sharedDepth(url.host) > 0) return;
  for (const host of [url.host, ...names.get(url.host) ?? []]) {
    for (const tail of tails) addForm(drafts, host, host + tail, number, dataset);
  }
  if (/^[a-z]+:\/\/www\./i.test(raw)) draftOf(drafts, url.host).isSite = true;
}

/** What code writes of a host although no URL of the catalogue begins so. */
function addIds(drafts: Map<string, Draft>, index: CatalogueIndex, host: HostEntry): void {
  const { name } = host;
  const add = (tail: string, dataset = -1) => addForm(drafts, name, name + tail, -1, dataset);
  for (const id of host.ids.keys()) {
    if (id.length === 36) continue; // a publisher's UUID: the URL that has it is searched for
    const owners = ownersOf(host.ids, id).map((owner) => datasetOf(index, owner));
    const dataset = new Set(owners).size === 1 ? owners[0] ?? -1 : -1;
    if (ANYONES_ARCGIS.test(name)) addForm(drafts, id, id, -1, dataset);
    else for (const at of id.length === 32 ? ITEM_PATHS : FOUR_BY_FOUR_PATHS) add(at + id, dataset);
  }
  const isCkan = host.isPortal || [...host.paths.keys()].some((path) => CKAN_PATH.test(path));
  if (!isCkan) return;
  for (const action of ["datastore_search?resource_id=", "datastore_search_sql", "package_show"]) {
    add(`/api/3/action/${action}`);
  }
  for (const at of ["/api/action/", "/api/rest/", "/datastore/dump/"]) add(at);
  if (!host.isPortal) return;
  for (const language of LANGUAGES) add(`/${language}/dataset/`);
  for (const [dataset, row] of index.datasetNames) add(`/dataset/${dataset}`, row);
  for (const [dataset, row] of index.datasetRows) add(`/dataset/${dataset}`, row);
}

function addForm(
  drafts: Map<string, Draft>,
  host: string,
  text: string,
  url: number,
  dataset: number,
): void {
  const { forms } = draftOf(drafts, host);
  const known = forms.get(text);
  if (!known) forms.set(text, [url, dataset]);
  else {
    if (known[0] < 0) known[0] = url;
    if (known[1] !== dataset) known[1] = -1;
  }
}

function draftOf(drafts: Map<string, Draft>, host: string): Draft {
  let draft = drafts.get(host);
  if (!draft) drafts.set(host, draft = { forms: new Map(), isSite: false });
  return draft;
}

function finish(host: string, draft: Draft): FormGroup {
  const texts = [...draft.forms.keys()].sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
  return {
    host,
    texts,
    urls: Int32Array.from(texts, (text) => draft.forms.get(text)?.[0] ?? -1),
    datasets: Int32Array.from(texts, (text) => draft.forms.get(text)?.[1] ?? -1),
    isSite: draft.isSite,
  };
}

function lowerBound(texts: string[], text: string): number {
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((texts[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
