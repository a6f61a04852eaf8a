/**
 * Values of answers that come from elsewhere: of the expected type, or null. What SQL reads it reads
 * the same way, by sql/reverse_dependencies/macros/json_values.sql.
 * @module
 */
import { parseJson as parse } from "../http/response.ts";

/** A text without what no database takes (NUL, halves of characters); blank ones are null. */
export function text(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const clean = value.toWellFormed().replaceAll("\0", "");
  return clean.trim() === "" ? null : clean;
}

/** A whole number that JavaScript can hold exactly; texts of digits count. */
export function whole(value: unknown): number | null {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? number as number : null;
}

/** True, false or null. */
export function truth(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

/** A member of an object; undefined where there is none, or no object. */
export function member(value: unknown, ...path: string[]): unknown {
  for (const name of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** The texts of an array; empty where it is none. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text).filter((it) => it !== null) : [];
}

/** JSON, or undefined where the text is none. */
export function parseJson(content: string): unknown {
  try {
    return parse(content);
  } catch {
    return undefined;
  }
}
