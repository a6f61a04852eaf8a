import { join } from "node:path";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { listNames, sitePaths } from "../../lib/storage/paths.ts";
import { lock } from "../../lib/pipeline/lock.ts";
import { noise, writeSnapshot } from "../helpers/artifact_tree.ts";
import { runTaskWith, withBucket } from "../helpers/backup_tasks.ts";

const HERE = { GCP_BUCKET: "", GCP_PROJECT: "" };

/** Two months of catalogues and what was made from them; names without the database's time. */
async function writeHistory(root: string): Promise<void> {
  const days = ["20261003", "20261010", "20261031", "20261101", "20261108", "20261115", "20261122"];
  for (const [index, day] of days.entries()) {
    const name = (database: string, of = day) => `${database}_${of}T030000Z`;
    await writeSnapshot(root, name("ckan_api"), noise(3000, index));
    await writeSnapshot(root, name("clean_ckan_api"), noise(2000, index), [name("ckan_api")]);
  }
  // made from an old catalogue, and from all that came before it for the trend
  const old = ["20261003", "20261010"].map((day) => `clean_ckan_api_${day}T030000Z`);
  await writeSnapshot(root, "final_20261122T040000Z", noise(1000, 1), old);
}

async function inHistory(
  test: (
    it: {
      root: string;
      prune: (env: Record<string, string>, ...args: string[]) => ReturnType<typeof runTaskWith>;
      left: () => Promise<string[]>;
    } & Pick<Parameters<Parameters<typeof withBucket>[0]>[0], "server" | "run">,
  ) => Promise<void>,
) {
  await withBucket(async ({ folder, server, run }) => {
    const root = join(folder, "history");
    await writeHistory(root);
    const config = join(folder, "small.toml");
    await test({
      root,
      server,
      run: (task, ...args) => run(task, "--artifacts-dir", root, ...args),
      prune: (env, ...args) =>
        runTaskWith({ ARTIFACTS_DIR: root, ...env }, "prune", "--config-file", config, ...args),
      left: () => listNames(sitePaths(root, "small").snapshots, () => true),
    });
  });
}

/** What a table says of each snapshot that goes, or stays for a reason that matches. */
function named(table: string, line: RegExp): string[] {
  return table.split("\n").filter((it) => line.test(it)).map((it) => it.trim().split(/ +/)[1]!);
}

Deno.test("prune() keeps the newest, one a month and what these were made from, and says why", async () => {
  await inHistory(async ({ root, prune, left }) => {
    const all = await left();
    const dry = await prune(HERE, "--keep", "2", "--dry-run");
    assertEquals(dry.code, 0, dry.stderr);
    assertEquals(await left(), all);
    const going = [
      "ckan_api_20261003T030000Z.db",
      "ckan_api_20261101T030000Z.db",
      "ckan_api_20261108T030000Z.db",
      "clean_ckan_api_20261003T030000Z.db",
      "clean_ckan_api_20261101T030000Z.db",
      "clean_ckan_api_20261108T030000Z.db",
    ];
    assertEquals(named(dry.stdout, /^ {2}goes /), going);
    assertEquals(named(dry.stdout, /the last of 2026-10$/), [
      "ckan_api_20261031T030000Z.db",
      "clean_ckan_api_20261031T030000Z.db",
    ]);
    assertMatch(
      dry.stdout,
      /stays +clean_ckan_api_20261010\S+ +2\.\d kB +final_20261122T040000Z\.db was made from it\n/,
    );
    assertMatch(
      dry.stdout,
      /stays +ckan_api_20261010\S+ +3\.\d kB +clean_ckan_api_20261010T030000Z\.db was made from it\n/,
    );
    assertMatch(dry.stderr, /Dry run: 6 of 15 snapshots of small would go and free 1\d\.\d kB/);
    assertStringIncludes(dry.stderr, "no bucket is named (GCP_BUCKET)");

    // snapshots cannot be written, and can be removed
    for (const name of all) await Deno.chmod(join(sitePaths(root, "small").snapshots, name), 0o444);
    const real = await prune(HERE, "--keep", "2");
    assertEquals([real.code, real.stdout], [0, dry.stdout]);
    const gone = going.flatMap((name) => [name, name.replace(/db$/, "json")]);
    assertEquals(await left(), all.filter((name) => !gone.includes(name)));
    assertMatch((await prune(HERE, "--keep", "2")).stderr, /0 of 9 snapshots of small removed/);
  });
});

Deno.test("prune() removes nothing that the bucket has not, or has otherwise", async () => {
  await inHistory(async ({ server, run, prune, left }) => {
    const env = { GCP_BUCKET: "bucket", GCP_PROJECT: "project" };
    const all = await left();
    const before = await prune(env);
    assertEquals(before.code, 0, before.stderr);
    assertEquals(await left(), all);
    assertEquals(named(before.stdout, / it is not in gs:\/\/bucket\/$/).length, 4);

    assertEquals((await run("11_back_up_artifacts")).code, 0);
    server.objects.set("read_only/small/ckan_api_20261003T030000Z.db", noise(3000, 99));
    server.objects.delete("read_only/small/clean_ckan_api_20261003T030000Z.json");
    const after = await prune(env);
    assertEquals(named(after.stdout, /^ {2}goes /), [
      "ckan_api_20261101T030000Z.db",
      "clean_ckan_api_20261101T030000Z.db",
    ]);
    assertMatch(
      after.stdout,
      /clean_ckan_api_20261003\S+ +\S+ kB +its manifest is not in gs:\/\/bucket\/\n/,
    );
    assertEquals((await left()).length, all.length - 4);
  });
});

Deno.test("prune() refuses while a stage of the site runs, and odd numbers", async () => {
  await inHistory(async ({ root, prune, left }) => {
    const all = await left();
    const unlock = await lock(sitePaths(root, "small"), "09_build_final");
    const refused = await prune(HERE, "--keep", "1");
    unlock();
    assertEquals([refused.code, refused.stdout], [1, ""]);
    assertMatch(
      refused.stderr,
      /^Cannot prune the snapshots: "09_build_final" is running \(.*\): wait for it to end or stop it\n$/,
    );
    const odd = await prune(HERE, "--keep", "0");
    assertEquals([odd.code, odd.stderr], [
      2,
      'Cannot prune the snapshots: --keep "0" is not a whole number of at least 1\n',
    ]);
    assertEquals(await left(), all);
  });
});
