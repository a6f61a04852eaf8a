/**
 * What a corpus is scanned for: hosts, and on hosts that everyone mentions what identifies an owner.
 *
 * A target is a line of text:
 * - `data.example.org`: every line that names this host
 * - `github.com/owner/repository`: lines with a URL on that host whose path begins so
 * - `drive.google.com/uc?id=1a2b`: lines with a URL of that path and that parameter
 * - `drive.google.com#1a2b`: lines with a URL on that host that has this id somewhere
 * - `doi.org/10.5281/zenodo.123`: lines that name this DOI, with or without its resolver
 *
 * A store is scanned once per target, so the text of a target must not depend on the catalogue that
 * asks for it.
 * @module
 */
import { domainToASCII, domainToUnicode } from "node:url";
import { UsageError } from "../../cli/errors.ts";
import type { CatalogueIndex, HostEntry } from "../match/catalogue_index.ts";
import { comparableHost } from "../match/urls.ts";
import { itemsOf, sharedDepth } from "../match/platforms.ts";

/** So many path segments of a target at most: no owner is identified by more. */
const MOST_SEGMENTS = 6;
/** A shorter value of a query parameter (`f=pjson`, `lang=en`) identifies nothing. */
const SHORTEST_VALUE = 6;
/** A target ends before the first character that code may write in several ways. */
const PLAIN = /^[a-z0-9._~/?=&@*!$-]*/;
/** Resolvers of DOIs, which are one target whichever of them a URL has. */
const DOI_HOSTS = new Set(["doi.org", "dx.doi.org"]);
/** One repository has several addresses: a target for one is a target for all. */
const REPOSITORY = new Map([
  ["github.com", ""],
  ["raw.githubusercontent.com", ""],
  ["raw.github.com", ""],
  ["media.githubusercontent.com", "media/"],
  ["api.github.com", "repos/"],
  ["cdn.jsdelivr.net", "gh/"],
  ["fastly.jsdelivr.net", "gh/"],
  ["cdn.statically.io", "gh/"],
  ["rawgit.com", ""],
  ["cdn.rawgit.com", ""],
  ["raw.githack.com", ""],
]);
/** One document of Google has several addresses, which all have its id. */
const DOCUMENTS = [
  "docs.google.com",
  "drive.google.com",
  "drive.usercontent.google.com",
  "spreadsheets.google.com",
  "sheets.googleapis.com",
  "googleapis.com",
];

/** The targets of a catalogue, sorted. */
export function targetsOf(index: CatalogueIndex): string[] {
  const targets = new Set<string>();
  for (const host of index.hosts.values()) {
    // with a port it is known by its bare name too
    if (host.name.includes(":")) continue;
    if (DOI_HOSTS.has(host.name)) continue;
    const depth = host.isPortal ? 0 : sharedDepth(host.name);
    if (depth === 0) targets.add(host.name);
    else for (const target of ownersOn(host, depth)) targets.add(target);
  }
  for (const [alias, host] of index.aliases) if (targets.has(host)) targets.add(alias);
  for (const key of index.items.keys()) {
    if (key.startsWith("doi:")) {
      for (const target of targetsOfDoi(key.slice(4))) targets.add(target);
    }
  }
  // keys of parts of a thing have a line break in them
  return [...targets].filter((target) => !/\s/.test(target)).sort();
}

function* targetsOfDoi(doi: string): Generator<string> {
  yield `doi.org/${doi}`;
  const record = /^10\.5281\/zenodo\.(\d+)$/.exec(doi)?.[1];
  if (record !== undefined) yield* [`zenodo.org/record/${record}`, `zenodo.org/records/${record}`];
}

/** Host and what identifies the owner there, for every URL that the catalogue has on the host. */
function* ownersOn(host: HostEntry, depth: number): Generator<string> {
  for (const tails of [host.urls.keys(), host.landings.keys()]) {
    for (const tail of tails) yield* ownersOf(host.name, tail, depth);
  }
}

function* ownersOf(host: string, tail: string, depth: number): Generator<string> {
  const [path = "", query] = split(PLAIN.exec(tail.toLowerCase())![0], "?");
  const segments = path.split("/").filter((segment) => segment !== "");
  const repository = REPOSITORY.get(host);
  if (repository !== undefined && path.startsWith(`/${repository}`)) {
    const [owner, name] = path.slice(1 + repository.length).split("/");
    if (owner && name) {
      const of = name.replace(/\.git$/, "").replace(/@.*$/, "");
      for (const [other, before] of REPOSITORY) yield `${other}/${before}${owner}/${of}`;
      return;
    }
  }
  if (DOCUMENTS.includes(host)) {
    const [itemPath, itemQuery = ""] = split(tail, "?");
    for (const { key } of itemsOf({ host, path: itemPath, query: itemQuery, fragment: "" })) {
      const id = /^google:([\w-]+)$/.exec(key)?.[1];
      if (id !== undefined) { for (const other of DOCUMENTS) yield `${other}#${id.toLowerCase()}`; }
    }
    return;
  }
  const parameters = (query ?? "").split("&").filter((parameter) =>
    split(parameter, "=")[1]!.length >= SHORTEST_VALUE
  );
  if (parameters.length > 0 && segments.length < depth) {
    const base = [host, ...segments].join("/");
    for (const parameter of parameters) yield `${base}?${parameter}`;
    return;
  }
  const owner = segments.slice(0, Math.min(depth, MOST_SEGMENTS));
  if (owner.length > 0) yield [host, ...owner].join("/");
}

function split(text: string, at: string): [string, string] {
  const found = text.indexOf(at);
  return found < 0 ? [text, ""] : [text.slice(0, found), text.slice(found + 1)];
}

/**
 * Reads a list of targets, one per line; `#` begins a comment.
 * @throws {UsageError} that names each line which is not a target.
 */
export function parseTargets(text: string, file: string): string[] {
  const targets = new Set<string>();
  const faults: string[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    const given = line.replace(/(^|\s)#.*$/, "").trim();
    if (given === "") continue;
    const bare = given.replace(/^[a-z]+:\/\//i, "").replace(/\/+$/, "");
    const [name = "", ...rest] = bare.split(/(?=[/?#])/);
    const host = comparableHost(name);
    if (!/^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)+$/u.test(host)) {
      faults.push(`--hosts "${file}", line ${at + 1}: ${JSON.stringify(given)} is not a host`);
      continue;
    }
    targets.add(host + rest.join("").toLowerCase());
  }
  if (faults.length > 0) throw new UsageError(...faults.slice(0, 20));
  return [...targets].sort();
}

/** How the scan recognizes targets: three sets of keys, each with its target. */
export interface TargetKeys {
  /** Host as it may be written → target. */
  hosts: Map<string, string>;
  /** Host and path or parameter, lower case → target. */
  owners: Map<string, string>;
  /** Lower case DOI → target. */
  dois: Map<string, string>;
  /** Hosts of `owners`. */
  sharedHosts: string[];
  /** What the hosts end with: `org`, `ch`, `1` of an IP address. */
  endings: string[];
}

/** Takes targets apart into what a text is compared with. */
export function keysOf(targets: Iterable<string>): TargetKeys {
  const keys: TargetKeys = {
    hosts: new Map(),
    owners: new Map(),
    dois: new Map(),
    sharedHosts: [],
    endings: [],
  };
  const shared = new Set<string>();
  const endings = new Set<string>();
  for (const target of targets) {
    const host = hostOf(target);
    const rest = target.slice(host.length);
    const isDoi = host === "doi.org" && /^\/10\.\d{4,9}\//.test(rest);
    if (isDoi) keys.dois.set(rest.slice(1), target);
    for (const form of isDoi ? [] : formsOf(host)) {
      endings.add(form.slice(form.lastIndexOf(".") + 1));
      if (rest === "") keys.hosts.set(form, target);
      else {
        keys.owners.set(form + rest, target);
        shared.add(form);
      }
    }
  }
  // an owner on a host that is wanted as a whole is in that host's lines already
  keys.sharedHosts = [...shared].sort();
  keys.endings = [...endings].sort();
  return keys;
}

/** The host of a target. */
export function hostOf(target: string): string {
  return /^[^/?#]*/.exec(target)![0];
}

/** A host as code may have it: with its letters, and as punycode. */
function formsOf(host: string): string[] {
  return [...new Set([host, domainToASCII(host), domainToUnicode(host)])].filter(Boolean);
}

/** The targets that none of `scanned` covers: a host that was scanned covers its owners. */
export function uncovered(wanted: Iterable<string>, scanned: Set<string>): string[] {
  const missing: string[] = [];
  for (const target of wanted) {
    if (!scanned.has(target) && !scanned.has(hostOf(target))) missing.push(target);
  }
  return missing.sort();
}
