import { assert, assertEquals, assertThrows } from "@std/assert";
import { buildCatalogueIndex } from "../../../lib/code_search/match/catalogue_index.ts";
import {
  failureOfGithub,
  github,
  readGithub,
  readGithubPage,
} from "../../../lib/code_search/backends/github.ts";
import { UsageError } from "../../../lib/cli/errors.ts";
import { FatalFailure, PermanentFailure, TransientFailure } from "../../../lib/http/failures.ts";
import { recordedTest, recordedText } from "../../helpers/recorded_data.ts";

interface Replayed {
  path: string;
  status: number;
  headers: Headers;
  body: string;
}

/** PyGithub's replay format: ten lines a request, then an empty one. */
async function replayed(name: string): Promise<Replayed[]> {
  const lines = (await recordedText(name, "code_search")).split("\n");
  const records: Replayed[] = [];
  for (let at = 0; at + 9 < lines.length; at += 11) {
    const pairs = [...lines[at + 8]!.matchAll(/\('([^']*)', '([^']*)'\)/g)];
    records.push({
      path: lines[at + 4]!,
      status: Number(lines[at + 7]),
      headers: new Headers(pairs.map(([, key, value]): [string, string] => [key!, value!])),
      body: lines[at + 9]!,
    });
  }
  return records;
}

recordedTest("readGithubPage() reads the recorded pages, commit included", async () => {
  const [highlighted] = await replayed("06-github-search-code-text-match-2018.pygithub.txt");
  assertEquals(readGithubPage(highlighted!.body).items.length, 5);
  const searches = (await replayed("07-github-search-code-incomplete-2026.pygithub.txt"))
    .filter(({ path }) => path.startsWith("/search/code"));
  const pages = searches.map(({ body }) => readGithubPage(body));
  assert(pages.length > 0 && pages.every(({ isIncomplete }) => isIncomplete));
  for (const name of ["09-github-search-code-2021", "10-github-search-code-forks-2021"]) {
    const page = readGithubPage(await recordedText(`${name}.body.json`, "code_search"));
    assert(page.items.every(({ commit, blob }) => commit?.length === 40 && blob.length === 40));
    assertEquals(page.items.length, name.startsWith("09") ? 7 : 29);
  }
});

recordedTest(
  "failureOfGithub() waits as the recorded 403 asks, for the reset, or for a minute",
  async () => {
    const now = new Date("2026-01-01T00:00:00Z");
    const refusal = (await replayed("08-github-search-code-abuse-403-2018.pygithub.txt"))
      .find(({ status }) => status === 403)!;
    const waits = [
      failureOfGithub(403, refusal.headers, refusal.body, now),
      failureOfGithub(
        403,
        new Headers({
          "x-ratelimit-remaining": "0",
          "x-ratelimit-reset": String(now.getTime() / 1000 + 42),
        }),
        "{}",
        now,
      ),
      failureOfGithub(429, new Headers(), "{}", now),
    ].map((failure) => (failure as TransientFailure).more.waitSeconds);
    assertEquals(waits, [60, 42, 60]);
    assert(failureOfGithub(403, new Headers(), "{}", now) instanceof FatalFailure);
    assert(failureOfGithub(401, new Headers(), "{}", now) instanceof FatalFailure);
    assert(failureOfGithub(422, new Headers(), "{}", now) instanceof PermanentFailure);
  },
);

const FILES: Record<string, string> = {
  ["a".repeat(40)]: 'x = 1\nload("https://data.a.org/one.csv")\n',
  // what the engine takes for the same, since it ignores punctuation
  ["b".repeat(40)]: "data a org one csv\n",
};

interface Seen {
  url: string;
  authorization: string | null;
}

async function withGithub(
  total: number,
  use: (backend: ReturnType<typeof github>, seen: Seen[]) => Promise<void>,
  token: string | undefined = "ghp_secret",
): Promise<void> {
  const seen: Seen[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    seen.push({ url: request.url, authorization: request.headers.get("authorization") });
    const { pathname } = new URL(request.url);
    const blob = /^\/repos\/o\/[ab]\/git\/blobs\/(\w+)$/.exec(pathname)?.[1];
    if (blob !== undefined) return new Response(FILES[blob]);
    return Response.json({
      total_count: total,
      incomplete_results: false,
      items: Object.keys(FILES).map((sha) => ({
        path: "x.py",
        sha,
        url: `https://evil.example/x?ref=${"c".repeat(40)}`,
        repository: { full_name: `o/${sha[0]}`, fork: false },
      })),
    });
  });
  try {
    const resource = { id: "r", dataset_id: "d", url: "https://data.a.org/one.csv" };
    await use(
      github({
        endpointUrl: `http://127.0.0.1:${server.addr.port}`,
        service: {
          timeoutSeconds: 5,
          attempts: 2,
          requestsPerSecond: 1000,
          concurrency: 2,
          headers: {},
        },
        effects: {
          fetch,
          now: () => new Date(),
          random: () => 0,
          signal: new AbortController().signal,
          log: { info: () => {}, warn: () => {} },
        },
        env: (name) => name === "GITHUB_TOKEN" ? token || undefined : undefined,
        index: buildCatalogueIndex([resource], [{ id: "d", name: "d" }], { portalHosts: [] }),
        wholeFiles: false,
      }, { search: 1000, core: 1000 }),
      seen,
    );
  } finally {
    await server.shutdown();
  }
}

Deno.test("search() believes a hit only when the file itself holds it", async () => {
  await withGithub(2, async (backend, seen) => {
    const [query] = await backend.plan();
    assertEquals(query?.terms, ["data.a.org"]);
    const answer = await backend.search(query!);
    assertEquals([answer.status, answer.matches, answer.attempts], ["complete", 1, 3]);
    assertEquals([...readGithub(answer.body!)], [{
      repository: "github.com/o/a",
      path: "x.py",
      commit: "c".repeat(40),
      stars: null,
      last_fetched: null,
      language: null,
      is_fork: false,
      lines: [{
        line_number: 2,
        text: 'load("https://data.a.org/one.csv")',
        is_cut: false,
      }],
    }]);
    assert(seen.every(({ authorization }) => authorization === "Bearer ghp_secret"));
    assert(
      !JSON.stringify({ ...answer, body: new TextDecoder().decode(answer.body!) })
        .includes("ghp_secret"),
    );
  });
});

Deno.test("search() reads one page of more than 1,000 results, since its parts bring the files", async () => {
  await withGithub(1500, async (backend, seen) => {
    const [query] = await backend.plan();
    const answer = await backend.search(query!);
    assertEquals([answer.status, answer.isSplit, answer.isFault], ["partial", true, undefined]);
    assertEquals(seen.length, 1);
    assertEquals(backend.split(query!).map(({ terms }) => terms), [["data.a.org/one.csv"]]);
  });
});

Deno.test("plan() wants a token", async () => {
  await withGithub(0, (backend) => {
    assertThrows(() => backend.plan(), UsageError, "GITHUB_TOKEN");
    return Promise.resolve();
  }, "");
});
