/**
 * 04 and a code search of which a part does not answer: that is neither frequency nor completeness.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { startCodeSearch } from "../../lib/demo/services/code_search.ts";
import { SearchedSite } from "../helpers/searched_site.ts";

const TASK = "04_download_search_results";
const SIZE = { datasets: 150, repositories: 60 };

function queriesOf(engine: ReturnType<typeof startCodeSearch>, since = 0): string[] {
  return engine.requests.log.slice(since)
    .flatMap(({ path }) => new URL(path, "http://search.example").searchParams.get("q") ?? []);
}

Deno.test("04 calls nothing frequent because a shard is dead, and asks the same again when it is back", async () => {
  await SearchedSite.with(SIZE, async (site) => {
    site.attempts = 2;
    const healthy = startCodeSearch({ repositories: site.code.repositories });
    let isDead = true;
    const ill = startCodeSearch({
      repositories: site.code.repositories,
      faults: () => isDead ? "shard-timeout" : undefined,
    });
    try {
      const well = await site.run(TASK, "sourcegraph", healthy.url);
      assertEquals(well.code, 0, well.stderr);
      const first = await site.run(TASK, "sourcegraph", ill.url, "--force");
      assertEquals(first.code, 3, first.stderr);
      assertMatch(first.stderr, /shard-timeout/);
      assert(!first.stderr.includes("so frequent"), first.stderr);
      assert(
        queriesOf(ill).every((query) => !query.includes("select:repo")),
        "a fault led to a query for repositories alone",
      );
      const [wanted, sent] = [queriesOf(healthy).length, queriesOf(ill).length];
      assert(sent <= 4 * wanted + 24, `${sent} requests instead of ${wanted}`);

      isDead = false;
      const since = ill.requests.log.length;
      const second = await site.run(TASK, "sourcegraph", ill.url);
      assertEquals(second.code, 0, second.stderr);
      assertEquals(new Set(queriesOf(ill, since)), new Set(queriesOf(healthy)));
      const insert = await site.run("05_insert_search_results", "sourcegraph", ill.url);
      assertEquals(insert.code, 0, insert.stderr);
    } finally {
      await healthy.close();
      await ill.close();
    }
  });
});
