import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { graphData, TooBusy } from "../../lib/explorer/graph.ts";
import { MENTIONS } from "../../lib/explorer/lists.ts";
import { streamList } from "../../lib/explorer/list_query.ts";
import { SiteData } from "../../lib/explorer/site_data.ts";
import { openNewest } from "../../lib/explorer/sites.ts";
import { sitePaths } from "../../lib/storage/paths.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { buildFinalOf, buildSmallFinal, QUIET } from "../helpers/explorer_site.ts";

let root: string;
Deno.test.beforeAll(async () => {
  root = await Deno.makeTempDir();
  await buildSmallFinal(root);
});
Deno.test.afterAll(() => Deno.remove(root, { recursive: true }));

async function open(options?: { idleMs: number }): Promise<SiteData> {
  const paths = sitePaths(root, "small");
  return await SiteData.open(paths, (await newestSnapshot(paths, "final"))!, QUIET, options);
}

Deno.test("download() gives the place of a download that is not read on to another one", async () => {
  const data = await open({ idleMs: 2000 });
  try {
    const started: AsyncGenerator<unknown>[] = [];
    for (let count = 0; count < 8; count += 1) {
      const download = streamList(data, MENTIONS, {})!;
      await download.next();
      started.push(download);
    }
    assertEquals(streamList(data, MENTIONS, {}), undefined, "a ninth download began");
    const deadline = performance.now() + 20_000;
    while (streamList(data, MENTIONS, {}) === undefined) {
      assert(performance.now() < deadline, "idle downloads keep their places");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await assertRejects(() => started[0]!.next(), Error, "idle");
  } finally {
    data.close();
  }
});

Deno.test("graphData() lays out two graphs at a time, and refuses where too many wait", async () => {
  const data = await open();
  try {
    const graphs = Array.from({ length: 40 }, (_, at) => graphData(data, { edges: at + 1 }));
    const ended = await Promise.allSettled(graphs);
    const refused = ended.filter((it) => it.status === "rejected");
    assertEquals(refused.length, 30);
    assert(refused.every((it) => it.reason instanceof TooBusy));
    // what was refused is not remembered as refused
    assert((await graphData(data, { edges: 40 })).nodes.length > 0);
  } finally {
    data.close();
  }
});

Deno.test("openNewest() skips a snapshot that cannot be opened, and says which and why", async () => {
  const paths = sitePaths(root, "small");
  const good = (await newestSnapshot(paths, "final"))!;
  await buildFinalOf(root);
  const bad = (await newestSnapshot(paths, "final"))!;
  await Deno.chmod(bad.file, 0o644);
  await Deno.writeTextFile(bad.file, "this is not a database");
  const warnings: string[] = [];
  const data = await openNewest(paths, { ...QUIET, warn: (text) => void warnings.push(text) });
  assertEquals(data!.snapshot.name, good.name);
  assertEquals(warnings.length, 1);
  assert(warnings[0]!.includes(join("small", `${bad.name}`)), warnings[0]);
  data!.close();
});
