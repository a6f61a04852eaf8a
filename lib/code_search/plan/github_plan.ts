/**
 * The plan for GitHub's REST code search, which allows ten queries a minute and one phrase a query.
 *
 * Its index has words, not characters: punctuation is ignored, so that "data.a.org/x", "data.a.org\\/x"
 * and "www.data.a.org%2Fx" are found by one phrase, and the phrase of a host finds all that is on it
 * and on the hosts below it. So the plan has one query for a host, or for what identifies the owner
 * on a host that many share. A query with more results than can be read is split along the path:
 * from there on only what the catalogue has is searched for, no file beside it. What is one URL is
 * split by the size of the file.
 * @module
 */
import { childrenOf, isSite, type PlannedQuery, startsOf } from "./plan.ts";
import { type FormGroup, formRange, groupOfTerm, type SearchForms } from "./search_terms.ts";

/** A query may have 256 characters; a longer URL is searched for by its beginning. */
const LONGEST_TERM = 250;
/** Bytes of the largest file in the index: 384 kB. */
const LARGEST_FILE = 393_216;

/** The queries to begin with: never more than one for each distinct URL, id or page. */
export function planGithubQueries(forms: SearchForms): PlannedQuery[] {
  const starts = new Map<string, PlannedQuery>();
  for (const group of forms.groups.values()) {
    for (const text of phrasesOf(group)) {
      const words = wordsOf(text);
      if (words !== "" && !starts.has(words)) starts.set(words, phraseQuery(group, text));
    }
  }
  const hosts = new Set(
    [...starts.values()].flatMap(({ terms }) => isHost(terms[0]!) ? terms : []),
  );
  return [...starts.values()].filter(({ terms }) => !isBelowAny(terms[0]!, hosts));
}

/** Smaller queries that together search for the same; none where nothing smaller can be searched. */
export function splitGithubQuery(query: PlannedQuery, forms: SearchForms): PlannedQuery[] {
  const [text = "", size] = query.terms;
  const group = groupOfTerm(forms, text);
  if (size === undefined && group !== undefined) {
    const [first, last] = formRange(group, text);
    const parts = phrasesBelow(group.texts.slice(first, last), text);
    if (parts.length > 0) return parts.map((part) => phraseQuery(group, part));
  }
  return splitBySize(query);
}

/** What a group is searched for by: its host, the owner's part of a shared host, or whole URLs. */
function phrasesOf(group: FormGroup): string[] {
  const withPath = group.texts.filter((text) => text.includes("/") || text === group.host);
  const isDoi = group.host.startsWith("10.");
  // numbers are everywhere, and a publisher's site is known for other things than its data
  if (isDoi || isSite(group)) return withPath.filter((text) => text.includes("/")).map(shortened);
  return startsOf(group).map(shortened);
}

/** The next longer phrases below a text, with other words than its own; none below a single URL. */
function phrasesBelow(texts: string[], text: string): string[] {
  // what is itself a URL of the catalogue has no longer phrase that finds it
  if (text.includes("/") && texts.includes(text)) return [];
  const found = new Map<string, string>();
  const collect = (below: string[], parent: string) => {
    const longer = below.filter((form) => form !== parent);
    for (const child of childrenOf(longer, parent).children) {
      const phrase = shortened(child);
      if (wordsOf(phrase) !== wordsOf(text)) found.set(wordsOf(phrase), phrase);
      else if (child.length > parent.length && child.length < LONGEST_TERM) {
        collect(longer.filter((form) => form.startsWith(child)), child);
      }
    }
  };
  collect(texts, text);
  return [...found.values()];
}

/**
 * Sizes of files in two ranges of which the second is as many times larger: most files are small,
 * and halves of the sizes would leave nearly all in the first.
 */
function splitBySize(query: PlannedQuery): PlannedQuery[] {
  const [text = "", sizes = `size:0..${LARGEST_FILE}`] = query.terms;
  const [low = 0, high = 0] = sizes.slice("size:".length).split("..").map(Number);
  if (high <= low) return [];
  const middle = Math.floor(Math.sqrt((low + 1) * (high + 1))) - 1;
  return [[low, middle], [middle + 1, high]].map(([from, to]) => {
    const terms = [text, `size:${from}..${to}`];
    return { id: terms.join(" "), terms, covers: query.covers, kind: "lines" };
  });
}

function phraseQuery(group: FormGroup, text: string): PlannedQuery {
  const [first, last] = formRange(group, text);
  const urls = new Set(group.urls.slice(first, last).filter((url) => url >= 0));
  return { id: text, terms: [text], covers: urls.size, kind: "lines" };
}

/** Without what ends a phrase or its line. */
function shortened(text: string): string {
  return text.slice(0, LONGEST_TERM).replace(/["\\\s]+/g, " ").trim();
}

/** What GitHub's index keeps of a text. */
function wordsOf(text: string): string {
  return text.toLowerCase().split(/[^\p{L}\p{N}_]+/u).filter((word) => word !== "").join(" ");
}

function isHost(text: string): boolean {
  return !text.includes("/") && text.includes(".");
}

/** Whether a phrase's host ends with another host that is searched for: that search finds it too. */
function isBelowAny(text: string, hosts: Set<string>): boolean {
  const host = /^[^/?#]*/.exec(text)![0];
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) {
    if (hosts.has(host.slice(dot + 1))) return true;
  }
  return host !== text && hosts.has(host);
}
