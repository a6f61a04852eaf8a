/**
 * The part of Solr's query syntax that harvesters of CKAN send in `fq` and `sort`.
 * @module
 */

/** Solr or CKAN refuses the query; CKAN answers 409 "Search Error". */
export class SolrError extends Error {}

/** One condition of an `fq`; bounds that are undefined are open (`*`). */
export interface Condition {
  readonly field: string;
  readonly low: string | undefined;
  readonly high: string | undefined;
  readonly lowIncluded: boolean;
  readonly highIncluded: boolean;
  readonly negated: boolean;
  /** One of these, instead of a range: `field:(a OR b)`. */
  readonly values?: ReadonlySet<string>;
}

const VALUE = String.raw`"(?:[^"\\]|\\.)*"|[^\s"\[\]{}()]+`;
const TERM = new RegExp(
  String.raw`\s*(?:(?:AND|&&)\s+)?([+-]?)([a-z_]+):` +
    String.raw`(?:([\[{])\s*(${VALUE})\s+TO\s+(${VALUE})\s*([\]}])|` +
    String.raw`\(\s*((?:${VALUE})(?:\s+OR\s+(?:${VALUE}))*)\s*\)|(${VALUE}))(?=\s|$)`,
  "y",
);

function bound(text: string): string | undefined {
  if (text === "*") return undefined;
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, "$1") : text;
}

function valuesOf(list: string): ReadonlySet<string> {
  const texts = list.match(new RegExp(VALUE, "g"))!.filter((text) => text !== "OR");
  return new Set(texts.map((text) => bound(text) ?? "*"));
}

/** Reads one `fq` text: conditions that must all hold, parted by spaces or AND. */
export function parseFilter(text: string): Condition[] {
  const conditions: Condition[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    TERM.lastIndex = at;
    const term = TERM.exec(text);
    if (term === null) throw new SolrError(`Cannot parse '${text}' at ${at}`);
    at = TERM.lastIndex;
    const [, sign, field = "", open, low = "", high = "", close, list, value] = term;
    conditions.push({
      field,
      low: list === undefined ? bound(value ?? low) : undefined,
      high: list === undefined ? bound(value ?? high) : undefined,
      lowIncluded: open !== "{",
      highIncluded: close !== "}",
      negated: sign === "-",
      ...(list === undefined ? {} : { values: valuesOf(list) }),
    });
  }
  return conditions;
}

/** Whether a value lies in the condition's range, by code units as Solr's string fields do. */
export function holds(condition: Condition, value: string): boolean {
  const { low, high, values } = condition;
  if (values !== undefined) return values.has(value) !== condition.negated;
  const inside = (low === undefined || (condition.lowIncluded ? value >= low : value > low)) &&
    (high === undefined || (condition.highIncluded ? value <= high : value < high));
  return inside !== condition.negated;
}

/** One key of a `sort`. */
export interface SortKey {
  readonly field: string;
  readonly descending: boolean;
}

const SORTABLE = new Set(["id", "name", "metadata_modified", "score"]);

/** Reads a `sort` text, e.g. `metadata_modified asc, id asc`. */
export function parseSort(text: string): SortKey[] {
  return text.split(",").map((part) => {
    const [field = "", direction = "", rest] = part.trim().split(/\s+/);
    if (!SORTABLE.has(field)) throw new SolrError(`sort param could not be parsed: ${field}`);
    if (!/^(asc|desc)$/i.test(direction) || rest !== undefined) {
      throw new SolrError(`Can't determine a Sort Order in sort spec '${text}'`);
    }
    return { field, descending: direction.toLowerCase() === "desc" };
  });
}

/**
 * A time as Solr holds it: UTC, milliseconds, `Z`. CKAN's times have no zone and up to six digits
 * after the second; CKAN appends the `Z` when it indexes.
 */
export function solrTime(text: string): string {
  const [second = "", fraction = ""] = text.replace(/Z$/, "").split(".");
  return `${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`;
}

/** A time as Solr writes it in an answer: without milliseconds where they are none. */
export function writtenTime(time: string): string {
  return time.replace(".000Z", "Z");
}

/** The condition with its times as Solr holds them; a bound that is no UTC time is refused. */
export function timeCondition(condition: Condition): Condition {
  const time = (text: string | undefined) => {
    if (text === undefined) return undefined;
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) {
      throw new SolrError(`Invalid Date String:'${text}'`);
    }
    return solrTime(text);
  };
  return { ...condition, low: time(condition.low), high: time(condition.high) };
}
