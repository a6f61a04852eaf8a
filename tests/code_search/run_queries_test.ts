/**
 * How a run of queries takes answers that are not complete, with a backend of one query.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Answer, Backend } from "../../lib/code_search/backend.ts";
import { repositoryQuery } from "../../lib/code_search/plan/plan.ts";
import { runQueries } from "../../lib/code_search/run_queries.ts";
import { DownloadRun } from "../../lib/storage/download_run.ts";
import { sitePaths } from "../../lib/storage/paths.ts";

const NOW = () => new Date("2026-11-27T00:00:00Z");
const QUERY = { id: "q", terms: ["a.org/x.csv"], covers: 1, kind: "lines" as const };

/** Answers everything but the query for repositories in part; that one is complete. */
function backendOf(answer: Partial<Answer>): Backend & { sent: string[] } {
  const sent: string[] = [];
  return {
    sent,
    name: "sourcegraph",
    unit: "queries",
    plan: () => Promise.resolve([QUERY]),
    split: (query) => query.kind === "lines" ? [repositoryQuery("a.org/x.csv", 1)] : [],
    search(query) {
      sent.push(query.kind);
      const complete = { status: "complete", reason: null, isSplit: false } as const;
      const partial = { status: "partial", reason: "cut", isSplit: true, ...answer } as const;
      const ended = query.kind === "lines" ? partial : complete;
      return Promise.resolve({ ...ended, body: null, matches: 0, sent: query.id, attempts: 1 });
    },
  };
}

async function kindsSent(answer: Partial<Answer>): Promise<string[][]> {
  const root = await Deno.makeTempDir();
  try {
    const run = await DownloadRun.begin(sitePaths(root, "s"), "search_results", {}, NOW());
    const rounds: string[][] = [];
    for (let round = 0; round < 2; round++) {
      const backend = backendOf(answer);
      const options = { pass: 1, concurrency: 1, now: NOW, stop: () => {} };
      await runQueries(run, backend, [QUERY], options, () => {});
      rounds.push(backend.sent);
    }
    run.close();
    return rounds;
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("runQueries() asks for repositories alone where a limit cut the answer, and then no more", async () => {
  assertEquals(await kindsSent({}), [["lines", "repositories"], []]);
});

Deno.test("runQueries() asks for the lines again where the service refused the query", async () => {
  assertEquals(await kindsSent({ status: "failed" }), [["lines"], ["lines"]]);
});

Deno.test("runQueries() asks for the lines again, not for repositories, where a fault cut the answer", async () => {
  assertEquals(await kindsSent({ isFault: true }), [["lines"], ["lines"]]);
});
