/**
 * Ranges of ids in Solr's query syntax. CKAN's `id` is a Solr `string` (config/solr/schema.xml), so
 * ranges part all ids whatever they look like, and only the portal ever compares two of them.
 */

/** A part of all ids, from `low` (included) to `high` (not included); null is open. */
export interface IdRange {
  low: string | null;
  high: string | null;
}

/** The digits that UUIDs begin with: boundaries between them give parts of like size. */
const DIGITS = "0123456789abcdef";

/** Parts all ids into up to 16 ranges, a power of two of them. */
export function partition(wanted: number): IdRange[] {
  const parts = [16, 8, 4, 2].find((number) => number <= wanted) ?? 1;
  const boundaries = Array.from(
    { length: parts - 1 },
    (_, index) => DIGITS[((index + 1) * DIGITS.length) / parts]!,
  );
  return [...boundaries, null].map((high, index) => ({ low: boundaries[index - 1] ?? null, high }));
}

/** The `fq` for what stands in a range behind the id `after`; undefined where that is everything. */
export function filterOf(range: IdRange, after: string | null): string | undefined {
  const { low, high } = range;
  if (low === null && high === null && after === null) return undefined;
  const from = after !== null ? `{${quoted(after)}` : low === null ? "[*" : `[${quoted(low)}`;
  return `id:${from} TO ${high === null ? "*]" : `${quoted(high)}}`}`;
}

function quoted(id: string): string {
  return `"${id.replace(/[\\"]/g, "\\$&")}"`;
}
