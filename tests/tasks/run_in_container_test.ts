import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { newestDownload } from "../../lib/storage/merged_downloads.ts";
import { BUCKET, type Ran, runTaskWith } from "../helpers/backup_tasks.ts";
import { findFakeGcs, startFakeGcs } from "../../tasks/bench/fake_gcs.ts";
import { inShards } from "../helpers/in_shards.ts";
import { ServedSite } from "../helpers/served_site.ts";
import { StorageServer } from "../helpers/storage_server.ts";

/** Jobs of containers as Kubernetes starts them: what they share is the bucket, each has an empty disk. */

const OF = 8;

/** fake-gcs-server where it is installed, or the tests' own server. */
async function startBucket(folder: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const program = await findFakeGcs();
  if (program === undefined) {
    const server = await StorageServer.start();
    return { url: server.url, stop: () => server.stop() };
  }
  await Deno.mkdir(join(folder, BUCKET.GCP_BUCKET), { recursive: true });
  return await startFakeGcs(program, folder);
}

Deno.test("runInContainer() in an Indexed Job of eight, then in one container, gives what one process gives", async () => {
  let isDown = true;
  const isLaterPageOfShard2 = (path: string) =>
    /fq=id:\{"4/.test(decodeURIComponent(path.replaceAll("+", " ")));
  const portal = {
    faults: (_: number, path: string) =>
      isDown && isLaterPageOfShard2(path) ? "503" as const : undefined,
  };
  const sizes = { datasets: 240, repositories: 1, pageSize: 8 };
  await ServedSite.with({ ...sizes, portal }, async (site) => {
    const bucket = await startBucket(join(site.root, "bucket"));
    try {
      await site.configure("attempts = 1");
      const backup = `\n[backup]\napi_endpoint = "${bucket.url}"\n`;
      await Deno.writeTextFile(site.config, backup, { append: true });
      const container = (disk: string, stages: string, env: Record<string, string>) =>
        runTaskWith(
          { ARTIFACTS_DIR: join(site.root, disk), ...BUCKET, ...env },
          "run_in_container",
          ...["--config-file", site.config],
          ...["--from", stages.slice(0, 2), "--to", stages.slice(3)],
        );
      const pod = (shard: string, attempt = 1): Promise<Ran> => {
        const [index] = shard.split("/");
        const env = { JOB_COMPLETION_INDEX: index!, SHARD_COUNT: String(OF) };
        return container(`pod_${index}_${attempt}`, "01-01", env);
      };
      const pods = await inShards(OF, pod);
      for (const [index, { code, stderr }] of pods.entries()) {
        assertEquals(code, index === 2 ? 3 : 0, stderr);
      }
      // Kubernetes starts the failed index once more, on an empty disk
      isDown = false;
      const before = site.portal.requests.count;
      const again = await pod("2/8", 2);
      assertEquals(again.code, 0, again.stderr);
      const first = site.portal.requests.log.filter(({ number, path }) =>
        number > before && path.includes("rows=8") && !isLaterPageOfShard2(path)
      );
      assertEquals(first, [], "the page that was in the bucket was requested again");

      const insert = await container("insert", "02-03", {});
      assertEquals(insert.code, 0, insert.stderr);
      assertEquals((await site.run("one", "pipeline", "--to", "03")).code, 0);
      await site.assertSameTables("insert", "one", "ckan_api", { without: ["record_number"] });
      await site.assertSameTables("insert", "one", "clean_ckan_api");
      const harvest = (await newestDownload(site.paths("insert"), "datasets"))!;
      assertEquals(harvest.runs.length, OF);

      const reader = await container("reader", "03-03", {});
      assertEquals(reader.code, 0, reader.stderr);
      assertMatch(reader.stderr, /03_clean_datasets +up to date/);
    } finally {
      await bucket.stop();
    }
  });
});

Deno.test("runInContainer() ends with 2 and one line for an environment that names no shard", async () => {
  await ServedSite.with({ datasets: 1, repositories: 1, pageSize: 8 }, async (site) => {
    const server = await StorageServer.start();
    try {
      const backup = `\n[backup]\napi_endpoint = "${server.url}"\n`;
      await Deno.writeTextFile(site.config, backup, { append: true });
      const env = { ...BUCKET, ARTIFACTS_DIR: join(site.root, "pod"), JOB_COMPLETION_INDEX: "8" };
      const { code, stderr } = await runTaskWith(
        { ...env, SHARD_COUNT: "8" },
        ...["run_in_container", "--config-file", site.config] as const,
        ...["--from", "01", "--to", "01"],
      );
      assertEquals(code, 2, stderr);
      assertStringIncludes(stderr, 'JOB_COMPLETION_INDEX "8" with SHARD_COUNT "8" is not a shard');
    } finally {
      await server.stop();
    }
  });
});
