import { assertEquals, assertStringIncludes } from "@std/assert";
import { sitePaths } from "../../lib/storage/paths.ts";
import { parseConfig } from "../../lib/pipeline/config.ts";
import { DownloadRun } from "../../lib/storage/download_run.ts";
import { readOutputs, whatPipelineWouldDo } from "../../lib/pipeline/status.ts";
import { newestSealedRun } from "../../lib/storage/sealed_run.ts";
import { publishSnapshot } from "../../lib/duckdb/publish_snapshot.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";

const STAGES = ["01_download_datasets", "02_insert_datasets", "03_clean_datasets", "10_deliver"];

Deno.test("readOutputs() says what is stale after a new harvest, and whatPipelineWouldDo() why", async () => {
  const root = await Deno.makeTempDir();
  try {
    const paths = sitePaths(root, "town");
    const config = parseConfig(
      '[site]\nshort_name = "town"\npackage_search_endpoint_url = "http://127.0.0.1/x"',
      "town.toml",
    );
    const harvest = async () => {
      const run = await DownloadRun.begin(paths, "datasets", {}, new Date());
      await run.seal({ complete: true, reasons: [], counts: {} }, new Date());
      run.close();
      return (await newestSealedRun(paths, "datasets"))!;
    };
    const insert = async () => {
      const parents = [(await newestSealedRun(paths, "datasets"))!.parent];
      const plan = {
        database: "ckan_api",
        stage: "02_insert_datasets",
        parents,
        complete: true,
        reasons: [],
      };
      const site = { paths, config, now: () => new Date(), force: false };
      await publishSnapshot(site, plan, (db) => db.run("create table things as select 1 as thing"));
    };
    const would = async () => whatPipelineWouldDo(STAGES, await readOutputs(paths));

    assertEquals([...(await would()).keys()], STAGES);
    await harvest();
    await insert();
    assertEquals([...(await would()).entries()].slice(0, 1), [
      ["03_clean_datasets", "no output yet"],
    ]);
    await harvest();
    const [raw] = (await readOutputs(paths)).filter(({ kind }) => kind === "snapshot");
    assertStringIncludes(raw!.stale.join(), "of which there is a newer one");
    assertEquals([...(await would()).keys()].slice(0, 1), ["02_insert_datasets"]);
    await insert();
    assertEquals((await would()).has("02_insert_datasets"), false);

    const file = (await newestSnapshot(paths, "ckan_api"))!.file.replace(/\.db$/, ".json");
    const manifest = JSON.parse(await Deno.readTextFile(file));
    await Deno.chmod(file, 0o644);
    await Deno.writeTextFile(file, JSON.stringify({ ...manifest, version: manifest.version - 1 }));
    assertEquals(
      (await would()).get("02_insert_datasets"),
      "the code that makes its rows has changed since",
    );
    await Deno.writeTextFile(file, "[]");
    assertStringIncludes(
      (await would()).get("02_insert_datasets")!,
      `manifest "${file}" is damaged`,
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
