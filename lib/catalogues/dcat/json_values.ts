/**
 * Values of DCAT-US records, which catalogues write in several ways: a text, a list of one, an object
 * with the text in it, an object with the text in several languages.
 *
 * @module
 */

import { checkDepth } from "../../http/response.ts";
import { createHash } from "node:crypto";

export type Fields = Record<string, unknown>;

/** The value as an object; an empty one where it is none. */
export function fieldsOf(value: unknown): Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? value as Fields
    : {};
}

/** The value as a list: what is not a list is a list of one, what is nothing an empty one. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The first text in a value; null where there is none. */
export function textOf(value: unknown): string | null {
  if (typeof value === "string") return value.trim() === "" ? null : value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (isDigits(value)) return value.rawJSON;
  if (Array.isArray(value)) {
    const languages = taggedTexts(value);
    if (languages !== undefined) return JSON.stringify(languages);
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
  return isLanguageMap(value) ? JSON.stringify(value) : null;
}

/** One text of a value: of a text in several languages the first. */
export function firstTextOf(value: unknown): string | null {
  const text = textOf(value);
  if (text === null || !text.startsWith("{")) return text;
  try {
    const languages = JSON.parse(text);
    const first = isLanguageMap(languages) ? Object.values(languages).find(hasText) : text;
    return typeof first === "string" ? first : text;
  } catch {
    return text;
  }
}

const LANGUAGE = /^[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/;

/** Whether a value is a text in several languages: `{"de": "Bäume", "fr": "Arbres"}`. */
function isLanguageMap(value: unknown): value is Fields {
  const entries = Object.entries(fieldsOf(value));
  return entries.some(([, text]) => hasText(text)) &&
    entries.every(([language, text]) =>
      LANGUAGE.test(language) && (text === null || typeof text === "string")
    );
}

/** `[{"@language": "de", "@value": "Bäume"}, …]` as an object by language. */
function taggedTexts(list: unknown[]): Fields | undefined {
  const texts = list.map((element) => fieldsOf(element));
  const isTagged = texts.length > 0 &&
    texts.every((text) =>
      typeof text["@language"] === "string" && typeof text["@value"] === "string"
    );
  return isTagged
    ? Object.fromEntries(texts.map((text) => [text["@language"], text["@value"]]))
    : undefined;
}

function hasText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

/** A number as it is written in the record, where JavaScript would change its digits. */
interface Digits {
  rawJSON: string;
}

/** What ECMAScript has and TypeScript does not declare yet. */
const JSON_WITH_SOURCE = JSON as unknown as {
  parse(
    text: string,
    revive: (key: string, value: unknown, at: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): Digits;
  isRawJSON(value: unknown): value is Digits;
};
/** Numbers of which JavaScript may change the digits; some texts are taken for such, too. */
const UNSAFE_NUMBER = /[:,[]\s*-?(?:\d{16}|\d+[.eE])/;

/** Parses JSON without changing a digit of a number. */
export function parseJson(text: string): unknown {
  checkDepth(text);
  if (!UNSAFE_NUMBER.test(text)) return JSON.parse(text);
  return JSON_WITH_SOURCE.parse(
    text,
    (_key, value, { source }) =>
      typeof value === "number" && source !== undefined && String(value) !== source
        ? JSON_WITH_SOURCE.rawJSON(source)
        : value,
  );
}

function isDigits(value: unknown): value is Digits {
  return JSON_WITH_SOURCE.isRawJSON(value);
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
