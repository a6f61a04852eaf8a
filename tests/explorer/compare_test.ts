import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sitePaths } from "../../lib/storage/paths.ts";
import { createApp } from "../../lib/explorer/app.ts";
import { SiteData } from "../../lib/explorer/site_data.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { buildSmallFinal, QUIET } from "../helpers/explorer_site.ts";
import { buildOtherFinal } from "../helpers/other_site.ts";

/** Asks the explorer over these sites. */
async function inExplorer(
  names: string[],
  test: (ask: (path: string) => Promise<Response>) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const sites = new Map<string, SiteData>();
  try {
    await buildSmallFinal(root);
    if (names.includes("other")) await buildOtherFinal(root);
    for (const name of names) {
      const paths = sitePaths(root, name);
      sites.set(name, await SiteData.open(paths, (await newestSnapshot(paths, "final"))!, QUIET));
    }
    const app = createApp(sites, [], QUIET);
    await test(async (path) => await app.request(`http://127.0.0.1${path}`));
  } finally {
    for (const data of sites.values()) data.close();
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("comparePage() shows the portals beside each other, with share, reach, freshness and completeness", () =>
  inExplorer(["small", "other"], async (ask) => {
    const home = await (await ask("/")).text();
    assertStringIncludes(home, `href="/compare"`);

    const response = await ask("/compare");
    assertEquals(response.status, 200);
    const page = await response.text();
    assertStringIncludes(page, `<a href="/other"><bdi>&lt;i&gt;Other&lt;/i&gt; portal</bdi></a>`);
    assertStringIncludes(page, "1 page is missing");
    assert(page.indexOf(`href="/small"`) < page.indexOf(`href="/other"`), "not by share");

    const { rows } = await (await ask("/compare.json")).json();
    assertEquals(rows.length, 2);
    const { site, datasets, mentioned_datasets, mentioned_share, repositories } = rows[1];
    assertEquals([site, datasets, mentioned_datasets, mentioned_share, repositories], [
      "other",
      4,
      1,
      0.25,
      1,
    ]);
    const { datasets_with_time, modified_in_last_year, modified_share } = rows[1];
    assertEquals([datasets_with_time, modified_in_last_year, modified_share], [3, 1, 0.3333]);
    const { packages, largest_package_dependents, is_complete, reasons } = rows[1];
    assertEquals([packages, largest_package_dependents], [null, null]);
    assertEquals([is_complete, reasons], [false, "1 page is missing"]);
    assertEquals([rows[1].queries, rows[1].complete_queries], [1, 1]);
    assertEquals(rows[0].modified_share, null);

    const csv = await (await ask("/compare.csv")).text();
    assertEquals(csv.split("\r\n")[0]?.split(",").slice(0, 4), [
      "site",
      "title",
      "snapshot",
      "datasets",
    ]);
    assertEquals(csv.trimEnd().split("\r\n").length, 3);
  }));

Deno.test("sitesPage() has no comparison to offer when there is one site", () =>
  inExplorer(["small"], async (ask) => {
    assert(!(await (await ask("/")).text()).includes("/compare"));
    assertEquals((await ask("/compare.xml")).status, 404);
  }));
