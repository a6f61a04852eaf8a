import { assert, assertEquals, assertRejects } from "@std/assert";
import { buildCatalogueIndex } from "../../../lib/code_search/match/catalogue_index.ts";
import { MATCH_KINDS } from "../../../lib/code_search/match/mentions.ts";
import type { PlannedQuery } from "../../../lib/code_search/plan/plan.ts";
import {
  judgeZoekt,
  readZoekt,
  readZoektFile,
  zoekt,
  zoektQuery,
} from "../../../lib/code_search/backends/zoekt.ts";
import { FatalFailure } from "../../../lib/http/failures.ts";
import { recordedTest, recordedText } from "../../helpers/recorded_data.ts";
import { SearchedSite } from "../../helpers/searched_site.ts";
import { findZoekt, withZoekt } from "../../helpers/zoekt.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value) + "\n");

Deno.test("zoektQuery() escapes for the regular expression and once more for the quotes", () => {
  assertEquals(
    zoektQuery(["a.org/x?y=1", 'b.org\\/"']),
    String.raw`( content:"a\\.org/x\\?y=1" or content:"b\\.org\\\\/\"" ) case:no`,
  );
});

recordedTest("readZoektFile() reads the engine's own golden answers", async () => {
  const golden = JSON.parse(
    await recordedText("11-zoekt-filematch-golden.json", "code_search"),
  );
  const file = readZoektFile(golden.FileMatches[0][0]);
  assertEquals([file.repository, file.path, file.language], ["repo17", "main.go", "Go"]);
  assertEquals(file.lines, [{ line_number: 10, text: "func main() {", is_cut: false }]);
});

Deno.test("readZoekt() takes stars from the list that follows and leaves out matches of the path", () => {
  const line = (text: string, more = {}) => ({ Line: btoa(text), LineNumber: 3, ...more });
  const body = new Uint8Array([
    ...encode({
      Result: {
        Files: [{
          FileName: "a.org",
          Repository: "github.com/a/b",
          LineMatches: [line("a.org\r\n"), line("a.org", { FileName: true })],
        }],
      },
    }),
    ...encode({
      List: {
        Repos: [{
          Repository: { Name: "github.com/a/b", RawConfig: { "github-stars": "7", fork: "1" } },
        }],
      },
    }),
  ]);
  const [file] = [...readZoekt(body)];
  assertEquals([file?.stars, file?.is_fork, file?.lines.length], [7, true, 1]);
  assertEquals(file?.lines[0]?.text, "a.org");
});

Deno.test("judgeZoekt() recognizes limits and crashes by the engine's numbers", () => {
  assertEquals(judgeZoekt(encode({ Result: { Files: null, FilesSkipped: 0 } })).limits, []);
  assertEquals(judgeZoekt(encode({ Result: { FilesSkipped: 2, ShardsSkipped: 1 } })).limits, [
    "FilesSkipped 2",
    "ShardsSkipped 1",
  ]);
  assertEquals(judgeZoekt(encode({ Result: { Crashes: 1 } })).gaps, ["Crashes 1"]);
});

async function asked(answer: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  try {
    const backend = zoekt({
      endpointUrl: `http://127.0.0.1:${server.addr.port}/`,
      service: {
        timeoutSeconds: 5,
        attempts: 1,
        requestsPerSecond: 1000,
        concurrency: 1,
        headers: {},
      },
      effects: {
        fetch,
        now: () => new Date(),
        random: () => 0,
        signal: new AbortController().signal,
        log: { info: () => {}, warn: () => {} },
      },
      env: () => undefined,
      index: buildCatalogueIndex([], [], { portalHosts: [] }),
      wholeFiles: false,
    });
    const query: PlannedQuery = { id: "q", terms: ["a.org"], covers: 1, kind: "lines" };
    return await backend.search(query);
  } finally {
    await server.shutdown();
  }
}

Deno.test("search() keeps the engine's error sentence and splits what its limits cut", async () => {
  const refused = await asked(() => Response.json({ Error: "bad query" }, { status: 400 }));
  assertEquals([refused.status, refused.reason], ["failed", 'HTTP 400: "{"Error":"bad query"}"']);
  const cut = await asked(() => Response.json({ Result: { Files: null, ShardsSkipped: 4 } }));
  assertEquals([cut.status, cut.isSplit, cut.reason], ["partial", true, "ShardsSkipped 4"]);
  const error = await assertRejects(
    () => asked(() => new Response("404 page not found", { status: 404 })),
    FatalFailure,
  );
  assert(error.message.includes("-rpc"), error.message);
});

const programs = findZoekt();
if (programs === undefined) {
  console.log(
    "zoekt-git-index and zoekt-webserver are neither on the PATH nor in Go's bin folder: the test with the real engine is skipped",
  );
}

Deno.test({
  name: "04 and 05 find through a real zoekt what a plain scan of the lines finds",
  ignore: programs === undefined,
  fn: async () => {
    await SearchedSite.with({ datasets: 120, repositories: 25 }, async (site) => {
      await withZoekt(programs!, site.code.repositories, async (url) => {
        const search = await site.run("04_download_search_results", "zoekt", url);
        assertEquals(search.code, 0, search.stderr);
        const insert = await site.run("05_insert_search_results", "zoekt", url);
        assertEquals(insert.code, 0, insert.stderr);
        const kinds = [...MATCH_KINDS];
        assertEquals(await site.found("zoekt", kinds), site.truth(kinds));
        const stars = await site.rows<{ repository: string; repo_stars: number }>(
          "zoekt_api",
          "select distinct repository, repo_stars from search_results",
        );
        for (const { repository, repo_stars } of stars) {
          const known = site.code.repositories.find(({ name }) => name === repository);
          assertEquals(repo_stars, known?.stars, repository);
        }
      });
    });
  },
});
