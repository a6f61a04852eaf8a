import { join } from "node:path";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { sitePaths } from "../../lib/storage/paths.ts";
import { DownloadRun } from "../../lib/storage/download_run.ts";
import { withBucket } from "../helpers/backup_tasks.ts";

const DATABASE = "read_only/small/ckan_api_20261124T034149Z.db";
const RUN = "small/downloads/datasets/20261124T030000Z";

Deno.test("verifyArtifacts() finds nothing wrong with a fresh backup", async () => {
  await withBucket(async ({ server, run }) => {
    assertEquals((await run("11_back_up_artifacts")).code, 0);
    const before = server.log.length;
    const { code, stdout, stderr } = await run("verify_artifacts");
    assertEquals([code, stdout], [0, ""], stderr);
    // one list, and every object with anything in it once
    assertEquals(server.log.length - before, 1 + 18);
    assertMatch(stderr, /gs:\/\/bucket\/: 19 files \(17.1 MB\), all as they should be/);
    assertStringIncludes(stderr, ".building_final.db");
  });
});

Deno.test("verifyArtifacts() finds nothing wrong with a run as the stages write it", async () => {
  await withBucket(async ({ root, run }) => {
    const now = new Date("2026-11-27T03:00:00Z");
    const download = await DownloadRun.begin(sitePaths(root, "small"), "datasets", {}, now);
    await download.append("page 1", new TextEncoder().encode("x".repeat(1000)), {}, now);
    await download.seal({ complete: true, reasons: [], counts: {} }, now);
    download.close();
    const { code, stdout } = await run("verify_artifacts", "--local");
    assertEquals([code, stdout], [0, ""]);
  });
});

Deno.test("verifyArtifacts() names each file here that is damaged, cut or missing", async () => {
  await withBucket(async ({ root, run }) => {
    assertEquals((await run("11_back_up_artifacts")).code, 0);
    const spoil = async (path: string, change: (bytes: Uint8Array) => Uint8Array) => {
      const file = join(root, path);
      const { mtime } = await Deno.stat(file);
      await Deno.writeFile(file, change(await Deno.readFile(file)));
      await Deno.utime(file, mtime!, mtime!);
    };
    const flip = (bytes: Uint8Array) => {
      bytes[bytes.length >> 1]! ^= 1;
      return bytes;
    };
    await spoil(DATABASE, flip);
    await spoil("read_only/small/final_20261125T040000Z.db", (bytes) => bytes.subarray(0, 1000));
    await spoil(`${RUN}/000002.gz`, flip);
    await spoil("small/delivery/report.html", flip);
    await Deno.remove(join(root, `${RUN}/000004.gz`));
    for (const flags of [[], ["--local"]]) {
      const { code, stdout, stderr } = await run("verify_artifacts", ...flags);
      assertEquals(code, 1);
      const lines = stdout.trim().split("\n");
      assertEquals(lines.map((line) => /^"([^"]+)" is (\w+)/.exec(line)?.slice(1)), [
        [DATABASE, "damaged"],
        ["read_only/small/final_20261125T040000Z.db", "cut"],
        ["small/delivery/report.html", "damaged"],
        [`${RUN}/000002.gz`, "damaged"],
        [`${RUN}/000004.gz`, "missing"],
      ]);
      assertStringIncludes(stderr, "Cannot vouch for the artifacts: 5 faults");
    }
  });
});

Deno.test("verifyArtifacts() names what has rotted or is missing in the bucket", async () => {
  await withBucket(async ({ server, run }) => {
    assertEquals((await run("11_back_up_artifacts")).code, 0);
    server.objects.get(DATABASE)![40_000]! ^= 4;
    server.objects.delete(`${RUN}/000003.gz`);
    const { code, stdout } = await run("verify_artifacts");
    assertEquals(code, 1);
    const lines = stdout.trim().split("\n");
    assertEquals(lines.map((line) => line.split('"')[1]), [
      `gs://bucket/${DATABASE}`,
      `${RUN}/000003.gz`,
    ]);
    assertMatch(lines[1]!, /is missing in gs:\/\/bucket\//);
  });
});
