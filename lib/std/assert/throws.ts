// Assertions about what a function throws or rejects with.

import { AssertionError, withMessage } from "./assertion_error.ts";

// deno-lint-ignore no-explicit-any -- as in the original: errors take what arguments they like
type ErrorConstructorOf<E extends Error> = abstract new (...args: any[]) => E;

/**
 * Throws unless `fn` throws: anything, or an error of the class whose message holds `msgIncludes`.
 *
 * @returns What was thrown.
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorConstructorOf<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  classOrMsg?: ErrorConstructorOf<Error> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const wanted = readWanted(classOrMsg, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    return checkError(error, "thrown", wanted);
  }
  throw new AssertionError(withMessage("Expected function to throw", wanted.msg));
}

/**
 * Throws unless the promise of `fn` rejects: with anything, or with an error of the class whose
 * message holds `msgIncludes`. A function that throws before it gives a promise does not reject.
 *
 * @returns What it rejected with.
 */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorConstructorOf<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorConstructorOf<Error> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const wanted = readWanted(classOrMsg, msgIncludes, msg);
  const promise = callForPromise(fn, wanted);
  try {
    await promise;
  } catch (error) {
    return checkError(error, "rejected", wanted);
  }
  throw new AssertionError(withMessage("Expected function to reject", wanted.msg));
}

interface Wanted {
  ErrorClass?: ErrorConstructorOf<Error>;
  msgIncludes?: string;
  msg?: string;
}

function readWanted(
  classOrMsg: ErrorConstructorOf<Error> | string | undefined,
  msgIncludes: string | undefined,
  msg: string | undefined,
): Wanted {
  if (typeof classOrMsg === "string") return { msg: classOrMsg };
  return { ErrorClass: classOrMsg, msgIncludes, msg };
}

function callForPromise(fn: () => PromiseLike<unknown>, { msg }: Wanted): PromiseLike<unknown> {
  let result: unknown;
  let cause: unknown;
  try {
    result = fn();
  } catch (error) {
    cause = error;
  }
  if (typeof (result as PromiseLike<unknown> | undefined)?.then === "function") {
    return result as PromiseLike<unknown>;
  }
  throw new AssertionError(withMessage("Function throws when expected to reject", msg), { cause });
}

function checkError(error: unknown, how: "thrown" | "rejected", wanted: Wanted): unknown {
  const { ErrorClass, msgIncludes, msg } = wanted;
  if (!ErrorClass) return error;
  if (!(error instanceof Error)) {
    throw new AssertionError(withMessage(`A non-Error object was ${how}`, msg));
  }
  const said = JSON.stringify(error.message);
  if (!((error as unknown) instanceof ErrorClass)) {
    const sentence = `Expected error to be instance of "${ErrorClass.name}", but was ` +
      `"${error.constructor.name}" with the message ${said}`;
    throw new AssertionError(withMessage(sentence, msg), { cause: error });
  }
  if (msgIncludes && !error.message.includes(msgIncludes)) {
    const sentence = `Expected error message to include ${JSON.stringify(msgIncludes)}, ` +
      `but got ${said}`;
    throw new AssertionError(withMessage(sentence, msg), { cause: error });
  }
  return error;
}
