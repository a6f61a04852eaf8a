import { assert, assertEquals } from "@std/assert";
import { writeCheckouts } from "../../lib/demo/code/repositories.ts";
import { type CodeSearchFault, startCodeSearch } from "../../lib/demo/services/code_search.ts";
import { faultsByRate } from "../../lib/demo/services/service.ts";
import { MATCH_KINDS } from "../../lib/code_search/match/mentions.ts";
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

const FAULTS: CodeSearchFault[] = [
  "429-seconds",
  "429-date",
  "503",
  "html",
  "slow",
  "cut",
  "no-done",
  "error",
  "alert",
  "shard-timeout",
  "backend-missing",
  "no-final-progress",
];

Deno.test("04 and 05 give the same when a quarter of all answers is faulty", async () => {
  await SearchedSite.with(SMALL, async (site) => {
    const engine = startCodeSearch({
      repositories: site.code.repositories,
      matchLimit: 200,
      faults: faultsByRate(0.25, FAULTS, 3),
      retryAfterSeconds: 0.1,
      slowMs: 20_000,
    });
    try {
      const search = await site.run("04_download_search_results", "sourcegraph", engine.url);
      assertEquals(search.code, 0, search.stderr);
      const insert = await site.run("05_insert_search_results", "sourcegraph", engine.url);
      assertEquals(insert.code, 0, insert.stderr);
      assertEquals(await site.found("sourcegraph", KINDS), site.truth(KINDS));
      assert(engine.requests.log.filter(({ fault }) => fault !== undefined).length >= 4);
    } finally {
      await engine.close();
    }
  });
});

Deno.test("04 asks in parts where a stream breaks off however often it is asked", async () => {
  await SearchedSite.with(SMALL, async (site) => {
    site.attempts = 2;
    const engine = startCodeSearch({
      repositories: site.code.repositories,
      faults: (_request, path) => path.length > 1500 ? "no-done" : undefined,
    });
    try {
      const search = await site.run("04_download_search_results", "sourcegraph", engine.url);
      assertEquals(search.code, 0, search.stderr);
      assert(engine.requests.log.some(({ fault }) => fault === "no-done"));
      const insert = await site.run("05_insert_search_results", "sourcegraph", engine.url);
      assertEquals(insert.code, 0, insert.stderr);
      assertEquals(await site.found("sourcegraph", KINDS), site.truth(KINDS));
    } finally {
      await engine.close();
    }
  });
});

Deno.test("04 ends with 3 and says why when answers stay incomplete, and asks only these again", async () => {
  await SearchedSite.with(SMALL, async (site) => {
    let isFaulty = true;
    const engine = startCodeSearch({
      repositories: site.code.repositories,
      matchLimit: 600,
      faults: (request) => isFaulty && request > 3 ? "alert" : undefined,
    });
    try {
      const search = await site.run("04_download_search_results", "sourcegraph", engine.url);
      assertEquals(search.code, 3, search.stderr);
      assert(
        /stopped answering \(alert: Unable To Process Query/.test(search.stderr),
        search.stderr,
      );
      const insert = await site.run("05_insert_search_results", "sourcegraph", engine.url);
      assertEquals(insert.code, 3, insert.stderr);
      const { manifest } = await site.newest("sourcegraph_api");
      assertEquals([manifest.complete, manifest.reasons.length > 0], [false, true]);
      const known = engine.requests.log.filter(({ fault }) => fault === undefined);
      isFaulty = false;
      const mended = await site.run("04_download_search_results", "sourcegraph", engine.url);
      assertEquals(mended.code, 0, mended.stderr);
      const good = engine.requests.log.filter(({ fault }) => fault === undefined);
      const paths = good.map(({ path }) => path);
      assertEquals(paths.length, new Set(paths).size, "no finished query was sent twice");
      assert(good.length > known.length);
      assertEquals(
        (await site.run("05_insert_search_results", "sourcegraph", engine.url)).code,
        0,
      );
      assertEquals(await site.found("sourcegraph", KINDS), site.truth(KINDS));
    } finally {
      await engine.close();
    }
  });
});

Deno.test("04 continues after kills without sending a finished query twice", async () => {
  await SearchedSite.with(SMALL, async (site) => {
    const engine = startCodeSearch({
      repositories: site.code.repositories,
      matchLimit: 300,
      latencyMs: 30,
    });
    try {
      await site.run("04_download_search_results", "sourcegraph", engine.url, "--dry-run");
      assertEquals(engine.requests.count, 0, "a dry run sends nothing");
      for (let turn = 1; turn <= 4; turn++) {
        const until = engine.requests.count + 4;
        await site.kill(
          "04_download_search_results",
          () => engine.requests.count >= until,
        );
      }
      const search = await site.run("04_download_search_results", "sourcegraph", engine.url);
      assertEquals(search.code, 0, search.stderr);
      const insert = await site.run("05_insert_search_results", "sourcegraph", engine.url);
      assertEquals(insert.code, 0, insert.stderr);
      assertEquals(await site.found("sourcegraph", KINDS), site.truth(KINDS));
      const paths = engine.requests.log.map(({ path }) => path);
      // what was in flight at a kill is asked again: two at most each time
      assert(paths.length - new Set(paths).size <= 8, `${paths.length - new Set(paths).size}`);
      const queries = await site.rows<{ query: string }>("sourcegraph_api", "from searches");
      assertEquals(queries.length, new Set(queries.map(({ query }) => query)).size);
    } finally {
      await engine.close();
    }
  });
});

Deno.test("04 --recheck asks once more and keeps both answers", async () => {
  await SearchedSite.with({ datasets: 40, repositories: 12 }, async (site) => {
    const few = startCodeSearch({ repositories: site.code.repositories.slice(0, 6) });
    let first: string[];
    const port = Number(new URL(few.url).port);
    try {
      await site.run("04_download_search_results", "sourcegraph", few.url);
      await site.run("05_insert_search_results", "sourcegraph", few.url);
      first = await site.found("sourcegraph", KINDS);
    } finally {
      await few.close();
    }
    const others = startCodeSearch({ repositories: site.code.repositories.slice(6), port });
    try {
      const again = await site.run(
        "04_download_search_results",
        "sourcegraph",
        others.url,
        "--recheck",
      );
      assertEquals(again.code, 0, again.stderr);
      const insert = await site.run("05_insert_search_results", "sourcegraph", others.url);
      assertEquals(insert.code, 0, insert.stderr);
    } finally {
      await others.close();
    }
    assertEquals(await site.found("sourcegraph", KINDS), site.truth(KINDS));
    assert(first.length > 0 && first.length < site.truth(KINDS).length);
  });
});
