import { join } from "node:path";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs/exists";
import { noise, write, writeRun } from "../helpers/artifact_tree.ts";
import { withBucket } from "../helpers/backup_tasks.ts";

const BACK_UP = "11_back_up_artifacts";
const DATABASE = "read_only/small/ckan_api_20261124T034149Z.db";
const SEAL = "small/downloads/datasets/20261124T030000Z/manifest.json";

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isFile) found.push(entry.name);
    else {found.push(...(await filesIn(join(folder, entry.name))).map((it) =>
        `${entry.name}/${it}`
      ));}
  }
  return found.sort();
}

Deno.test("restoreArtifacts() restores a database, or what was at a time, as requested", async () => {
  await withBucket(async ({ folder, run }) => {
    assertEquals((await run(BACK_UP)).code, 0);
    const one = join(folder, "one");
    const named = await run(
      "restore_artifacts",
      "--database",
      "ckan_api",
      "--site",
      "small",
      "--artifacts-dir",
      one,
    );
    assertEquals(named.code, 0, named.stderr);
    assertEquals(await filesIn(one), [
      "read_only/small/ckan_api_20261124T034149Z.db",
      "read_only/small/ckan_api_20261124T034149Z.json",
      "read_only/small/ckan_api_20261125T034149Z.db",
      "read_only/small/ckan_api_20261125T034149Z.json",
    ]);
    assertEquals((await Deno.stat(join(one, DATABASE))).mode! & 0o777, 0o444);

    const then = join(folder, "then");
    const time = ["--time", "20261125T035000Z", "--artifacts-dir", then];
    assertEquals((await run("restore_artifacts", ...time)).code, 0);
    assertEquals((await filesIn(then)).filter((name) => !name.endsWith(".gz")), [
      "read_only/small/ckan_api_20261125T034149Z.db",
      "read_only/small/ckan_api_20261125T034149Z.json",
      "small/downloads/datasets/20261124T030000Z/journal.ndjson",
      "small/downloads/datasets/20261124T030000Z/manifest.json",
      "small/downloads/datasets/20261124T030000Z/run.json",
    ]);
  });
});

Deno.test("restoreArtifacts() restores with a harvest those that it continues from, and every shard", async () => {
  await withBucket(async ({ folder, root, run }) => {
    const names = ["27T010000Z", "28T010000Z", "29T010000Z"].map((name) => `202611${name}`);
    const shards = ["26T020000Z_shard_0_of_2", "27T020000Z_shard_1_of_2", "28T020000Z_shard_1_of_2"]
      .map((name) => `202611${name}`);
    for (const name of [...names, ...shards]) await writeRun(root, name, 1, true);
    for (const [index, name] of names.entries()) {
      const seal = join(root, "small/downloads/datasets", name, "manifest.json");
      const details = index === 2 ? { parent: names[0] } : {};
      await Deno.writeTextFile(seal, JSON.stringify({ complete: true, entries: 1, details }));
    }
    assertEquals((await run(BACK_UP)).code, 0);
    const then = join(folder, "then");
    const time = ["--time", "99991231T235959Z", "--artifacts-dir", then];
    assertEquals((await run("restore_artifacts", ...time)).code, 0);
    const runs = (await filesIn(then)).filter((path) => path.endsWith("/manifest.json"))
      .map((path) => path.split("/").at(-2)!);
    assertEquals(runs.sort(), [names[0]!, names[2]!, shards[0]!, shards[2]!].sort());
  });
});

Deno.test("restoreArtifacts() takes the newest version, and keeps this machine's list of runs", async () => {
  await withBucket(async ({ folder, root, run }) => {
    assertEquals((await run(BACK_UP)).code, 0);
    await write(root, "small/delivery/report.html", "<p>new</p>");
    assertEquals((await run(BACK_UP)).code, 0);
    const into = join(folder, "back");
    await write(into, "small/runs.ndjson", "own\n");
    const { code, stderr } = await run("restore_artifacts", "--artifacts-dir", into);
    assertEquals(code, 0, stderr);
    assertEquals(await Deno.readTextFile(join(into, "small/delivery/report.html")), "<p>new</p>");
    assertEquals(await Deno.readTextFile(join(into, "small/runs.ndjson")), "own\n");
  });
});

Deno.test("restoreArtifacts() refuses to overwrite what differs, and restores the rest", async () => {
  await withBucket(async ({ folder, run }) => {
    assertEquals((await run(BACK_UP)).code, 0);
    const into = join(folder, "back");
    await write(into, DATABASE, noise(50_000, 5));
    const { code, stderr } = await run("restore_artifacts", "--artifacts-dir", into);
    assertEquals(code, 1);
    assertMatch(
      stderr,
      /Cannot restore artifacts: "read_only.*\.db" differs from "gs:\/\/bucket\//,
    );
    assertEquals(await Deno.readFile(join(into, DATABASE)), noise(50_000, 5));
    assertEquals((await filesIn(into)).length, 19);
  });
});

Deno.test("restoreArtifacts() shows nothing whose bytes are not those of the list", async () => {
  await withBucket(async ({ server, folder, run }) => {
    assertEquals((await run(BACK_UP)).code, 0);
    // the bytes rot where they lie; the list still says what came
    server.objects.get(DATABASE)![77]! ^= 1;
    server.objects.get("small/downloads/datasets/20261124T030000Z/000002.gz")![50]! ^= 1;
    const into = join(folder, "back");
    const { code, stderr } = await run("restore_artifacts", "--artifacts-dir", into);
    assertEquals(code, 1);
    assertStringIncludes(stderr, `what gs://bucket/${DATABASE} gives has crc32c`);
    assertEquals(await exists(join(into, DATABASE)), false);
    // a run is not sealed before its answers are there
    assertEquals(await exists(join(into, SEAL)), false);
    assertEquals((await filesIn(into)).filter((name) => name.endsWith(".part")), []);
  });
});

Deno.test("restoreArtifacts() leaves names alone that lead out of the folder", async () => {
  await withBucket(async ({ server, folder, run }) => {
    assertEquals((await run(BACK_UP)).code, 0);
    for (
      const name of [
        "../evil",
        "/evil",
        "small/../../evil",
        "small//evil",
        "small/a\\..\\evil",
        "small/locks/evil",
        "evil",
        "small/.evil",
      ]
    ) {
      server.objects.set(name, noise(3, 1));
    }
    const into = join(folder, "deep", "back");
    assertEquals((await run("restore_artifacts", "--artifacts-dir", into)).code, 0);
    assertEquals((await filesIn(join(folder, "deep"))).filter((it) => it.includes("evil")), []);
    assertEquals(await exists(join(folder, "evil")), false);
  });
});
