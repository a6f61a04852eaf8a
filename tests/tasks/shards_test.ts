import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { sitePaths } from "../../lib/storage/paths.ts";
import { startCodeHost } from "../../lib/demo/services/code_host.ts";
import { inventRepositories } from "../../lib/demo/code/hosted_repositories.ts";
import { startPackageIndex } from "../../lib/demo/services/package_index.ts";
import { readJournal, runNames } from "../../lib/storage/sealed_run.ts";
import { newestDownload } from "../../lib/storage/merged_downloads.ts";
import { Site } from "../helpers/dependents.ts";
import { harvestSite } from "../helpers/harvest_site.ts";
import { inShards } from "../helpers/in_shards.ts";
import { runTask } from "../helpers/run_task.ts";
import { ServedSite } from "../helpers/served_site.ts";
import { until } from "../helpers/until.ts";

/** The stages of the network as eight processes, each with a shard: what one process finds, no less. */

const OF = 8;
const SMALL = { datasets: 240, repositories: 60, pageSize: 8 };

Deno.test("01 in eight shards harvests what one process harvests, one of them killed and run again", async () => {
  await ServedSite.with({ ...SMALL, portal: { latencyMs: 20 } }, async (site) => {
    assertEquals((await site.run("one", "pipeline", "--to", "02")).code, 0);
    const task = "01_download_datasets";
    const work = (shard: string) => site.run("eight", task, "--shard", shard);
    const ends = await inShards(OF, work, ["2/8"]);
    for (const { code, stderr } of ends) assertEquals(code, 0, stderr);

    const before = site.portal.requests.count;
    const { kill, end } = await site.start("eight", task, "--shard", "2/8");
    // three requests find out how the portal can be read, one counts
    await until("six requests", () => site.portal.requests.count >= before + 6);
    kill();
    assertEquals((await end).signal, "SIGKILL");
    const early = await site.run("eight", "02_insert_datasets");
    assertEquals(early.code, 1);
    assertStringIncludes(early.stderr, "shard 2/8 is missing of the download of datasets");
    assertStringIncludes(early.stderr, `run "deno task ${task} --shard 2/8" first`);
    const status = await runTask("status", "--artifacts-dir", join(site.root, "eight"));
    assertMatch(status.stdout, /01_download_datasets +shard 2\/8 is missing/);
    assertMatch(status.stdout, /01_download_datasets 7\/8 .* complete/);

    assertEquals((await work("2/8")).code, 0);
    const names = await runNames(site.paths("eight").downloads("datasets"));
    assertEquals(names.length, OF, "the killed run was not continued");
    const pages = site.portal.requests.log.filter(({ number }) => number > before)
      .map(({ path }) => path).filter((path) => path.includes("rows=8"));
    assert(pages.length - new Set(pages).size <= 2, "pages that had come were requested again");
    const harvest = (await newestDownload(site.paths("eight"), "datasets"))!;
    const came = harvest.runs.map(({ seal }) => seal.counts.datasets!);
    assertEquals(
      came.reduce((sum, count) => sum + count),
      SMALL.datasets,
      "each came to one shard",
    );
    assert(came.every((count) => count > 10), came.join());
    const insert = await site.run("eight", "02_insert_datasets");
    assertEquals(insert.code, 0, insert.stderr);
    await site.assertSameTables("eight", "one", "ckan_api", { without: ["record_number"] });
  });
});

Deno.test("01 leaves to shard 0 what cannot be split: a portal without ranges, a data.json", async () => {
  await ServedSite.with({ ...SMALL, portal: { keyset: false } }, async (site) => {
    assertEquals((await site.run("one", "pipeline", "--to", "02")).code, 0);
    const work = (shard: string) => site.run("two", "01_download_datasets", "--shard", shard);
    for (const { code, stderr } of await inShards(2, work)) assertEquals(code, 0, stderr);
    assertEquals((await site.run("two", "02_insert_datasets")).code, 0);
    await site.assertSameTables("two", "one", "ckan_api", { without: ["record_number"] });
  });
  const dataset = ["a", "b", "c"].map((identifier) => ({ identifier, title: identifier }));
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({ conformsTo: "https://project-open-data.cio.gov/v1.1/schema", dataset }),
  );
  const url = `http://127.0.0.1:${server.addr.port}/data.json`;
  const site = await harvestSite(url, "", 'api = "dcat_us"');
  try {
    const work = (shard: string) => site.run("01_download_datasets", "--shard", shard);
    for (const { code, stderr } of await inShards(2, work)) assertEquals(code, 0, stderr);
    const insert = await site.run("02_insert_datasets");
    assertEquals(insert.code, 0, insert.stderr);
    assertEquals((await site.rows<{ id: string }>("select id from ckan_datasets")).length, 3);
  } finally {
    await site.remove();
    await server.shutdown();
  }
});

Deno.test("04 in eight shards finds what one process finds, and 05 names a shard that is missing", async () => {
  await ServedSite.with({ ...SMALL, search: { matchLimit: 30 } }, async (site) => {
    assertEquals((await site.run("one", "pipeline", "--to", "05")).code, 0);
    await site.copySnapshots("one", "eight", "clean_ckan_api");
    const task = "04_download_search_results";
    const work = (shard: string) => site.run("eight", task, "--shard", shard);
    for (const { code, stderr } of await inShards(OF, work, ["3/8", "6/8"])) {
      assertEquals(code, 0, stderr);
    }
    const early = await site.run("eight", "05_insert_search_results");
    assertEquals(early.code, 1);
    assertStringIncludes(early.stderr, "shards 3/8, 6/8 are missing of the download");
    assertStringIncludes(early.stderr, `run "deno task ${task} --shard 3/8" and the others first`);
    for (const shard of ["3/8", "6/8"]) assertEquals((await work(shard)).code, 0);
    const insert = await site.run("eight", "05_insert_search_results");
    assertEquals(insert.code, 0, insert.stderr);
    await site.assertSameTables("eight", "one", "sourcegraph_api", {
      without: ["started_at", "finished_at"],
    });

    const sent = site.search.requests.count;
    for (const more of [["--shard", "3/8"], []]) {
      const again = await site.run("eight", task, ...more);
      assertEquals([again.code, site.search.requests.count], [0, sent], again.stderr);
      assertStringIncludes(again.stderr, "Nothing new");
    }
    const names = await runNames(site.paths("eight").downloads("search_results"));
    assertEquals(names.length, OF);
    assert(names.every((name) => /^\d{8}T\d{6}Z_shard_[0-7]_of_8$/.test(name)), names.join());
  });
});

Deno.test("06 and 07 in eight shards give the tables of one process, one of them killed and run again", async () => {
  const repositories = inventRepositories(90);
  const host = startCodeHost({ repositories, latencyMs: 30 });
  const index = startPackageIndex({ repositories });
  const services = { hosts: host.config, packages_api_url: index.config.packages_api_url };
  const token = { GITHUB_TOKEN: "token-of-the-test", CONTACT_EMAIL: "tests@example.org" };
  const found = [...repositories, { name: "codeberg.org/a/b" }];
  const site = await Site.make(found, services, token);
  try {
    const stages = ["06_download_repositories", "07_download_dependents"];
    const tables = async () => {
      const insert = await site.run("08_insert_dependents");
      assertEquals(insert.exit, 0, insert.errors);
      return await contents(site);
    };
    for (const stage of stages) assertEquals((await site.run(stage)).exit, 0);
    const wanted = await tables();

    const before = host.requests.count;
    const child = site.start(stages[0]!, "--force", "--shard", "5/8");
    await until("two requests", () => host.requests.count >= before + 2);
    child.kill("SIGKILL");
    await child.output();
    const downloads = sitePaths(site.artifacts, "town").downloads("repositories");
    const [killed] = (await runNames(downloads)).filter((name) => name.includes("shard_5"));
    const { lines } = await readJournal(join(downloads, killed!));
    assert(lines > 0, "killed before anything was kept");

    for (const stage of stages) {
      const work = (shard: string) => site.run(stage, "--shard", shard);
      const first = await inShards(OF, work, stage === stages[0] ? ["5/8"] : ["0/8"]);
      for (const { exit, errors } of first) assertEquals(exit, 0, errors);
      const next = await site.run(stage === stages[0] ? stages[1]! : "08_insert_dependents");
      assertEquals(next.exit, 1);
      const left = stage === stages[0] ? "5/8" : "0/8";
      assertStringIncludes(next.errors, `shard ${left} is missing of the download`);
      assertStringIncludes(next.errors, `run "deno task ${stage} --shard ${left}" first`);
      assertEquals((await work(left)).exit, 0);
    }
    const names = await runNames(downloads);
    assertEquals(names.filter((name) => name.includes("shard_5")), [killed!]);
    assertEquals(names.length, OF + 1);
    assertEquals(await tables(), wanted);
    assertEquals((await site.run("07_download_dependents", "--force")).exit, 0);
    assertEquals(await tables(), wanted, "07 as one process on the shards of 06");
  } finally {
    await host.close();
    await index.close();
    await site.remove();
  }
});

Deno.test("a stage refuses what is not a shard, with one line", async () => {
  await ServedSite.with(SMALL, async (site) => {
    for (const shard of ["8/8", "x", "1", "0/0", "-1/8", "0/8/8", "0/1001"]) {
      const { code, stderr } = await site.run(
        "one",
        "04_download_search_results",
        `--shard=${shard}`,
      );
      assertEquals([code, stderr.trim().split("\n").length], [2, 1], stderr);
      assertStringIncludes(stderr, `--shard "${shard}" is not a shard: expected I/N`);
    }
  });
});

/** Every table of the newest reverse_dependencies, without times. */
async function contents(site: Site): Promise<Record<string, unknown[]>> {
  const tables = await site.rows<{ name: string }>(
    "select table_name as name from duckdb_tables() where database_name = 'dependents' order by all",
  );
  const rows: Record<string, unknown[]> = {};
  for (const { name } of tables) {
    rows[name] = await site.rows(
      `select columns(name -> name <> 'answered_at') from dependents.${name} order by all`,
    );
  }
  return rows;
}
