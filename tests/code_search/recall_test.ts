import { assert, assertEquals } from "@std/assert";
import { startCodeSearch } from "../../lib/demo/services/code_search.ts";
import { agreeByKind, type Named } from "../../tasks/bench/recall.ts";
import { SearchedSite } from "../helpers/searched_site.ts";

/** A small version of `deno task bench --only code_search`, with the same bounds. */

const SIZE = { datasets: 2000, repositories: 300 };

Deno.test("04 and 05 find all there is with few queries when the engine has limits", async () => {
  await SearchedSite.with(SIZE, async (site) => {
    const engine = startCodeSearch({
      repositories: site.code.repositories,
      matchLimit: 600,
      timeoutMatches: 5000,
    });
    try {
      const search = await site.run("04_download_search_results", "sourcegraph", engine.url);
      assertEquals(search.code, 0, search.stderr);
      const insert = await site.run("05_insert_search_results", "sourcegraph", engine.url);
      assertEquals(insert.code, 0, insert.stderr);
    } finally {
      await engine.close();
    }
    // the site's catalogue has no home page as a resource
    const truth = site.code.truth.filter((row) => !row.is_generic);
    const found = await site.rows<Named>(
      "sourcegraph_api",
      "from url_mentions where not is_generic",
    );
    for (const one of agreeByKind(truth, found)) {
      const { kind, truth, recall, precision } = one;
      // the generator makes none of these
      if (["service_call", "resolved", "sibling"].includes(kind) && truth === 0) continue;
      assert(truth > 50, `${kind}: only ${truth} to find`);
      const isLiteral = kind === "exact" || kind === "normalized";
      const story = JSON.stringify(one);
      assert(recall >= (isLiteral ? 1 : 0.97), story);
      assert(precision >= (isLiteral ? 1 : 0.99), story);
    }
    const [{ urls }] = await site.rows<{ urls: number }>(
      "clean_ckan_api",
      "select count(distinct url) as urls from ckan_clean_all_resources",
    ) as [{ urls: number }];
    const queries = engine.requests.log.filter(({ path }) => path.startsWith("/.api/search/"));
    const share = queries.length / (urls / 10);
    assert(share <= 0.06, `${queries.length} queries for ${urls} URLs`);
  });
});
