// What the project relies on in @std/assert: holds for lib/std and for the original alike.

import {
  assert,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertObjectMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
} from "@std/assert";

// Node's own assertions say how ours must end, so that a broken assertion cannot hide itself.
import nodeAssert from "node:assert/strict";

function passes(assertion: () => void): void {
  nodeAssert.doesNotThrow(assertion);
}

function fails(assertion: () => void, message?: RegExp): void {
  nodeAssert.throws(assertion, (error) => {
    nodeAssert.ok(error instanceof AssertionError, `not an AssertionError: ${error}`);
    if (message) nodeAssert.match(error.message, message);
    return true;
  });
}

Deno.test("assertEquals() and assertNotEquals() compare deeply", () => {
  class Point {
    constructor(readonly x: number) {}
  }
  const circle = (): unknown => {
    const object: Record<string, unknown> = { a: 1 };
    object.self = object;
    return object;
  };
  const symbol = Symbol("key");
  const bare = Object.assign(Object.create(null), { a: 1 });
  const same: [unknown, unknown][] = [
    [NaN, NaN],
    [0, -0],
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }],
    [bare, { a: 1 }],
    [new Point(1), new Point(1)],
    [new Date(5), new Date(5)],
    [/a/g, /a/g],
    [new URL("https://a.example/x"), new URL("https://a.example/x")],
    [new Map([["a", { b: 1 }], ["c", { b: 2 }]]), new Map([["c", { b: 2 }], ["a", { b: 1 }]])],
    [new Map([[{ k: 1 }, 1]]), new Map([[{ k: 1 }, 1]])],
    [new Set([{ a: 1 }, { a: 2 }]), new Set([{ a: 2 }, { a: 1 }])],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    [new Uint8Array([0, 1, 2]).subarray(1), new Uint8Array([1, 2])],
    [10n, 10n],
    [circle(), circle()],
    [{ [symbol]: 1 }, { [symbol]: 1 }],
  ];
  for (const [actual, expected] of same) {
    passes(() => assertEquals(actual, expected));
    fails(() => assertNotEquals(actual, expected));
  }
  const different: [unknown, unknown][] = [
    [1, "1"],
    [1, 1n],
    [null, undefined],
    [null, {}],
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [[], {}],
    [[1, 2], [2, 1]],
    [new Point(1), { x: 1 }],
    [new Date(5), new Date(6)],
    [/a/g, /a/i],
    [new Map([["a", 1]]), new Map([["a", 2]])],
    [new Map([["a", 1]]), new Map([["b", 1]])],
    [new Map(), new Set()],
    [new Set([1, 2]), new Set([1, 3])],
    [new Set([{ a: 1 }]), new Set([{ a: 2 }])],
    [new Uint8Array([1, 2]), new Uint8Array([1, 3])],
    [new Uint8Array([1]), new Int8Array([1])],
    [{ [symbol]: 1 }, { [symbol]: 2 }],
  ];
  for (const [actual, expected] of different) {
    fails(() => assertEquals(actual, expected));
    passes(() => assertNotEquals(actual, expected));
  }
});

Deno.test("assertEquals() shows what differs and the caller's message", () => {
  fails(() => assertEquals({ a: 1, b: "same" }, { a: 2, b: "same" }, "why"), /: why/);
  fails(() => assertEquals({ a: 1 }, { a: 2 }), /Values are not equal\.[^]*a[^]*1[^]*2/);
});

Deno.test("assertStrictEquals() wants one and the same", () => {
  const list = [1];
  passes(() => assertStrictEquals(list, list));
  passes(() => assertStrictEquals(NaN, NaN));
  fails(() => assertStrictEquals([1], [1]), /same structure/);
  fails(() => assertStrictEquals(0, -0));
  fails(() => assertStrictEquals(1, 2, "why"), /: why/);
});

Deno.test("assertArrayIncludes() and assertObjectMatch() want a part", () => {
  passes(() => assertArrayIncludes([{ a: 1 }, { a: 2 }], [{ a: 2 }]));
  fails(() => assertArrayIncludes([{ a: 1 }], [{ a: 2 }]));

  const actual = { a: 1, list: [{ x: 1, y: 2 }, 3], map: new Map([["k", { v: 1, w: 2 }]]) };
  passes(() => assertObjectMatch(actual, {}));
  passes(() => assertObjectMatch(actual, { a: 1, list: [{ x: 1 }] }));
  passes(() => assertObjectMatch(actual, { map: new Map([["k", { v: 1 }]]) }));
  fails(() => assertObjectMatch(actual, { a: 2 }));
  fails(() => assertObjectMatch(actual, { missing: undefined }));
  fails(() => assertObjectMatch(actual, { list: [{ x: 2 }] }));
  fails(() => assertObjectMatch(actual, { list: [{ x: 1 }, 3, 4] }));
});

Deno.test("the simple assertions pass and fail", () => {
  passes(() => assert(1));
  fails(() => assert(""));
  fails(() => assert(false, "why"), /^why$/);
  passes(() => assertFalse(0));
  fails(() => assertFalse("x"));
  passes(() => assertExists(0));
  fails(() => assertExists(null));
  passes(() => assertInstanceOf(new TypeError(), Error));
  fails(() => assertInstanceOf("text", Error), /"Error" but was "string"/);
  passes(() => assertStringIncludes("abc", "b"));
  fails(() => assertStringIncludes("abc", "x"), /"abc" to contain: "x"/);
  passes(() => assertMatch("abc", /b/));
  fails(() => assertMatch("abc", /x/));
  passes(() => assertNotMatch("abc", /x/));
  fails(() => assertNotMatch("abc", /b/));
  passes(() => assertGreater(2, 1));
  fails(() => assertGreater(1, 1), /1 > 1/);
  passes(() => assertGreaterOrEqual(1, 1));
  fails(() => assertGreaterOrEqual(0, 1));
  passes(() => assertLess(1, 2));
  fails(() => assertLess(1, 1));
  passes(() => assertLessOrEqual(1, 1));
  fails(() => assertLessOrEqual(2, 1));
  fails(() => fail("why"), /Failed assertion: why/);

  const text: string | undefined = ["x"][0];
  assert(text !== undefined);
  const narrowed: string = text;
  nodeAssert.equal(narrowed, "x");
});

Deno.test("assertThrows() wants an error of the class with the text in it, and returns it", () => {
  const throwing = (): never => {
    throw new TypeError("Cannot read this");
  };
  const error: TypeError = assertThrows(throwing, TypeError, "Cannot read");
  nodeAssert.equal(error.message, "Cannot read this");
  passes(() => assertThrows(throwing, Error));
  passes(() => assertThrows(throwing, "message"));
  passes(() => assertThrows(throwing));
  fails(() => assertThrows(throwing, RangeError), /instance of "RangeError".*"TypeError"/);
  fails(() => assertThrows(throwing, TypeError, "Cannot write"), /Cannot write/);
  fails(() => assertThrows(() => 1, "why"), /Expected function to throw: why/);
  fails(() =>
    assertThrows(() => {
      throw "text";
    }, Error), /non-Error/);
});

Deno.test("assertRejects() wants a rejection, and returns it", async () => {
  const rejecting = (): Promise<never> => Promise.reject(new TypeError("Cannot read this"));
  const failsLater = async (assertion: Promise<unknown>, message: RegExp): Promise<void> => {
    await nodeAssert.rejects(assertion, (error) => {
      nodeAssert.ok(error instanceof AssertionError);
      nodeAssert.match(error.message, message);
      return true;
    });
  };
  const error: TypeError = await assertRejects(rejecting, TypeError, "Cannot read");
  nodeAssert.equal(error.message, "Cannot read this");
  nodeAssert.equal(await assertRejects(() => Promise.reject("text")), "text");
  await failsLater(assertRejects(rejecting, RangeError), /instance of "RangeError"/);
  await failsLater(assertRejects(rejecting, TypeError, "Cannot write"), /Cannot write/);
  await failsLater(assertRejects(() => Promise.reject("text"), Error), /non-Error/);
  await failsLater(assertRejects(() => Promise.resolve()), /Expected function to reject/);
  await failsLater(
    assertRejects(() => {
      throw new TypeError("at once");
    }),
    /Function throws when expected to reject/,
  );
});
