import { join } from "node:path";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { faultsByRate } from "../../lib/demo/services/service.ts";
import { until } from "../helpers/until.ts";
import { hashesOf, noise, write, writeRun, writeSnapshot } from "../helpers/artifact_tree.ts";
import { BUCKET, runTaskWith, taskArgs, withBucket } from "../helpers/backup_tasks.ts";
import { STORAGE_FAULTS } from "../helpers/storage_server.ts";

const TASK = "11_back_up_artifacts";
const FINAL = "read_only/small/final_20261125T040000Z.db";

Deno.test("backUpArtifacts() uploads what is finished and leaves out the rest", async () => {
  await withBucket(async ({ server, root, run }) => {
    const dry = await run(TASK, "--dry-run");
    assertEquals([dry.code, server.objects.size], [0, 0]);
    assertStringIncludes(dry.stdout, `${FINAL} → gs://bucket/${FINAL}`);

    const first = await run(TASK);
    assertEquals(first.code, 0, first.stderr);
    const names = [...server.objects.keys()].sort();
    assertEquals(names.length, 19);
    assertEquals(names.filter((name) => /lock|part|building|1126T|checksums/.test(name)), []);
    for (const name of names.filter((name) => !name.endsWith("runs.ndjson"))) {
      assertEquals(server.objects.get(name), await Deno.readFile(join(root, name)), name);
    }
    assertStringIncludes(first.stderr, "the download has not come to its end");

    const careless = server.log.filter((line) =>
      line.startsWith("POST /upload") && !line.includes("ifGenerationMatch=0")
    );
    assertEquals(careless, []);

    const before = server.log.length;
    const second = await run(TASK);
    assertEquals([second.code, server.log.length - before], [0, 1], second.stderr);
    assertMatch(second.stderr, /0 files \(0 B\) uploaded .* 19 were there · 1 request ·/);
  });
});

Deno.test("backUpArtifacts() gives what may change a further name and overwrites nothing", async () => {
  await withBucket(async ({ server, root, run }) => {
    await writeRun(root, "20261127T030000Z", 2, false);
    await write(root, "small/downloads/datasets/20261127T030000Z/000003.gz", "not in the journal");
    assertEquals((await run(TASK)).code, 0);
    const grown = "small/downloads/datasets/20261127T030000Z";
    assertEquals(server.objects.has(`${grown}/000003.gz`), false);

    await writeRun(root, "20261127T030000Z", 4, true);
    await write(root, "small/delivery/report.html", "<p>new report</p>");
    const { code, stderr } = await run(TASK);
    assertEquals(code, 0, stderr);
    assertEquals(server.objects.has(`${grown}/000004.gz`), true);
    const versions = [...server.objects.keys()].filter((name) => name.includes("@"));
    assertEquals(versions.map((name) => name.replace(/@\d{8}T\d{6}Z$/, "@")).sort(), [
      "small/delivery/report.html@",
      `${grown}/journal.ndjson@`,
      `${grown}/manifest.json@`,
      "small/runs.ndjson@",
    ]);
    const old = server.objects.get("small/delivery/report.html")!;
    assertEquals(new TextDecoder().decode(old), "<p>report</p>");
  });
});

Deno.test("backUpArtifacts() gives its list of runs a later name when another machine is faster with the first", async () => {
  await withBucket(async ({ server, run }) => {
    const theirs = new TextEncoder().encode("theirs");
    server.faults = (_, url) => {
      const name = new URL(url, server.url).searchParams.get("name");
      if (name === "small/runs.ndjson") {
        server.objects.set("small/runs.ndjson", theirs);
      }
      return undefined;
    };
    const { code, stderr } = await run(TASK);
    assertEquals(code, 0, stderr);
    assertEquals(server.objects.get("small/runs.ndjson"), theirs);
    const names = [...server.objects.keys()].filter((name) => name.includes("@"));
    assertEquals(names.map((name) => name.replace(/\d{8}T\d{6}Z$/, "")), ["small/runs.ndjson@"]);
  });
});

Deno.test("backUpArtifacts() names both when a name has other content, after the rest is done", async () => {
  await withBucket(async ({ server, run }) => {
    const other = noise(50_000, 99);
    server.objects.set("read_only/small/ckan_api_20261124T034149Z.db", other);
    const { code, stderr } = await run(TASK);
    assertEquals(code, 1);
    assertMatch(
      stderr.trim().split("\n").at(-1)!,
      /^Cannot back up artifacts: "read_only\/small\/ckan_api_20261124T034149Z.db" \(50,000 bytes, crc32c .*\) differs from "gs:\/\/bucket\/read_only\/small\/ckan_api_20261124T034149Z.db" \(50,000 bytes/,
    );
    assertEquals(server.objects.get("read_only/small/ckan_api_20261124T034149Z.db"), other);
    assertEquals(server.objects.size, 19);
  });
});

Deno.test("backUpArtifacts() holds back a database that is not what its manifest says", async () => {
  await withBucket(async ({ server, root, run }) => {
    for (const path of [FINAL, "read_only/small/ckan_api_20261124T034149Z.db"]) {
      const bytes = await Deno.readFile(join(root, path));
      bytes[1000]! ^= 1;
      await Deno.writeFile(join(root, path), bytes);
    }
    const { code, stderr } = await run(TASK);
    assertEquals([code, server.objects.has(FINAL), server.objects.size], [1, false, 17]);
    assertMatch(stderr, /final_20261125T040000Z.db": ".*" is damaged or was changed/);
  });
});

Deno.test("backUpArtifacts() uploads everything rightly when a fifth of the requests fail", async () => {
  await withBucket(async ({ server, folder, root, run }) => {
    await writeSnapshot(root, "big_20261125T050000Z", noise(50_000_000, 7));
    for (const seed of [1]) {
      server.objects.clear();
      server.faults = faultsByRate(0.2, STORAGE_FAULTS, seed);
      const { code, stderr } = await run(TASK);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stderr, "trying again");
      const into = join(folder, `back_${seed}`);
      const restored = await run("restore_artifacts", "--artifacts-dir", into);
      assertEquals(restored.code, 0, restored.stderr);
      const here = await hashesOf(root);
      const back = await hashesOf(into);
      for (const path of Object.keys(here)) {
        if (/1126T|\.part$|\.building_/.test(path)) delete here[path];
      }
      assertEquals(back, here);
    }
  });
});

Deno.test("backUpArtifacts() continues with a large file after a kill", async () => {
  await withBucket(async ({ server, folder, root, run }) => {
    await writeSnapshot(root, "big_20261125T050000Z", noise(80_000_000, 7));
    const name = "read_only/small/big_20261125T050000Z.db";
    // two large files; after two of their four chunks nothing gets an answer
    const chunks = () => server.log.filter((line) => line.startsWith("PUT")).length;
    server.faults = () => chunks() > 2 ? "stall" : undefined;
    const config = join(folder, "small.toml");
    const process = new Deno.Command(Deno.execPath(), {
      args: [...await taskArgs(TASK), "--config-file", config],
      env: { ARTIFACTS_DIR: root, ...BUCKET },
      stderr: "null",
    }).spawn();
    await until("three chunks", () => chunks() >= 3);
    process.kill("SIGKILL");
    await process.status;
    assertEquals(server.objects.has(name), false);

    server.faults = () => undefined;
    const before = server.log.length;
    const { code, stderr } = await run(TASK);
    assertEquals(code, 0, stderr);
    const after = server.log.slice(before);
    assertEquals(after.filter((line) => line.includes("uploadType=resumable&if")), []);
    assertEquals(server.objects.get(name), noise(80_000_000, 7));
  });
});

Deno.test("backUpArtifacts() ends with 2 and one line when no bucket is named", async () => {
  await withBucket(async ({ folder }) => {
    const config = join(folder, "small.toml");
    for (const task of [TASK, "create_bucket", "restore_artifacts", "verify_artifacts"]) {
      const none = { GCP_BUCKET: "", GCP_PROJECT: "", ARTIFACTS_DIR: folder };
      const { code, stderr } = await runTaskWith(none, task, "--config-file", config);
      assertEquals(code, 2, task);
      assertMatch(stderr, /^Cannot [^\n]*: GCP_BUCKET and GCP_PROJECT are not set: [^\n]*\n$/);
    }
  });
});
