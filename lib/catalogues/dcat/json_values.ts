import { createHash } from "node:crypto";

/**
 * Values of DCAT-US records, which catalogues write in several ways: a text, a list of one, an object
 * with the text in it.
 */

export type Fields = Record<string, unknown>;

/** The value as an object; an empty one where it is none. */
export function fieldsOf(value: unknown): Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? value as Fields
    : {};
}

/** The value as a list: what is no list is a list of one, what is nothing an empty one. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The first text in a value; null where there is none. */
export function textOf(value: unknown): string | null {
  if (typeof value === "string") return value.trim() === "" ? null : value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) {
    for (const element of value) {
      const text = textOf(element);
      if (text !== null) return text;
    }
    return null;
  }
  const { prefLabel, name, title, fn, "@value": own, "@id": id } = fieldsOf(value);
  for (const inner of [prefLabel, name, title, fn, own, id]) {
    if (typeof inner === "string" && inner.trim() !== "") return inner;
  }
  return null;
}

/** All texts of a list; a text with commas is a list too where `splits` (keywords). */
export function textsOf(value: unknown, splits = false): string[] {
  const parts = typeof value === "string" && splits ? value.split(/[,;]/) : listOf(value);
  return parts.map(textOf).filter((text) => text !== null).map((text) => text.trim());
}

/** A value as one text, nothing lost: texts as they are, everything else as JSON. */
export function wholeTextOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

const NAMESPACE_URL = "6ba7b8119dad11d180b400c04fd430c8";

/** The UUID of version 5 (RFC 9562) of a name made of these parts: the same parts, the same id. */
export function derivedId(...parts: string[]): string {
  const hash = createHash("sha1")
    .update(NAMESPACE_URL, "hex")
    .update(JSON.stringify(parts))
    .digest();
  hash[6] = hash[6]! & 0x0f | 0x50;
  hash[8] = hash[8]! & 0x3f | 0x80;
  const hex = hash.toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join("-");
}
