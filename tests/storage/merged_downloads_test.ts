import { assertEquals } from "@std/assert";
import { type SitePaths, sitePaths } from "../../lib/storage/paths.ts";
import { DownloadRun } from "../../lib/storage/download_run.ts";
import { readOutputs } from "../../lib/pipeline/status.ts";
import { describeLack, newestDownload } from "../../lib/storage/merged_downloads.ts";

const INPUT = { catalogue: "a" };

async function withPaths(use: (paths: SitePaths) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await use(sitePaths(root, "town"));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Seals a run that began so many hours after the first of January. */
async function seal(
  paths: SitePaths,
  kind: string,
  hour: number,
  shard?: string,
  more: { input?: unknown; reasons?: string[] } = {},
): Promise<void> {
  const started = new Date(Date.UTC(2026, 0, 1, hour));
  const identity = {
    ...(more.input ?? INPUT) as object,
    ...(shard === undefined ? {} : { shard }),
  };
  const run = await DownloadRun.begin(paths, kind, identity, started);
  const reasons = more.reasons ?? [];
  await run.seal({ complete: reasons.length === 0, reasons, counts: { answers: hour } }, started);
  run.close();
}

/** What the newest download consists of, or what it lacks. */
async function newest(paths: SitePaths, kind: string): Promise<string[] | string> {
  const download = (await newestDownload(paths, kind))!;
  return "lacking" in download ? describeLack(download) : download.runs.map(({ name }) => name);
}

Deno.test("newestDownload() merges the newest run of each shard, with sums and reasons", () =>
  withPaths(async (paths) => {
    await seal(paths, "repositories", 1, "0/2");
    await seal(paths, "repositories", 2, "1/2", { reasons: ["cut"] });
    await seal(paths, "repositories", 300, "0/2");
    const download = (await newestDownload(paths, "repositories"))!;
    if ("lacking" in download) throw new Error(describeLack(download));
    assertEquals(download.runs.map(({ name }) => name), [
      "20260113T120000Z_shard_0_of_2",
      "20260101T020000Z_shard_1_of_2",
    ]);
    const { complete, reasons, counts, identity } = download;
    assertEquals({ complete, reasons, counts, identity }, {
      complete: false,
      reasons: ["shard 1/2: cut"],
      counts: { answers: 302 },
      identity: INPUT,
    });
    const [output] = await readOutputs(paths);
    assertEquals([output!.complete, output!.stale], [false, []]);
  }));

Deno.test("newestDownload() takes a newer whole run for older shards, and newer shards for an older run", () =>
  withPaths(async (paths) => {
    await seal(paths, "repositories", 1, "0/2");
    await seal(paths, "repositories", 2, "1/2");
    await seal(paths, "repositories", 3);
    assertEquals(await newest(paths, "repositories"), ["20260101T030000Z"]);
    await seal(paths, "repositories", 4, "1/2");
    assertEquals(await newest(paths, "repositories"), [
      "20260101T010000Z_shard_0_of_2",
      "20260101T040000Z_shard_1_of_2",
    ]);
    await seal(paths, "repositories", 5, "2/3");
    assertEquals(await newest(paths, "repositories"), "shards 0/3, 1/3 are missing");
  }));

Deno.test("newestDownload() misses a shard that was made from something else", () =>
  withPaths(async (paths) => {
    await seal(paths, "search_results", 1, "0/2", { input: { catalogue: "b" } });
    await seal(paths, "search_results", 2, "1/2");
    assertEquals(await newest(paths, "search_results"), "shard 0/2 is missing");
    const [output] = await readOutputs(paths);
    assertEquals(output!.stale, ["shard 0/2 is missing"]);
  }));

Deno.test("newestDownload() misses a shard of a harvest that began more than a day before the newest", () =>
  withPaths(async (paths) => {
    await seal(paths, "datasets", 1, "0/2");
    await seal(paths, "datasets", 25, "1/2");
    assertEquals((await newest(paths, "datasets")).length, 2);
    await seal(paths, "datasets", 26, "1/2");
    assertEquals(await newest(paths, "datasets"), "shard 0/2 is missing");
  }));
