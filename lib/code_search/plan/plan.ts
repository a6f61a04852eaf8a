/**
 * Which searches find every URL of a catalogue, with as few of them as the engine lets us.
 *
 * A search for a prefix finds all that begins with it, and what a line mentions is decided here,
 * not by the engine. So the plan begins with whole hosts, many of them in one query, and only a
 * query whose answer was incomplete is split, along host and path.
 *
 * A host is searched for without a slash: so the lines are found too in which JSON writes "\/", or
 * in which the whole URL is percent-encoded. Terms with a path miss those: when a host is split,
 * terms for them stay behind ("host\/", "host%2F", "host:"), and where a shared host starts deep, each
 * term comes with its "\/" and "%2F" twins, and the host with the ports that a URL may name.
 * @module
 */
import {
  type FormGroup,
  formRange,
  groupOfTerm,
  isHomeTerm,
  type SearchForms,
} from "./search_terms.ts";
import { sharedDepth } from "../match/platforms.ts";

// Longer terms would fill a query; what begins with this many characters is one owner's anyway.
const LONGEST_TERM = 200;
// With more children than this the tree is split by the next character rather than the next word.
const MOST_CHILDREN = 60;
// An incomplete term is split into so many queries: with more, parts are requested that were small.
const WAYS = 2;
// A site with fewer URLs than this in the catalogue is known for other things than its data.
const FEW_URLS = 4;

/** The queries to begin with: together they cover every form. */
export function planQueries(forms: SearchForms, limits: PlanLimits): PlannedQuery[] {
  const terms: Term[] = [];
  const sites: Term[] = [];
  const subdomains = formsOfSubdomains(forms);
  for (const group of forms.groups.values()) {
    const depth = sharedDepth(group.host);
    if (depth > 0) terms.push(...deepTerms(group, depth));
    else if (isHomePage(group) && subdomains.has(group.host)) sites.push(...homeTerms(group));
    else {
      // a search for the bare host would find all that is on the hosts below it once more
      const own = subdomains.has(group.host) ? termsBelow(group, group.host) : [];
      const planned = own.length > 0 ? own : [termOf(group, group.host)];
      (isSite(group) ? sites : terms).push(...planned);
    }
  }
  // Sites are mentioned by everyone: kept apart, they spoil no other answer.
  return [...packTerms(terms, limits, 1), ...packTerms(sites, limits, 1)];
}

/**
 * The queries that replace one whose answer was incomplete. They cover what it covered: halves of
 * its terms, then the next words of the path, then single URLs, and for a URL that is still too
 * frequent a query for its repositories. Empty when there is nothing left to split. A part may be
 * a query that was sent before, which its id shows.
 */
export function splitQuery(
  query: PlannedQuery,
  forms: SearchForms,
  limits: PlanLimits,
): PlannedQuery[] {
  if (query.kind === "repositories") return [];
  if (query.terms.length > 1) {
    const terms = query.terms.map((text) => termOf(groupOfTerm(forms, text), text));
    return packTerms(withoutHeaviest(terms, forms), limits, WAYS);
  }
  const text = query.terms[0] ?? "";
  const group = groupOfTerm(forms, text);
  if (!group) return [repositoryQuery(text, 0)];
  return splitTerm(group, text, limits);
}

/** Positions, as "group:position", of the forms that a query covers. */
export function coveredForms(query: PlannedQuery, forms: SearchForms): string[] {
  return query.terms.flatMap((text) => {
    const group = groupOfTerm(forms, text);
    if (!group) return [];
    const isOne = query.kind === "repositories" && text.length < LONGEST_TERM && !isHomeTerm(text);
    const [first, last] = isOne ? ownRange(group, text) : formRange(group, text);
    return Array.from({ length: last - first }, (_, at) => `${group.host}:${first + at}`);
  });
}

/**
 * Of a host that everybody mentions: only what lies below so many segments, and the same as JSON
 * and other URLs write it. With its port hardly anybody mentions it.
 */
function deepTerms(group: FormGroup, depth: number): Term[] {
  const terms = startsOf(group, depth).flatMap((text) => [
    termOf(group, text),
    ...(text.includes("/") ? ["\\/", "%2F"] : []).map((slash) =>
      termOf(undefined, text.replaceAll("/", slash))
    ),
  ]);
  const isHost = group.host.includes(".") && !group.host.startsWith("10.");
  for (const port of isHost ? [":443/", ":80/"] : []) {
    terms.push(termOf(undefined, `//${group.host}${port}`));
  }
  return terms;
}

/** The shortest beginnings of a group's forms that are one owner's; the host itself at depth 0. */
export function startsOf(group: FormGroup, depth = sharedDepth(group.host)): string[] {
  if (depth === 0) return [group.host];
  return withoutCovered(group.texts.map((text) => cutAtDepth(text, depth)));
}

/** The catalogue names a site, with `www.` or as a bare domain, and hardly any of its files. */
export function isSite(group: FormGroup): boolean {
  const isDomain = group.isSite || !/\..*\./.test(group.host);
  return isHomePage(group) || (isDomain && group.texts.length < FEW_URLS);
}

function isHomePage(group: FormGroup): boolean {
  return group.texts.length === 1 && group.texts[0] === group.host;
}

/** How many forms lie on hosts whose name ends with a host's: a search for it finds theirs too. */
function formsOfSubdomains(forms: SearchForms): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { host, texts } of forms.groups.values()) {
    for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) {
      const parent = host.slice(dot + 1);
      if (forms.groups.has(parent)) counts.set(parent, (counts.get(parent) ?? 0) + texts.length);
    }
  }
  return counts;
}

/** A home page counts only with its scheme, so that slashes are before the host. */
function homeTerms(group: FormGroup): Term[] {
  return ["//", "\\/", "%2F"].flatMap((slashes) =>
    ["", "www."].map((www) => termOf(group, slashes + www + group.host))
  );
}

function splitTerm(group: FormGroup, text: string, limits: PlanLimits): PlannedQuery[] {
  const [first, last] = formRange(group, text);
  if (first >= last || text.length >= LONGEST_TERM || isHomeTerm(text)) {
    return [repositoryQuery(text, last - first)];
  }
  const terms = termsBelow(group, text);
  const queries = packTerms(terms, limits, Math.min(WAYS, terms.length));
  const isItself = text !== group.host && group.texts[first] === text;
  return isItself ? [...queries, repositoryQuery(text, 1)] : queries;
}

/**
 * Terms of which none covers more than the others together, where it can be split: a half with it
 * would be cut again.
 */
function withoutHeaviest(terms: Term[], forms: SearchForms): Term[] {
  const heaviest = terms.reduce((most, term) => term.weight > most.weight ? term : most);
  const total = terms.reduce((sum, { weight }) => sum + weight, 0);
  const group = groupOfTerm(forms, heaviest.text);
  if (2 * heaviest.weight <= total || heaviest.weight < FEW_URLS || !group) return terms;
  const { text } = heaviest;
  const isUrl = text !== group.host && group.texts[formRange(group, text)[0]] === text;
  if (isUrl || text.length >= LONGEST_TERM || isHomeTerm(text)) return terms;
  return [...terms.filter((term) => term !== heaviest), ...termsBelow(group, text)];
}

/** The longer terms that take the place of one; of a host's, its home page is one. */
function termsBelow(group: FormGroup, text: string): Term[] {
  const [first, last] = formRange(group, text);
  const below = group.texts.slice(first, last).filter((form) => form !== text);
  const { common, children } = childrenOf(below, text);
  const terms = children.map((child) => termOf(group, child));
  terms.push(...cutTerms(group, text, common, first, last).map((cut) => termOf(undefined, cut)));
  if (text === group.host) {
    for (const next of ["\\/", "%2F", ":"]) terms.push(termOf(undefined, text + next));
    if (below.length < last - first) terms.push(...homeTerms(group));
  }
  return terms;
}

/** The next longer beginnings of forms that begin with a text, and what all of these share. */
export function childrenOf(below: string[], text: string): { common: string; children: string[] } {
  const common = commonPrefix(below[0] ?? text, below.at(-1) ?? text);
  const children = withoutCovered(below.map((form) => nextWord(form, text, common)));
  if (children.length <= MOST_CHILDREN) return { common, children };
  const length = Math.max(common.length, text.length) + 1;
  return { common, children: withoutCovered(below.map((form) => wholeCharacters(form, length))) };
}

/**
 * Where all that begins with the term is one dataset's, a URL that code cuts right there names the
 * dataset, and none of the children finds it.
 */
function cutTerms(group: FormGroup, text: string, common: string, first: number, last: number) {
  const dataset = group.datasets[first] ?? -1;
  for (let at = first; at < last; at++) {
    if (dataset < 0 || group.datasets[at] !== dataset) return [];
  }
  const stems = new Set<string>();
  for (let at = text.length; at <= common.length; at++) {
    const stem = common.slice(0, at);
    if (stem !== group.host && (at === text.length || /[/_.=?-]$/.test(stem))) stems.add(stem);
    if (stem.endsWith("/")) stems.add(stem.slice(0, -1));
  }
  stems.delete(group.host);
  return [...stems].flatMap((stem) =>
    ["{", "$", "#{", "%", "<", '"', "'"].map((hole) => stem + hole)
  );
}

function termOf(group: FormGroup | undefined, text: string): Term {
  if (!group) return { text, urls: new Set(), weight: 1 };
  const [first, last] = formRange(group, text);
  const urls = new Set<number>();
  for (let at = first; at < last; at++) {
    const url = group.urls[at] ?? -1;
    if (url >= 0) urls.add(url);
  }
  return { text, urls, weight: Math.max(1, last - first) };
}

function ownRange(group: FormGroup, text: string): [number, number] {
  const at = formRange(group, text)[0];
  return group.texts[at] === text ? [at, at + 1] : [at, at];
}

/** The form up to the end of the next word after the common prefix: "/", "_", "2019" begin a word. */
function nextWord(form: string, text: string, common: string): string {
  for (let at = Math.max(common.length, text.length) + 1; at < form.length; at++) {
    const isWord = /[/_\-.?=&%]/.test(form.charAt(at - 1)) ||
      (/\d/.test(form.charAt(at)) && /[a-z]/i.test(form.charAt(at - 1)));
    if (isWord) return wholeCharacters(form, at);
  }
  return wholeCharacters(form, form.length);
}

function wholeCharacters(form: string, length: number): string {
  const cut = form.slice(0, Math.min(length, LONGEST_TERM));
  return cut.isWellFormed() ? cut : form.slice(0, cut.length + 1);
}

/** Each text once, without those that begin with another one: that one finds them too. */
function withoutCovered(texts: string[]): string[] {
  const kept: string[] = [];
  for (const text of texts.sort((a, b) => a < b ? -1 : a > b ? 1 : 0)) {
    const last = kept.at(-1);
    if (last === undefined || !text.startsWith(last)) kept.push(text);
  }
  return kept;
}

/**
 * Host and `depth` segments with the slash after them; where there are no more, the whole form up
 * to the first parameter ("view?r=…"), since the rest comes in any order.
 */
function cutAtDepth(form: string, depth: number): string {
  let at = form.indexOf("/");
  for (let segment = 0; segment < depth && at >= 0; segment++) at = form.indexOf("/", at + 1);
  if (at >= 0) return wholeCharacters(form, at + 1);
  const next = form.indexOf("&");
  return wholeCharacters(form, next < 0 ? form.length : next);
}

function commonPrefix(one: string, other: string): string {
  let at = 0;
  while (at < one.length && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  return one.slice(0, at);
}

/** One search to send. */
export interface PlannedQuery {
  /** The same for the same kind and terms, in every run. */
  id: string;
  /** Literal texts of which a line has to hold one. */
  terms: string[];
  /** How many distinct URLs of the catalogue begin with one of the terms. */
  covers: number;
  /** "repositories": too frequent for lines; only which repositories have it can be asked. */
  kind: "lines" | "repositories";
}

/** What one query may hold. */
export interface PlanLimits {
  maxTermsPerQuery: number;
  /** Of all terms with quotes and " OR ", percent-encoded; a GET address takes some 6,000. */
  maxEncodedLength: number;
}

/** A term with the numbers of the URLs it covers and how much it may be expected to bring. */
export interface Term {
  text: string;
  urls: Set<number>;
  weight: number;
}

// A query for more forms than this would rarely be answered whole; a single term may have more.
const WEIGHT_PER_QUERY = 2000;
const OR_LENGTH = "%20OR%20".length;

/** Spreads terms evenly over as few queries as hold them, but over at least `atLeast`. */
export function packTerms(terms: Term[], limits: PlanLimits, atLeast: number): PlannedQuery[] {
  if (terms.length === 0) return [];
  const total = (measure: (term: Term) => number) =>
    terms.reduce((sum, term) => sum + measure(term), 0);
  const count = Math.max(
    atLeast,
    Math.ceil(terms.length / limits.maxTermsPerQuery),
    Math.ceil(total((term) => encodedLength(term.text)) / limits.maxEncodedLength),
    Math.ceil(total((term) => Math.min(term.weight, WEIGHT_PER_QUERY)) / WEIGHT_PER_QUERY),
  );
  const bins = Array.from({ length: Math.min(count, terms.length) }, emptyBin);
  const ordered = [...terms].sort((a, b) => b.weight - a.weight || (a.text < b.text ? -1 : 1));
  for (const term of ordered) {
    const length = encodedLength(term.text);
    const open = bins.filter((bin) =>
      bin.terms.length < limits.maxTermsPerQuery &&
      (bin.terms.length === 0 || bin.length + length <= limits.maxEncodedLength)
    );
    const first = open[0] ?? emptyBin();
    if (open.length === 0) bins.push(first);
    const bin = open.reduce((least, one) => one.weight < least.weight ? one : least, first);
    bin.terms.push(term);
    bin.length += length;
    bin.weight += term.weight;
  }
  return bins.filter((bin) => bin.terms.length > 0).map((bin) => lineQuery(bin.terms));
}

/** The last resort for one text: which repositories hold it, without lines. */
export function repositoryQuery(text: string, covers: number): PlannedQuery {
  return { id: queryId("repositories", [text]), terms: [text], covers, kind: "repositories" };
}

function lineQuery(terms: Term[]): PlannedQuery {
  const texts = terms.map((term) => term.text).sort();
  const urls = new Set<number>();
  for (const term of terms) for (const url of term.urls) urls.add(url);
  return { id: queryId("lines", texts), terms: texts, covers: urls.size, kind: "lines" };
}

function emptyBin(): { terms: Term[]; length: number; weight: number } {
  return { terms: [], length: 0, weight: 0 };
}

function encodedLength(text: string): number {
  return encodeURIComponent(`"${text}"`).length + OR_LENGTH;
}

/** FNV-1a over the UTF-16 units, twice with different starts: 16 hex digits. */
function queryId(kind: string, terms: string[]): string {
  const text = [kind, ...terms].join("\n");
  let one = 0x811c9dc5;
  let other = 0x1b873593;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ (unit + at), 0x01000193);
  }
  return [one, other].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
