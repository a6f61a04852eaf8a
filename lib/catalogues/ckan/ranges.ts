import type { Shard } from "../../storage/shards.ts";

/**
 * Ranges of ids in Solr's query syntax. CKAN's `id` is a Solr `string` (config/solr/schema.xml), so
 * ranges part all ids whatever they look like, and only the portal ever compares two of them.
 */

/** A part of all ids, from `low` (included) to `high` (not included); null is open. */
export interface IdRange {
  low: string | null;
  high: string | null;
  /** Instead of `high`: the last id, included. */
  last?: string;
}

/** The steps of an id's first four digits. */
const STEPS = 0x10000;

/** Parts all ids, or those of a shard, into up to 16 ranges, a power of two of them. */
export function partition(wanted: number, shard: Shard = { index: 0, of: 1 }): IdRange[] {
  const parts = [16, 8, 4, 2].find((number) => number <= wanted) ?? 1;
  return Array.from(
    { length: parts },
    (_, index) => rangeOf({ index: shard.index * parts + index, of: shard.of * parts }),
  );
}

/** The ids of a shard. Ids that are no UUIDs all have a shard too, though not parts of like size. */
export function rangeOf({ index, of }: Shard): IdRange {
  const boundary = (number: number) =>
    Math.floor((number * STEPS) / of).toString(16).padStart(4, "0").replace(/0+$/, "");
  return {
    low: index === 0 ? null : boundary(index),
    high: index === of - 1 ? null : boundary(index + 1),
  };
}

/** The `fq` for what stands in a range behind the id `after`; undefined where that is everything. */
export function filterOf(range: IdRange, after: string | null): string | undefined {
  const { low, high, last } = range;
  if (low === null && high === null && last === undefined && after === null) return undefined;
  const from = after !== null ? `{${quoted(after)}` : low === null ? "[*" : `[${quoted(low)}`;
  const to = last !== undefined ? `${quoted(last)}]` : high === null ? "*]" : `${quoted(high)}}`;
  return `id:${from} TO ${to}`;
}

/** A range as it stands before "not read to the end". */
export function describeRange({ low, high }: IdRange): string {
  if (low === null && high === null) return "the datasets were";
  if (low === null) return `datasets with ids before "${high}" were`;
  if (high === null) return `datasets with ids from "${low}" on were`;
  return `datasets with ids from "${low}" to before "${high}" were`;
}

function quoted(id: string): string {
  return `"${id.replace(/[\\"]/g, "\\$&")}"`;
}
