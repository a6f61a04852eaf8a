import type { PlannedQuery } from "../plan/plan.ts";

/** The text of a Sourcegraph query, and the address that asks it. */

/**
 * A query for any of the terms, as they stand. Three things go wrong silently without it: without
 * `patternType:keyword` the quotes are part of the pattern; without parentheses the filters hold
 * only for their own side of an `OR`; without `count:all` the answer ends at a limit that changes.
 */
export function sourcegraphQuery(terms: string[], kind: PlannedQuery["kind"]): string {
  const pattern = terms.map(quoted).join(" OR ");
  const type = kind === "lines" ? "type:file" : "select:repo";
  return `(${pattern}) ${type} fork:yes archived:yes count:all timeout:60s patternType:keyword`;
}

/**
 * The address of a query's stream. The API's own pattern type is not the product's: it is said
 * here too. `display` and `max-line-len` stay away, as both cut what comes back.
 */
export function streamAddress(endpointUrl: string, query: string): string {
  const parameters = new URLSearchParams({
    q: query,
    v: "V3",
    t: "keyword",
    sm: "0",
    cm: "true",
    cl: "0",
  });
  return `${endpointUrl.replace(/\/+$/, "")}/.api/search/stream?${parameters}`;
}

/** As Sourcegraph's own `Delimit` does it: nothing but the backslash and the quote is escaped. */
function quoted(term: string): string {
  return `"${term.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
