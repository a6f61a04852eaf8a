import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sitePaths } from "../../lib/storage/paths.ts";
import { lock, runningStages } from "../../lib/pipeline/lock.ts";
import { readRuns } from "../../lib/pipeline/run_log.ts";
import { newestSealedRun, readAnswer, sealedEntries } from "../../lib/storage/sealed_run.ts";
import { CONFIG_TEXT } from "../helpers/small_snapshots.ts";
import { cases } from "../helpers/thoroughness.ts";

const PAIRS = cases(50, 3);
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

/** A stage that continues with a download and then stays until it is asked to end. */
const SCRIPT = `
import { DownloadRun } from "${new URL("../../lib/storage/download_run.ts", import.meta.url)}";
import { runAsScript } from "${new URL("../../lib/pipeline/stage.ts", import.meta.url)}";

await runAsScript({
  name: "99_test",
  action: "test the lock",
  description: "Test the lock.",
  async run({ paths, now }) {
    const run = await DownloadRun.resume(paths, "datasets", {}) ??
      await DownloadRun.begin(paths, "datasets", {}, now());
    const body = new TextEncoder().encode("an answer ".repeat(1000));
    for (let page = 0; page < 3; page++) {
      await run.append("page " + run.size, body, { pid: Deno.pid }, now());
    }
    await run.seal({ complete: false, reasons: ["more comes"], counts: {} }, now());
    run.close();
    await Deno.stdin.read(new Uint8Array(1));
    return { summary: "Got some", reasons: [], counts: {}, inputs: [], outputs: [] };
  },
});
`;

async function inFolder(test: (root: string, start: () => Deno.ChildProcess) => Promise<void>) {
  const root = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(root, "stage.ts"), SCRIPT);
    await Deno.writeTextFile(join(root, "small.toml"), CONFIG_TEXT);
    const args = ["run", "--quiet", "--no-check", "-A", "--config", CONFIG, join(root, "stage.ts")];
    const own = ["--config-file", join(root, "small.toml"), "--artifacts-dir", root];
    await test(root, () =>
      new Deno.Command(Deno.execPath(), {
        args: [...args, ...own],
        env: { NO_COLOR: "1" },
        stdin: "piped",
        stdout: "null",
        stderr: "piped",
      }).spawn());
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("lock() lets exactly one of two processes run that begin at once, whichever it is", () =>
  inFolder(async (root, start) => {
    const winners: number[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const both = [start(), start()].map((process) => ({ process, end: process.output() }));
      // the one that runs waits for its input's end, so the first to end is the one that was refused
      const limit = setTimeout(
        () => both.forEach(({ process }) => process.kill("SIGKILL")),
        20_000,
      );
      const loser = await Promise.race(both.map((one) => one.end.then(() => one)));
      clearTimeout(limit);
      const winner = both.find((one) => one !== loser)!;
      const refused = await loser.end;
      assertEquals(refused.code, 1);
      assertMatch(
        new TextDecoder().decode(refused.stderr),
        new RegExp(
          `^Cannot test the lock: another run of "99_test" is running \\(process ` +
            `${winner.process.pid} on \\S+ since \\S+Z, last sign \\S+Z\\): wait for it to end or stop it\n$`,
        ),
      );
      await winner.process.stdin.close();
      assertEquals((await winner.end).code, 0);
      winners.push(winner.process.pid);
    }
    const paths = sitePaths(root, "small");
    const statuses = (await readRuns(paths)).runs.map(({ status }) => status);
    assertEquals(statuses, Array(PAIRS).fill("complete"));
    const run = (await newestSealedRun(paths, "datasets"))!;
    const entries = await sealedEntries(run);
    assertEquals(
      entries.map(({ key }) => key),
      winners.flatMap((_pid, pair) => [0, 1, 2].map((page) => `page ${3 * pair + page}`)),
    );
    assertEquals(entries.map(({ pid }) => pid), winners.flatMap((pid) => [pid, pid, pid]));
    for (const entry of entries) assertEquals((await readAnswer(run.folder, entry)).length, 10_000);
  }));

Deno.test("lock() takes over from an owner that was killed", () =>
  inFolder(async (root, start) => {
    const paths = sitePaths(root, "small");
    const dead = start();
    while (!(await runningStages(paths)).has("99_test")) await pause(10);
    const owner = (await runningStages(paths)).get("99_test")!;
    assertStringIncludes(owner, `process ${dead.pid} on `);
    dead.kill("SIGKILL");
    await dead.output();
    assertEquals((await runningStages(paths)).size, 0);
    const unlock = await lock(paths, "99_test");
    assertStringIncludes((await runningStages(paths)).get("99_test")!, `process ${Deno.pid} on `);
    unlock();
  }));

Deno.test("lock() lets stages run side by side, and none beside one that must be alone", async () => {
  const root = await Deno.makeTempDir();
  try {
    const paths = sitePaths(root, "small");
    const free = [await lock(paths, "01_test"), await lock(paths, "02_test")];
    const refused = await lock(paths, "prune", { alone: true }).catch(String);
    assertMatch(
      String(refused),
      /^StageError: "01_test" is running \(.*\), "02_test" is running \(.*\): wait for it to end or stop it$/,
    );
    free.forEach((unlock) => unlock());
    const unlock = await lock(paths, "prune", { alone: true });
    const other = await lock(paths, "01_test").catch(String);
    assertMatch(String(other), /^StageError: "prune" is running \(process \d+ on .*\)/);
    unlock();
    (await lock(paths, "01_test"))();
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("lock() gives a sign of life while it is held", async () => {
  const root = await Deno.makeTempDir();
  const paths = sitePaths(root, "small");
  const unlock = await lock(paths, "99_test", { heartbeatMs: 20 });
  try {
    const before = (await runningStages(paths)).get("99_test")!;
    await pause(100);
    const after = (await runningStages(paths)).get("99_test")!;
    const parts = (owner: string) => owner.split(", last sign ") as [string, string];
    assertEquals(parts(after)[0], parts(before)[0]);
    assert(parts(after)[1] > parts(before)[1], after);
  } finally {
    unlock();
    await Deno.remove(root, { recursive: true });
  }
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
