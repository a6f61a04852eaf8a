// What the project relies on in @std/cli, @std/fs and @std/assert: holds for lib/std and for the
// originals alike.

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
import { parseArgs } from "@std/cli/parse-args";
import { ensureDir } from "@std/fs/ensure-dir";
import { exists, existsSync } from "@std/fs/exists";
import { walk, type WalkOptions } from "@std/fs/walk";

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

Deno.test("parseArgs() reads values, switches and what is left", () => {
  const flags = parseArgs(
    ["--config-file", "a.toml", "--input=x=y.db", "--force", "first", "-h"],
    { string: ["config-file", "input"], boolean: ["force", "debug", "help"], alias: { help: "h" } },
  );
  const types: [string | undefined, boolean, boolean] = [flags.input, flags.force, flags.h];
  nodeAssert.deepEqual(types, ["x=y.db", true, true]);
  nodeAssert.deepEqual({ ...flags }, {
    _: ["first"],
    "config-file": "a.toml",
    input: "x=y.db",
    force: true,
    debug: false,
    help: true,
    h: true,
  });
});

Deno.test("parseArgs() keeps numbers as text only where a string is declared", () => {
  const flags = parseArgs(["--from", "03", "--port", "8000", "12", "1e3", "x1"], {
    string: ["from"],
  });
  nodeAssert.deepEqual({ ...flags }, { _: [12, 1000, "x1"], from: "03", port: 8000 });
  nodeAssert.deepEqual(parseArgs(["007"], { string: ["_"] })._, ["007"]);
});

Deno.test("parseArgs() gives an empty text when a string flag has no value", () => {
  const flags = parseArgs(["--input", "--to"], { string: ["input", "to"] });
  nodeAssert.deepEqual({ ...flags }, { _: [], input: "", to: "" });
});

Deno.test("parseArgs() does not take the next argument for a switch, but true and false", () => {
  const options = { boolean: ["force", "debug"] } as const;
  nodeAssert.deepEqual({ ...parseArgs(["--force", "x", "--debug", "false"], options) }, {
    _: ["x"],
    force: true,
    debug: false,
  });
  nodeAssert.equal(parseArgs(["--force=false"], options).force, false);
  nodeAssert.equal(parseArgs(["--force=yes"], options).force, true);
});

Deno.test("parseArgs() fills in defaults under all names, and keeps what was given", () => {
  const options = {
    string: ["artifacts-dir", "port"],
    default: { "artifacts-dir": "artifacts", port: "8000" },
    alias: { port: "p" },
  } as const;
  const flags = parseArgs(["--artifacts-dir", "elsewhere"], options);
  const directory: string = flags["artifacts-dir"];
  nodeAssert.equal(directory, "elsewhere");
  nodeAssert.equal(flags.port, "8000");
  nodeAssert.equal(flags.p, "8000");
  nodeAssert.equal(parseArgs(["-p", "1"], options).port, "1");
});

Deno.test("parseArgs() gathers collected flags and keeps the last of the others", () => {
  const options = { string: ["format", "site"], collect: ["format"] } as const;
  const flags = parseArgs(
    ["--format", "csv", "--site", "a", "--format=json", "--site", "b"],
    options,
  );
  const formats: string[] = flags.format as string[];
  nodeAssert.deepEqual(formats, ["csv", "json"]);
  nodeAssert.equal(flags.site, "b");
  nodeAssert.deepEqual(parseArgs([], options).format, []);
});

Deno.test("parseArgs() negates negatable flags only", () => {
  const flags = parseArgs(["--no-open", "--no-color"], {
    boolean: ["open"],
    negatable: ["open"],
    default: { open: true },
  });
  nodeAssert.deepEqual({ ...flags }, { _: [], open: false, "no-color": true });
});

Deno.test("parseArgs() reports what it does not know and leaves it out on false", () => {
  const reported: unknown[][] = [];
  const flags = parseArgs(["--known", "--typo=1", "--bare", "-x", "word"], {
    boolean: ["known"],
    unknown: (...args: unknown[]) => {
      reported.push(args);
      return false;
    },
  });
  nodeAssert.deepEqual(reported, [
    ["--typo=1", "typo", "1"],
    ["--bare", "bare", true],
    ["-x", "x", "word"],
  ]);
  nodeAssert.deepEqual({ ...flags }, { _: [], known: true });

  const words: unknown[] = [];
  parseArgs(["word"], { unknown: (arg, key) => words.push([arg, key]) });
  nodeAssert.deepEqual(words, [["word", undefined]]);
});

Deno.test("parseArgs() stops early and at --", () => {
  nodeAssert.deepEqual(
    { ...parseArgs(["--a", "1", "run", "--b", "2"], { string: ["a"], stopEarly: true }) },
    { _: ["run", "--b", "2"], a: "1" },
  );
  nodeAssert.deepEqual({ ...parseArgs(["x", "--", "--b", "2"]) }, { _: ["x", "--b", "2"] });
  const flags = parseArgs(["x", "--", "--b", "2"], { "--": true });
  const rest: string[] = flags["--"];
  nodeAssert.deepEqual(rest, ["--b", "2"]);
  nodeAssert.deepEqual(flags._, ["x"]);
});

Deno.test("parseArgs() reads single letters joined, with numbers and with values", () => {
  const { _, ...flags } = parseArgs(["-ab", "-n5", "-o=out", "-", "-f", "file"]);
  nodeAssert.deepEqual(flags, { a: true, b: true, n: 5, o: "out", f: "file" });
  nodeAssert.deepEqual(_, ["-"]);
});

Deno.test("exists() tells files from folders from nothing", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/file`;
  await Deno.writeTextFile(file, "");
  nodeAssert.deepEqual(
    [
      await exists(file),
      await exists(folder, { isDirectory: true }),
      await exists(file, { isDirectory: true }),
      await exists(folder, { isFile: true }),
      await exists(`${folder}/nothing`),
      existsSync(new URL(`file://${file}`), { isFile: true }),
      existsSync(`${folder}/nothing`),
    ],
    [true, true, false, false, false, true, false],
  );
  await nodeAssert.rejects(exists(file, { isFile: true, isDirectory: true }), TypeError);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("ensureDir() makes a folder with those above it, once, and not over a file", async () => {
  const folder = await Deno.makeTempDir();
  await Promise.all([ensureDir(`${folder}/a/b`), ensureDir(`${folder}/a/b`)]);
  await ensureDir(`${folder}/a/b`);
  nodeAssert.ok((await Deno.stat(`${folder}/a/b`)).isDirectory);

  await Deno.writeTextFile(`${folder}/file`, "kept");
  await nodeAssert.rejects(ensureDir(`${folder}/file`), /expected 'dir', got 'file'/);
  nodeAssert.equal(await Deno.readTextFile(`${folder}/file`), "kept");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("walk() gives what the options ask for", async () => {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/sub/deep`, { recursive: true });
  for (const path of ["one.sql", "two.ts", "sub/three.sql", "sub/deep/four.sql"]) {
    await Deno.writeTextFile(`${root}/${path}`, "");
  }
  await Deno.symlink(`${root}/sub`, `${root}/link`);

  const found = async (options?: WalkOptions): Promise<string[]> => {
    const paths: string[] = [];
    for await (const entry of walk(root, options)) {
      nodeAssert.ok(entry.path.endsWith(entry.name));
      paths.push(entry.path.slice(root.length + 1));
    }
    return paths.sort();
  };
  const files = ["one.sql", "sub/deep/four.sql", "sub/three.sql", "two.ts"];
  nodeAssert.deepEqual(await found(), ["", "link", ...files, "sub", "sub/deep"].sort());
  nodeAssert.deepEqual(await found({ includeDirs: false, includeSymlinks: false }), files);
  nodeAssert.deepEqual(await found({ exts: ["sql"] }), files.slice(0, 3));
  nodeAssert.deepEqual(await found({ exts: [".sql"], maxDepth: 1 }), ["one.sql"]);
  nodeAssert.deepEqual(await found({ includeFiles: false, includeSymlinks: false }), [
    "",
    "sub",
    "sub/deep",
  ]);
  nodeAssert.deepEqual(await found({ match: [/four/, /two/] }), ["sub/deep/four.sql", "two.ts"]);
  nodeAssert.deepEqual(await found({ skip: [/deep/], exts: ["sql"] }), [
    "one.sql",
    "sub/three.sql",
  ]);
  await nodeAssert.rejects(Array.fromAsync(walk(`${root}/nothing`)), Deno.errors.NotFound);
  await Deno.remove(root, { recursive: true });
});

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
