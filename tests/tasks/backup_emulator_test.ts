import { join } from "node:path";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { hashesOf, noise, write, writeConfig, writeTree } from "../helpers/artifact_tree.ts";
import { BUCKET, runTaskWith } from "../helpers/backup_tasks.ts";
import { findFakeGcs, startFakeGcs } from "../../tasks/bench/fake_gcs.ts";

const program = await findFakeGcs();
if (program === undefined) {
  console.log(
    'Skipping the tests against fake-gcs-server: run "go install github.com/fsouza/fake-gcs-server@v1.56.1" to have them',
  );
}

Deno.test({
  name: "the backup's tasks work against fake-gcs-server",
  ignore: program === undefined,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const bucket = join(folder, "bucket_root");
    await Deno.mkdir(bucket);
    const emulator = await startFakeGcs(program!, bucket);
    try {
      const root = join(folder, "artifacts");
      await writeTree(root);
      // names that need escaping on the way
      await write(root, "small/delivery/exports/ä b+c%20#?&.csv", noise(20_000, 4));
      const config = await writeConfig(folder, emulator.url);
      const run = (task: string, ...args: string[]) =>
        runTaskWith({ ARTIFACTS_DIR: root, ...BUCKET }, task, "--config-file", config, ...args);

      const made = await run("create_bucket", "--location", "EU");
      assertEquals(made.code, 0, made.stderr);
      const first = await run("11_back_up_artifacts");
      assertEquals(first.code, 0, first.stderr);
      const second = await run("11_back_up_artifacts");
      assertMatch(second.stderr, /0 files \(0 B\) uploaded .* 20 were there · 1 request ·/);

      const into = join(folder, "back");
      const restored = await run("restore_artifacts", "--artifacts-dir", into);
      assertEquals(restored.code, 0, restored.stderr);
      const here = await hashesOf(root);
      for (const path of Object.keys(here)) {
        if (/1126T|\.part$|\.building_/.test(path)) delete here[path];
      }
      assertEquals(await hashesOf(into), here);
      const verified = await run("verify_artifacts");
      assertEquals([verified.code, verified.stdout], [0, ""], verified.stderr);

      const name = "read_only/small/ckan_api_20261124T034149Z.db";
      const file = join(bucket, "bucket", name);
      const bytes = await Deno.readFile(file);
      bytes[123]! ^= 2;
      await Deno.writeFile(file, bytes);
      const damaged = await run("verify_artifacts");
      assertEquals(damaged.code, 1);
      assertStringIncludes(damaged.stdout, `"gs://bucket/${name}" is damaged`);
      assertEquals(damaged.stdout.trim().split("\n").length, 1);
    } finally {
      await emulator.stop();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
