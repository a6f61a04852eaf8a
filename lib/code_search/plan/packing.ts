// Terms of a plan put together into queries, within what an engine takes.

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
