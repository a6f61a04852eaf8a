/**
 * What is requested of CKAN's Solr: ranges of ids, lists of ids, times.
 *
 * CKAN's `id` is a Solr `string` (config/solr/schema.xml), so ranges divide all ids whatever they look
 * like, and only the portal ever compares two of them. Times: a record has UTC without a zone and up
 * to six digits after the second; Solr has the same cut to milliseconds, with a `Z`
 * (ckan/lib/search/index.py).
 *
 * @module
 */

import type { Shard } from "../../storage/shards.ts";

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

/** The `fq` for what is in a range behind the id `after`; undefined where that is everything. */
export function filterOf(range: IdRange, after: string | null): string | undefined {
  const { low, high, last } = range;
  if (low === null && high === null && last === undefined && after === null) return undefined;
  const from = after !== null ? `{${quoted(after)}` : low === null ? "[*" : `[${quoted(low)}`;
  const to = last !== undefined ? `${quoted(last)}]` : high === null ? "*]" : `${quoted(high)}}`;
  return `id:${from} TO ${to}`;
}

/** A range as it is before "not read to the end". */
export function describeRange({ low, high }: IdRange): string {
  if (low === null && high === null) return "the datasets were";
  if (low === null) return `datasets with ids before "${high}" were`;
  if (high === null) return `datasets with ids from "${low}" on were`;
  return `datasets with ids from "${low}" to before "${high}" were`;
}

/** The `fq` for the datasets of a list. */
export function filterOfIds(ids: string[]): string {
  return `id:(${ids.map(quoted).join(" OR ")})`;
}

export function quoted(id: string): string {
  return `"${id.replace(/[\\"]/g, "\\$&")}"`;
}

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * A time as Solr compares it, `2026-11-24T03:41:49.123Z`, so that the record's spelling and the
 * index's are one. Text that is no such time stays as it is; null where there is none.
 */
export function instantOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const [, day, second, fraction = "", zone = "Z"] = TIME.exec(text) ?? [];
  if (day === undefined) return text;
  if (zone !== "Z") {
    const time = new Date(`${day}T${second}.${fraction.slice(0, 3).padEnd(3, "0")}${zone}`);
    return Number.isNaN(time.getTime()) ? text : time.toISOString();
  }
  return `${day}T${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Whether it is a time that Solr can be queried by. */
export function isInstant(text: string | null): text is string {
  return text !== null && INSTANT.test(text) && !Number.isNaN(Date.parse(text));
}

/** The `fq` for what was changed at a time or later. */
export function changedSince(time: string): string {
  const zone = /Z$|[+-]\d\d:?\d\d$/.test(time) ? "" : "Z";
  return `metadata_modified:[${time}${zone} TO *]`;
}
