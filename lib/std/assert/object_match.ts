// The assertion that one object holds another.

import { assertEquals } from "./equals.ts";

type Loose = Record<PropertyKey, unknown>;

/**
 * Throws unless `actual` has everything that `expected` has, deeply. Arrays in `expected` are
 * matched element by element; `actual` may have more of them.
 */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any -- as in the original: objects of any class will do
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  const seen = new Map<object, object>();
  // Both go through the same narrowing, so that a class instance can match a plain object.
  assertEquals(narrow(actual, expected, seen), narrow(expected, expected, new Map()), msg);
}

/** `actual` without the properties that `expected` does not have, as plain objects. */
function narrow(actual: Loose, expected: Loose, seen: Map<object, object>): Loose {
  if (seen.get(actual) === expected) return actual;
  seen.set(actual, expected);
  const narrowed: Loose = {};
  for (const key of Reflect.ownKeys(actual)) {
    // Arrays are matched by their elements: one that is longer still matches.
    if (key === "length" && Array.isArray(actual)) continue;
    if (key in expected) narrowed[key] = narrowValue(actual[key], expected[key], seen);
  }
  return narrowed;
}

function narrowValue(value: unknown, wanted: unknown, seen: Map<object, object>): unknown {
  if (!isObject(value) || !isObject(wanted) || value instanceof RegExp || value instanceof Date) {
    return value;
  }
  if (value instanceof Map && wanted instanceof Map) {
    const shared = [...value].filter(([key]) => wanted.has(key));
    return new Map(shared.map(([key, item]) => [key, narrowValue(item, wanted.get(key), seen)]));
  }
  if (value instanceof Set && wanted instanceof Set) {
    return new Set([...value].filter((item) => wanted.has(item)));
  }
  if (Array.isArray(value) !== Array.isArray(wanted)) return value;
  return narrow(value as Loose, wanted as Loose, seen);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
