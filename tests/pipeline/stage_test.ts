import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunRecord } from "../../lib/pipeline/run_log.ts";
import { CONFIG_TEXT } from "../helpers/small_snapshots.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A stage that ends as its flag says, as a script that a user runs. */
const SCRIPT = `
import { StageError, UsageError } from "${new URL("../../lib/cli/errors.ts", import.meta.url)}";
import { pause } from "${new URL("../../lib/http/client.ts", import.meta.url)}";
import { runAsScript } from "${new URL("../../lib/pipeline/stage.ts", import.meta.url)}";

const none = { summary: "Made nothing", reasons: [], counts: { things: 3 }, inputs: [], outputs: [] };
await runAsScript({
  name: "99_test",
  action: "test the frame",
  description: "Test the frame.",
  takesInput: true,
  options: [{ name: "end", value: "HOW", help: "how to end" }],
  async run(context) {
    context.log.info("at work");
    switch (context.flags.end) {
      case "incomplete":
        return { ...none, reasons: ["2 pages are missing"] };
      case "up_to_date":
        return { ...none, upToDate: true };
      case "failed":
        throw new StageError("the portal is gone:\\n look elsewhere");
      case "usage":
        throw new UsageError("one fault", "another fault");
      case "bug":
        throw new TypeError("no such thing", { cause: new Error("deep down") });
      case "wait":
        await pause(60_000, context.signal);
        return none;
      case "deaf":
        await new Promise((resolve) => setTimeout(resolve, 60_000));
        return none;
      case "print":
        console.log(JSON.stringify({
          force: context.force,
          input: context.input ?? null,
          site: context.config.site.short_name,
          snapshots: context.paths.snapshots,
          token: context.env("TEST_TOKEN") ?? null,
        }));
        return none;
      default:
        return none;
    }
  },
});
`;

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

interface Bench {
  root: string;
  /** Starts the stage with a config and an artifacts directory, or with these arguments alone. */
  start: (
    args: string[],
    more?: { env?: Record<string, string>; bare?: boolean },
  ) => Deno.ChildProcess;
  run: (...args: string[]) => Promise<Ended>;
  records: () => Promise<RunRecord[]>;
}

async function withStage(test: (bench: Bench) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(root, "stage.ts"), SCRIPT);
    await Deno.writeTextFile(join(root, "small.toml"), CONFIG_TEXT);
    const start: Bench["start"] = (args, { env = {}, bare = false } = {}) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--no-check", "-A", "--config", join(ROOT, "deno.json")],
          join(root, "stage.ts"),
          ...(bare ? [] : ["--config-file", join(root, "small.toml"), "--artifacts-dir", root]),
          ...args,
        ],
        env: { CONFIG_PATH: "", ARTIFACTS_DIR: "", NO_COLOR: "1", ...env },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    await test({
      root,
      start,
      run: (...args) => ended(start(args)),
      records: async () =>
        (await Deno.readTextFile(join(root, "small", "runs.ndjson")))
          .trimEnd().split("\n").map((line) => JSON.parse(line)),
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function ended(process: Deno.ChildProcess): Promise<Ended> {
  const { code, stdout, stderr } = await process.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Waits until there is a file that reports the stage running. */
async function untilLocked(root: string): Promise<void> {
  for (;;) {
    const file = join(root, "small", "locks", "99_test.lock");
    const owner = await Deno.readTextFile(file).catch(() => "");
    if (owner.includes("process")) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("runStage() ends with the status of the contract and one line of error", () =>
  withStage(async ({ run, records }) => {
    const cases: [string, number, RegExp][] = [
      ["complete", 0, /^99_test {2}at work\n99_test {2}Made nothing · \d\.\d s\n$/],
      ["up_to_date", 0, /Made nothing/],
      ["incomplete", 3, /\n99_test {2}! incomplete: 2 pages are missing\n99_test {2}Made nothing/],
      [
        "failed",
        1,
        /^99_test {2}at work\nCannot test the frame: the portal is gone: look elsewhere\n$/,
      ],
      ["usage", 2, /\nCannot test the frame: one fault\nCannot test the frame: another fault\n$/],
      ["bug", 1, /\nCannot test the frame: no such thing \(deep down\)\n$/],
    ];
    for (const [end, code, stderr] of cases) {
      const result = await run("--end", end);
      assertEquals([end, result.code, result.stdout], [end, code, ""]);
      assertMatch(result.stderr, stderr);
    }
    const printed = await records();
    assertEquals(printed.map(({ status, exit }) => [status, exit]), [
      ["complete", 0],
      ["up_to_date", 0],
      ["incomplete", 3],
      ["failed", 1],
      ["failed", 2],
      ["failed", 1],
    ]);
    assertEquals(printed[2]!.reasons, ["2 pages are missing"]);
    assertEquals(printed[0]!.counts, { things: 3 });
    assertEquals(printed[5]!.error, "no such thing (deep down)");
    for (const { stage, started_at, finished_at, seconds } of printed) {
      assertEquals(stage, "99_test");
      assert(Date.parse(finished_at) - Date.parse(started_at) === Math.round(seconds * 1000));
    }
  }));

Deno.test("runStage() shows a stack only with --debug", () =>
  withStage(async ({ run }) => {
    const { code, stderr } = await run("--end", "bug", "--debug");
    assertEquals(code, 1);
    assertMatch(stderr, /TypeError: no such thing\n\s+at .*stage\.ts/);
    assert(stderr.endsWith("Cannot test the frame: no such thing (deep down)\n"));
  }));

Deno.test("runStage() refuses unknown flags, flags without value and missing configs with status 2", () =>
  withStage(async ({ root, run, start }) => {
    const cases: [string[], string][] = [
      [["--colour", "x"], "unknown flag --colour: see --help"],
      [["stray"], 'unknown argument "stray": see --help'],
      [["--end"], "--end needs a value: HOW"],
    ];
    for (const [args, sentence] of cases) {
      const { code, stdout, stderr } = await run(...args);
      assertEquals([code, stdout, stderr], [2, "", `Cannot test the frame: ${sentence}\n`]);
    }
    const none = await ended(start([], { bare: true }));
    assertEquals([none.code, none.stderr], [
      2,
      "Cannot test the frame: no config file given: pass --config-file configs/<site>.toml or set CONFIG_PATH\n",
    ]);
    await Deno.writeTextFile(join(root, "small.toml"), '[site]\nshort_name = "A b"\n');
    const faults = await run();
    assertEquals(faults.code, 2);
    assertEquals(faults.stderr.trimEnd().split("\n").length, 2);
    for (const line of faults.stderr.trimEnd().split("\n")) {
      assert(line.startsWith(`Cannot test the frame: config "${join(root, "small.toml")}": site.`));
    }
  }));

Deno.test("runStage() prints usage with an example to standard output with --help", () =>
  withStage(async ({ start }) => {
    const { code, stdout, stderr } = await ended(start(["--help"], { bare: true }));
    assertEquals([code, stderr], [0, ""]);
    for (
      const part of [
        "Test the frame.",
        "deno task 99_test --config-file configs/",
        "--input FILE",
        "--end HOW",
        "--artifacts-dir DIR",
        "--force",
        "--debug",
        "--help",
        "Exit status: 0 complete, 1 failed",
      ]
    ) assertStringIncludes(stdout, part);
  }));

Deno.test("runStage() takes config and artifacts from flags, else from the environment", () =>
  withStage(async ({ root, run, start }) => {
    const printed = JSON.parse((await run("--end", "print", "--force", "--input", "x.db")).stdout);
    assertEquals(printed, {
      force: true,
      input: "x.db",
      site: "small",
      snapshots: join(root, "read_only", "small"),
      token: null,
    });
    const env = {
      CONFIG_PATH: join(root, "small.toml"),
      ARTIFACTS_DIR: join(root, "elsewhere"),
      TEST_TOKEN: "set outside",
    };
    const result = await ended(start(["--end", "print"], { bare: true, env }));
    assertEquals(JSON.parse(result.stdout), {
      force: false,
      input: null,
      site: "small",
      snapshots: join(root, "elsewhere", "read_only", "small"),
      token: "set outside",
    });
  }));

Deno.test("readEnvironment() reads .env in the project's root, behind the real environment", async () => {
  const root = await Deno.makeTempDir();
  try {
    // the root is where lib is, so a copy of the one file gets a root of its own
    const copy = join(root, "lib", "cli", "environment.ts");
    await Deno.mkdir(dirname(copy), { recursive: true });
    await Deno.copyFile(join(ROOT, "lib", "cli", "environment.ts"), copy);
    await Deno.writeTextFile(
      join(root, ".env"),
      '# a comment\nFROM_FILE="a b"\nexport TOO=x\nBOTH=file\nEMPTY=file\nNOTHING=\n',
    );
    const script = `
      import { readEnvironment } from ${JSON.stringify(`file://${copy}`)};
      const env = await readEnvironment();
      const names = ["FROM_FILE", "TOO", "BOTH", "EMPTY", "NOTHING", "UNSET"];
      console.log(JSON.stringify(names.map((name) => env(name) ?? null)));
    `;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", "--no-config", script],
      env: { BOTH: "outside", EMPTY: "" },
    }).output();
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), [
      "a b",
      "x",
      "outside",
      "file",
      null,
      null,
    ]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("runStage() says who is at work when a second run comes, and frees the lock with its owner", () =>
  withStage(async ({ root, run, start }) => {
    const first = start(["--end", "wait"]);
    await untilLocked(root);
    const second = await run();
    assertEquals(second.code, 1);
    assertMatch(
      second.stderr,
      new RegExp(
        `^Cannot test the frame: another run of "99_test" is running \\(process ${first.pid} on \\S+ ` +
          `since \\S+Z, last sign \\S+Z\\): wait for it to end or stop it\n$`,
      ),
    );
    first.kill("SIGKILL");
    await first.output();
    assertEquals((await run()).code, 0);
  }));

for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
  for (const [end, hears] of [["wait", "hears it"], ["deaf", "does not hear it"]] as const) {
    Deno.test(`runStage() ends with ${code} after ${signal} when the stage ${hears}`, () =>
      withStage(async ({ root, start, records }) => {
        const process = start(["--end", end]);
        await untilLocked(root);
        // the listeners are there once the lock is, but for a moment
        await new Promise((resolve) => setTimeout(resolve, 100));
        process.kill(signal);
        const result = await ended(process);
        assertEquals(result.code, code, result.stderr);
        assert(
          result.stderr.endsWith(
            "Stopped: finished work is kept, run the same command again to continue\n",
          ),
          result.stderr,
        );
        assertEquals((await records()).map(({ status, exit }) => [status, exit]), [
          ["interrupted", code],
        ]);
      }));
  }
}
