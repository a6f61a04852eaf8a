import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { PortalFault } from "../../lib/demo/services/portal.ts";
import { runTaskWith } from "../helpers/backup_tasks.ts";
import { ServedSite } from "../helpers/served_site.ts";

Deno.test("runPipeline() reports a wrong config by its faults alone", async () => {
  const { code, stderr } = await runTaskWith({}, "pipeline", "--config-file", "no_such.toml");
  assertEquals(code, 2);
  assertMatch(stderr, /^Cannot [^\n]*no_such\.toml[^\n]*\n$/);
});

Deno.test("runPipeline() stops at a download that failed, and continues with an earlier one when asked to", async () => {
  let fault: PortalFault | undefined;
  await ServedSite.with({
    datasets: 20,
    repositories: 5,
    pageSize: 10,
    portal: { faults: () => fault },
  }, async (site) => {
    await site.configure("attempts = 1\n");
    const run = (folder: string, ...args: string[]) =>
      site.run(folder, "pipeline", "--to", "03", "--force", ...args);
    const first = await run("one");
    assertEquals(first.code, 0, first.stderr);
    const table = first.stderr.trimEnd().split("\n").slice(-3);
    assertMatch(
      table[0]!,
      /^ {2}01_download_datasets +complete +\d\.\d s +20 datasets +served\/downloads\/datasets\/\d{8}T\d{6}Z$/,
    );
    assertMatch(
      table[2]!,
      /^ {2}03_clean_datasets +complete +.* datasets, \d+ resources +read_only\/served\/clean_ckan_api_\d{8}T\d{6}Z\.db$/,
    );

    fault = "html-403";
    const stopped = await run("one");
    assertEquals(stopped.code, 1);
    assertMatch(
      stopped.stderr,
      /\n {2}01_download_datasets +failed .*\n {2}02_insert_datasets +not run\n {2}03_clean_datasets +not run\n$/,
    );

    const allowed = await run("one", "--allow-incomplete");
    assertEquals(allowed.code, 3, allowed.stderr);
    assertStringIncludes(
      allowed.stderr,
      "01_download_datasets failed: continuing with earlier results\n",
    );
    assertMatch(allowed.stderr, /\n {2}03_clean_datasets +complete /);
    const records = await site.records("one");
    assertEquals(records.slice(-3).map(({ exit }) => exit), [1, 0, 0]);

    const nothing = await run("other", "--allow-incomplete");
    assertEquals(nothing.code, 1);
    assert(nothing.stderr.includes("no finished download of datasets"), nothing.stderr);
  });
});
