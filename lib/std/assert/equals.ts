// Assertions about equality, with a diff when they fail.

import { AssertionError as NodeAssertionError } from "node:assert";
import { inspect } from "node:util";
import { AssertionError, withMessage } from "./assertion_error.ts";
import { equal } from "./equal.ts";

/** Throws unless the two are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(withMessage("Values are not equal", msg) + diff(actual, expected));
}

/** Throws if the two are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  const sentence = `Expected actual: ${inspect(actual)} not to be: ${inspect(expected)}`;
  throw new AssertionError(withMessage(sentence, msg));
}

/** Throws unless the two are one and the same, as `Object.is` has it. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const sentence = inspect(actual) === inspect(expected)
    ? "Values have the same structure but are not reference-equal"
    : "Values are not strictly equal";
  throw new AssertionError(withMessage(sentence, msg) + diff(actual, expected));
}

/** Throws unless `actual` holds an equal of every element of `expected`. */
export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  msg?: string,
): void {
  const held = Array.from(actual);
  const missing = Array.from(expected).filter((item) => !held.some((each) => equal(each, item)));
  if (missing.length === 0) return;
  const sentence = `Expected actual: ${inspect(actual)} to include: ${inspect(expected)}`;
  throw new AssertionError(`${withMessage(sentence, msg)}\nmissing: ${inspect(missing)}`);
}

function diff(actual: unknown, expected: unknown): string {
  const { message } = new NodeAssertionError({ actual, expected, operator: "deepStrictEqual" });
  // The first line of Node's message is its own sentence; the rest is the diff.
  return `\n\n${message.slice(message.indexOf("\n") + 1).trim()}\n`;
}
