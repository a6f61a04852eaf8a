// What the project relies on in @std/cli: holds for lib/std and for the original alike.

import { parseArgs } from "@std/cli/parse-args";
import nodeAssert from "node:assert/strict";

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
