import { assertEquals } from "@std/assert";
import { dirname } from "node:path";
import { appendRun, readRuns, type RunRecord } from "../../lib/pipeline/run_log.ts";
import { sitePaths } from "../../lib/storage/paths.ts";

const RUN: RunRecord = {
  stage: "02_insert_datasets",
  started_at: "2026-11-24T03:41:49.000Z",
  finished_at: "2026-11-24T03:41:50.000Z",
  seconds: 1,
  status: "complete",
  exit: 0,
};

Deno.test("readRuns() leaves out and counts lines that are not runs, and reads the end of a long list", async () => {
  const root = await Deno.makeTempDir();
  try {
    const paths = sitePaths(root, "town");
    assertEquals(await readRuns(paths), { runs: [], broken: 0 });
    await Deno.mkdir(dirname(paths.runs), { recursive: true });
    await Deno.writeTextFile(paths.runs, '{"cut": \n3\nnull\n[]\n{"stage":"02","exit":"0"}\n');
    appendRun(paths, RUN);
    assertEquals(await readRuns(paths), { runs: [RUN], broken: 5 });
    for (let exit = 1; exit < 5; exit++) appendRun(paths, { ...RUN, exit });
    const { runs, broken } = await readRuns(paths, 400);
    assertEquals([runs.map(({ exit }) => exit), broken], [[3, 4], 0]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
