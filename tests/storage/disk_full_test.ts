import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { walk } from "@std/fs/walk";
import { type SitePaths, sitePaths } from "../../lib/storage/paths.ts";
import { startCodeHost } from "../../lib/demo/services/code_host.ts";
import { demoCode } from "../../lib/demo/code/repositories.ts";
import { startCodeSearch } from "../../lib/demo/services/code_search.ts";
import { hostRepositories } from "../../lib/demo/code/hosted_repositories.ts";
import { startPackageIndex } from "../../lib/demo/services/package_index.ts";
import { startPortal } from "../../lib/demo/services/portal.ts";
import { DownloadRun } from "../../lib/storage/download_run.ts";
import { appendRun, readRuns, type RunRecord } from "../../lib/pipeline/run_log.ts";
import { readJournal } from "../../lib/storage/sealed_run.ts";
import { listSnapshotDatabases, listSnapshots } from "../../lib/storage/snapshots.ts";
import { runTaskWith } from "../helpers/backup_tasks.ts";
import { SmallDisk } from "../helpers/small_disk.ts";

const SITE = "small";
const ROOMY = 256e6;
/** Bytes that are free when a stage begins: it finds the disk full at its begin or in its middle. */
const FREE: Record<string, number[]> = {
  "01_download_datasets": [0, 16_000],
  "02_insert_datasets": [0, 1e6],
  "03_clean_datasets": [1e6],
  "04_download_search_results": [16_000],
  "05_insert_search_results": [256_000],
  "06_download_repositories": [16_000],
  "07_download_dependents": [12_000],
  "08_insert_dependents": [65_000],
  "09_build_final": [4e6],
  "10_deliver": [1e6],
};

const DISK = await SmallDisk.mount(ROOMY);
const LACK = typeof DISK === "string" ? DISK : undefined;
if (LACK === undefined) await (DISK as SmallDisk).unmount();
else console.error(`Skipped, the tests with a full disk: ${LACK}`);

async function onSmallDisk(test: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const disk = await SmallDisk.mount(ROOMY) as SmallDisk;
  try {
    await test(disk);
  } finally {
    await disk.unmount();
  }
}

/** The demo's services, and a config that names them. */
async function withServices(test: (config: string) => Promise<void>): Promise<void> {
  const datasets = 60;
  const { repositories } = demoCode({ datasets, repositories: 30 });
  const hosted = hostRepositories(repositories);
  const portal = startPortal({ datasets });
  const search = startCodeSearch({ repositories });
  const host = startCodeHost({ repositories: hosted, token: "demo" });
  const index = startPackageIndex({ repositories: hosted });
  const folder = await Deno.makeTempDir();
  const table = (values: Record<string, string>) =>
    Object.entries(values).map(([key, value]) => `${key} = "${value}"`).join("\n");
  try {
    const config = join(folder, "small.toml");
    await Deno.writeTextFile(
      config,
      `[site]
short_name = "${SITE}"
package_search_endpoint_url = "${portal.endpointUrl}"
portal_hosts = ["data.port-aurelia.example"]
[download]
page_size = 20
requests_per_second = 1000
[code_search]
backend = "sourcegraph"
endpoint_url = "${search.url}"
requests_per_second = 1000
[repositories]
${table(host.config)}
[dependents]
${table(index.config)}
`,
    );
    await test(config);
  } finally {
    await Promise.all([portal, search, host, index].map((service) => service.close()));
    await Deno.remove(folder, { recursive: true });
  }
}

/** Everything that later stages and people take for finished. */
async function published(paths: SitePaths): Promise<string[]> {
  const found: string[] = [];
  for (const database of await listSnapshotDatabases(paths)) {
    // a snapshot without its manifest makes this throw
    found.push(...(await listSnapshots(paths, database)).map(({ name }) => name));
  }
  for await (const { path } of walk(join(paths.root, SITE), { includeDirs: false })) {
    if (/\/downloads\/.*\/manifest\.json$|\/delivery\//.test(path)) found.push(path);
  }
  return found.sort();
}

Deno.test({
  name:
    "every stage ends with one line on a full disk, publishes nothing half, and continues when there is room",
  ignore: LACK !== undefined,
  fn: () =>
    onSmallDisk((disk) =>
      withServices(async (config) => {
        const root = disk.path("artifacts");
        const paths = sitePaths(root, SITE);
        await Deno.mkdir(join(root, SITE), { recursive: true });
        const run = (task: string) =>
          runTaskWith({ GITHUB_TOKEN: "demo", ARTIFACTS_DIR: root }, task, "--config-file", config);
        for (const [task, sizes] of Object.entries(FREE)) {
          const before = await published(paths);
          for (const bytes of sizes) {
            await disk.leave(bytes);
            const { code, stderr } = await run(task);
            assertEquals(code, 1, `${task} with ${bytes} bytes: ${stderr}`);
            const errors = stderr.trimEnd().split("\n").filter((line) => !line.startsWith(task));
            assertEquals(errors.length, 1, stderr);
            assertMatch(
              errors[0]!,
              /^Cannot .*: no space left on the disk of ".*": make room, then run the same command again; what was finished is kept$/,
            );
            assertEquals(await published(paths), before, `${task} with ${bytes} bytes`);
          }
          await disk.leave(ROOMY);
          const { code, stderr } = await run(task);
          assertEquals(code, 0, `${task} with room: ${stderr}`);
          assert((await published(paths)).length > before.length, task);
        }
        const left = await Array.fromAsync(walk(root, { match: [/\.part$|\/\.building_/] }));
        assertEquals(left.map(({ path }) => path), []);
        const { runs } = await readRuns(paths);
        const complete = runs.filter(({ status }) => status === "complete");
        assertEquals(complete.map(({ stage }) => stage), Object.keys(FREE));
      })
    ),
});

Deno.test({
  name: "DownloadRun.append() and appendRun() spoil no line by one that a full disk cut",
  ignore: LACK !== undefined,
  fn: () =>
    onSmallDisk(async (disk) => {
      const paths = sitePaths(disk.path("artifacts"), SITE);
      const now = new Date("2026-11-24T03:41:49Z");
      const run = await DownloadRun.begin(paths, "datasets", {}, now);
      await run.append("first", null, { text: "x".repeat(100) }, now);
      const record: RunRecord = {
        stage: "01_download_datasets",
        started_at: now.toISOString(),
        finished_at: now.toISOString(),
        seconds: 0,
        status: "failed",
        exit: 1,
      };
      appendRun(paths, record);
      await disk.leave(0);
      // each file has some room left in its last block
      const long = "x".repeat(6000);
      let failures = 0;
      await run.append("long", null, { text: long }, now).catch(() => failures++);
      try {
        appendRun(paths, { ...record, error: long });
      } catch {
        failures++;
      }
      assertEquals(failures, 2);
      await disk.leave(ROOMY);
      await run.append("last", null, {}, now);
      run.close();
      appendRun(paths, { ...record, stage: "02_insert_datasets" });
      const { entries } = await readJournal(run.folder);
      assertEquals(entries.map(({ key }) => key), ["first", "last"]);
      const stages = (await readRuns(paths)).runs.map(({ stage }) => stage);
      assertEquals(stages, ["01_download_datasets", "02_insert_datasets"]);
    }),
});
