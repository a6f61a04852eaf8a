/**
 * CKAN's times: a record has UTC without a zone and up to six digits after the second; Solr has the
 * same cut to milliseconds, with a `Z` (ckan/lib/search/index.py).
 */

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?Z?$/;

/**
 * A time as Solr compares it, `2026-11-24T03:41:49.123Z`, so that the record's spelling and the
 * index's are one. Text that is no such time stays as it is; null where there is none.
 */
export function instantOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const [, day, second, fraction = ""] = TIME.exec(text) ?? [];
  if (day === undefined) return text;
  return `${day}T${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Whether it is a time that Solr can be asked for. */
export function isInstant(text: string | null): text is string {
  return text !== null && INSTANT.test(text) && !Number.isNaN(Date.parse(text));
}

/** The `fq` for what was changed at a time or later. */
export function changedSince(time: string): string {
  const zone = /Z$|[+-]\d\d:?\d\d$/.test(time) ? "" : "Z";
  return `metadata_modified:[${time}${zone} TO *]`;
}
