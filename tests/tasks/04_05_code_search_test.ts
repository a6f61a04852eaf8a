import { assert, assertEquals } from "@std/assert";
import { writeCheckouts } from "../../lib/demo/checkouts.ts";
import { startCodeSearch } from "../../lib/demo/code_search.ts";
import { MATCH_KINDS } from "../../lib/code_search/mentions.ts";
import { SearchedSite } from "../helpers/searched_site.ts";

const KINDS = [...MATCH_KINDS];
const SMALL = { datasets: 150, repositories: 60 };

Deno.test("04 and 05 find in a folder of checkouts what the generator knows", async () => {
  await SearchedSite.with(SMALL, async (site) => {
    const folder = `${site.root}/checkouts`;
    await writeCheckouts(folder, site.code.repositories);
    const search = await site.run("04_download_search_results", "local", folder);
    assertEquals([search.code, search.stderr.includes("Traceback")], [0, false], search.stderr);
    const insert = await site.run("05_insert_search_results", "local", folder);
    assertEquals(insert.code, 0, insert.stderr);
    assertEquals(await site.found("local", KINDS), site.truth(KINDS));
  });
});

Deno.test("04 and 05 find through the stream what they find in the files", async () => {
  await SearchedSite.with(SMALL, async (site) => {
    const engine = startCodeSearch({ repositories: site.code.repositories, matchLimit: 600 });
    try {
      const search = await site.run("04_download_search_results", "sourcegraph", engine.url);
      assertEquals(search.code, 0, search.stderr);
      const insert = await site.run("05_insert_search_results", "sourcegraph", engine.url);
      assertEquals(insert.code, 0, insert.stderr);
      assertEquals(await site.found("sourcegraph", KINDS), site.truth(KINDS));
      const before = engine.requests.count;
      const again = await site.run("04_download_search_results", "sourcegraph", engine.url);
      assertEquals([again.code, engine.requests.count], [0, before]);
      assert(again.stderr.includes("Nothing new"), again.stderr);
    } finally {
      await engine.close();
    }
  });
});
