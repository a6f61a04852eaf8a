import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Answer } from "../../../lib/code_search/backend.ts";
import { buildCatalogueIndex } from "../../../lib/code_search/match/catalogue_index.ts";
import {
  sourcegraph,
  sourcegraphQuery,
  streamAddress,
} from "../../../lib/code_search/backends/sourcegraph.ts";
import {
  judgeStream,
  readEvents,
  readMatch,
  readStream,
} from "../../../lib/code_search/backends/sourcegraph_stream.ts";
import { FatalFailure } from "../../../lib/http/failures.ts";
import type { Effects } from "../../../lib/http/client.ts";
import { recorded, recordedTest, recordedText } from "../../helpers/recorded_data.ts";

const encode = (text: string) => new TextEncoder().encode(text);

const event = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const LINE = {
  type: "content",
  repository: "github.com/a/b",
  path: "x.py",
  commit: "c",
  chunkMatches: [{ content: "one\ntwo", contentStart: { line: 4 } }],
};
const progress = (...reasons: string[]) =>
  event("progress", { done: true, skipped: reasons.map((reason) => ({ reason, title: "t" })) });
const WHOLE = event("matches", [LINE]) + progress() + event("done", {});

recordedTest("readStream() reads the recorded stream, lines counted from 1", async () => {
  const body = await recorded("01-sourcegraph-stream-docs-2024.sse", "code_search");
  assertEquals([...readEvents(body)].map(({ name }) => name), [
    "filters",
    "progress",
    "filters",
    "matches",
    "filters",
    "progress",
    "done",
  ]);
  assertEquals([...readStream(body)], [{
    repository: "github.com/sourcegraph/sourcegraph",
    path: "cmd/frontend/graphqlbackend/search_results.go",
    commit: "be0cd097f5f20d1444786ed7bb6c34cbad85c676",
    stars: 9918,
    last_fetched: "2024-07-11T13:40:33.306273Z",
    language: "Go",
    is_fork: null,
    lines: [{
      line_number: 125,
      text: "// Results are the results found by the search. It respects the limits set. To",
      is_cut: false,
    }],
  }]);
  const state = judgeStream(body);
  assertEquals(state.limits, ["shard-match-limit (result limit hit)"]);
  assertEquals(state.excluded, ["excluded-archive (15 archived)"]);
  assertEquals([state.isWhole, state.matches], [true, 1]);
});

recordedTest(
  "readMatch() reads the recorded lines of a search job, in the file's order",
  async () => {
    const text = await recordedText("03-sourcegraph-search-jobs-docs.jsonl", "code_search");
    const files = text.trim().split("\n").map((line) => readMatch(JSON.parse(line)));
    assertEquals(files.map((file) => [file?.path, file?.lines.map((line) => line.line_number)]), [
      ["cmd/symbols/shared/main.go", [99, 130]],
      ["cmd/embeddings/shared/main.go", [82, 191]],
    ]);
    assertEquals(files[0]?.lines[0]?.text, "\thandler = handlePanic(logger, handler)");
  },
);

recordedTest(
  "judgeStream() distinguishes limits, gaps and exclusions of the recorded progress",
  async () => {
    const golden = JSON.parse(
      await recordedText("05-sourcegraph-progress-all-skipped.golden.json", "code_search"),
    );
    const state = judgeStream(encode(event("progress", golden) + event("done", {})));
    assertEquals(state.gaps, ["shard-timeout (1 timed out)"]);
    assertEquals(state.limits, []);
    assertEquals(state.excluded.map((reason) => reason.split(" ")[0]), [
      "repository-missing",
      "repository-cloning",
      "repository-fork",
      "excluded-archive",
    ]);
    assertEquals(state.isWhole, false, "the recorded progress is not the last one");
  },
);

Deno.test("readEvents() gives no event that the end of the body cuts off", () => {
  assertEquals([...readEvents(encode(WHOLE.slice(0, 30)))], []);
  assertEquals([...readEvents(encode("event: done\ndata: {}\n"))], [{ name: "done", data: "{}" }]);
  assertEquals([...readEvents(encode("event: a\r\ndata: 1\r\n\r\n: comment\n\n"))], [
    { name: "a", data: "1" },
  ]);
});

Deno.test("sourcegraphQuery() escapes quotes and backslashes and binds the filters to all terms", () => {
  assertEquals(
    sourcegraphQuery(['a.org/"x"', "b.org\\/"], "lines"),
    '("a.org/\\"x\\"" OR "b.org\\\\/") type:file fork:yes archived:yes count:all timeout:60s patternType:keyword',
  );
  assert(sourcegraphQuery(["a.org"], "repositories").includes(" select:repo "));
  const { searchParams } = new URL(streamAddress("http://127.0.0.1/", "a+b"));
  assertEquals([searchParams.get("q"), searchParams.get("t"), searchParams.get("display")], [
    "a+b",
    "keyword",
    null,
  ]);
});

/** Asks a real server that gives these answers in turn; the last one again and again. */
async function asked(
  answers: ((request: Request) => Response)[],
  token?: string,
): Promise<Answer & { headers: Headers; log: string[] }> {
  let count = 0;
  let headers = new Headers();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    headers = request.headers;
    return answers[Math.min(count++, answers.length - 1)]!(request);
  });
  const log: string[] = [];
  const say = (line: string) => void log.push(line);
  const effects: Effects = {
    fetch,
    now: () => new Date(),
    random: () => 0,
    signal: new AbortController().signal,
    log: { info: say, warn: say },
    waitFactor: 0.02,
  };
  try {
    const backend = sourcegraph({
      endpointUrl: `http://127.0.0.1:${server.addr.port}`,
      service: {
        timeoutSeconds: 5,
        attempts: 4,
        requestsPerSecond: 1000,
        concurrency: 1,
        headers: {},
      },
      effects,
      env: (name) => name === "SOURCEGRAPH_TOKEN" ? token : undefined,
      index: buildCatalogueIndex([], [], { portalHosts: [] }),
      wholeFiles: false,
    });
    const query = { id: "q", terms: ["a.org"], covers: 1, kind: "lines" as const };
    return { ...await backend.search(query), headers, log };
  } finally {
    await server.shutdown();
  }
}

const stream = (text: string) => () =>
  new Response(text, { headers: { "content-type": "text/event-stream" } });
const outcome = ({ status, reason, isSplit, matches, attempts }: Answer) => ({
  status,
  reason,
  isSplit,
  matches,
  attempts,
});

Deno.test("search() calls an answer complete only when its end was reported and nothing was cut", async () => {
  assertEquals(outcome(await asked([stream(WHOLE)])), {
    status: "complete",
    reason: null,
    isSplit: false,
    matches: 2,
    attempts: 1,
  });
  const limited = event("matches", [LINE]) + progress("shard-match-limit") + event("done", {});
  assertEquals(outcome(await asked([stream(limited)])), {
    status: "partial",
    reason: "shard-match-limit (t)",
    isSplit: true,
    matches: 2,
    attempts: 1,
  });
});

Deno.test("search() asks again after passing faults and keeps what it had when they stay", async () => {
  const noDone = stream(event("matches", [LINE]) + progress());
  const noProgress = stream(event("matches", [LINE]) + event("done", {}));
  const broken = stream(event("error", { message: "backend gone" }) + event("done", {}));
  const [mended, stays] = await Promise.all([
    asked([noDone, noProgress, broken, stream(WHOLE)]),
    asked([noDone]),
  ]);
  assertEquals([mended.status, mended.attempts], ["complete", 4]);
  assertEquals(outcome(stays), {
    status: "partial",
    reason: 'the stream ended without a "done" event',
    isSplit: true,
    matches: 2,
    attempts: 4,
  });
});

Deno.test("search() asks in parts when the query times out or is refused three times", async () => {
  const slow = stream(event("matches", [LINE]) + progress("shard-timedout") + event("done", {}));
  const alert = {
    title: "Unable To Process Query",
    description: "bad quote",
    proposedQueries: null,
  };
  const [gap, refused] = await Promise.all([
    asked([slow]),
    asked([stream(event("alert", alert) + progress() + event("done", {}))]),
  ]);
  assertEquals([gap.status, gap.isSplit, gap.attempts], ["partial", true, 3]);
  assertEquals(outcome(refused), {
    status: "failed",
    reason: "alert: Unable To Process Query: bad quote",
    isSplit: true,
    matches: 0,
    attempts: 3,
  });
});

Deno.test("search() does not give up at a gap that follows passing faults", async () => {
  const noDone = stream(event("matches", [LINE, LINE]) + progress());
  const slow = stream(event("matches", [LINE]) + progress("shard-timedout") + event("done", {}));
  const { status, attempts } = await asked([noDone, noDone, slow, stream(WHOLE)]);
  assertEquals([status, attempts], ["complete", 4]);
});

Deno.test("search() stops at a refusal of the service and splits what is too long for it", async () => {
  const page = (status: number, headers = {}) => () =>
    new Response("<html><title>Sign in</title></html>", {
      status,
      headers: { "content-type": "text/html", ...headers },
    });
  for (const [status, words] of [[401, "SOURCEGRAPH_TOKEN"], [403, "Sign in"]] as const) {
    const error = await assertRejects(() => asked([page(status)]), FatalFailure);
    assert(error.message.includes(words), error.message);
  }
  const tooLong = await asked([page(414)]);
  assertEquals([tooLong.status, tooLong.isSplit, tooLong.attempts], ["failed", true, 1]);
  const wait = { "retry-after": "0" };
  const limited = await asked([page(429, wait), page(403, wait), page(200), stream(WHOLE)]);
  assertEquals([limited.status, limited.attempts], ["complete", 4]);
});

Deno.test("search() sends the token and shows it to no one", async () => {
  const answer = await asked(
    [() => new Response("", { status: 503 }), stream(WHOLE)],
    "sgp_secret",
  );
  assertEquals(answer.headers.get("authorization"), "token sgp_secret");
  assert(!JSON.stringify([answer.log, { ...answer, headers: null }]).includes("sgp_secret"));
});
