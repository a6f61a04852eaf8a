// Assertions that compare nothing deeply.

import { inspect } from "node:util";
import { AssertionError, withMessage } from "./assertion_error.ts";

// deno-lint-ignore no-explicit-any -- as in the original: any class will do
type AnyConstructor = abstract new (...args: any[]) => any;

/** Throws unless `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Throws unless `expr` is falsy. */
export function assertFalse(expr: unknown, msg?: string): asserts expr is false {
  if (expr) throw new AssertionError(withMessage("Expected value to be falsy", msg));
}

/** Throws if `actual` is null or undefined. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual !== null && actual !== undefined) return;
  const sentence = `Expected actual: "${actual}" to not be null or undefined`;
  throw new AssertionError(withMessage(sentence, msg));
}

/** Throws unless `actual` is an instance of `expectedType`. */
export function assertInstanceOf<T extends AnyConstructor>(
  actual: unknown,
  expectedType: T,
  msg?: string,
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  const was = actual instanceof Object
    ? `"${actual.constructor?.name ?? "Object"}"`
    : actual === null
    ? "null"
    : `"${typeof actual}"`;
  const sentence = `Expected object to be an instance of "${expectedType.name}" but was ${was}`;
  throw new AssertionError(withMessage(sentence, msg));
}

/** Throws unless `expected` is in `actual`. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (actual.includes(expected)) return;
  const sentence = `Expected actual: "${actual}" to contain: "${expected}"`;
  throw new AssertionError(withMessage(sentence, msg));
}

/** Throws unless `actual` fits `expected`. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (expected.test(actual)) return;
  const sentence = `Expected actual: "${actual}" to match: "${expected}"`;
  throw new AssertionError(withMessage(sentence, msg));
}

/** Throws if `actual` fits `expected`. */
export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void {
  if (!expected.test(actual)) return;
  const sentence = `Expected actual: "${actual}" to not match: "${expected}"`;
  throw new AssertionError(withMessage(sentence, msg));
}

/** Throws unless `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) failComparison(actual, ">", expected, msg);
}

/** Throws unless `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual >= expected)) failComparison(actual, ">=", expected, msg);
}

/** Throws unless `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) failComparison(actual, "<", expected, msg);
}

/** Throws unless `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual <= expected)) failComparison(actual, "<=", expected, msg);
}

/** Throws in any case. */
export function fail(msg?: string): never {
  throw new AssertionError(withMessage("Failed assertion", msg));
}

function failComparison(actual: unknown, sign: string, expected: unknown, msg?: string): never {
  throw new AssertionError(msg ?? `Expect ${inspect(actual)} ${sign} ${inspect(expected)}`);
}
