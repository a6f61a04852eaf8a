import { assert, assertEquals, assertRejects } from "@std/assert";
import { type CodeSearchOptions, startCodeSearch } from "../../../lib/demo/services/code_search.ts";
import { faultsAt, type Service } from "../../../lib/demo/services/service.ts";
import type { DemoRepository } from "../../../lib/demo/code/repositories.ts";
import { recordedTest, recordedText } from "../../helpers/recorded_data.ts";

function repository(name: string, text: string, more: Partial<DemoRepository> = {}) {
  return {
    name,
    description: "",
    stars: 7,
    forks: 0,
    isFork: false,
    isArchived: false,
    parent: undefined,
    topics: [],
    license: undefined,
    commit: "be0cd097f5f20d1444786ed7bb6c34cbad85c676",
    fetchedAt: "2026-11-11T13:40:33.306273Z",
    files: [{ path: "src/a.py", text }],
    ...more,
  };
}

const REPOSITORIES: DemoRepository[] = [
  repository(
    "github.com/a/one",
    "import x\n🚲 é https://Data.city.example/A/1 and data.city.example\n",
  ),
  repository("github.com/a/two", 'u = "https://data.city.example/a/10"\nv = "other.example/b"\n'),
  repository("github.com/a/fork", "https://data.city.example/a/1\n", { isFork: true }),
  repository("github.com/a/old", "https://data.city.example/a/1\n", { isArchived: true }),
];

interface Match {
  repository: string;
  type: string;
  lineMatches: { line: string; lineNumber: number; offsetAndLengths: [number, number][] }[];
  chunkMatches: {
    content: string;
    contentStart: unknown;
    ranges: { start: { offset: number; column: number; line: number }; end: { column: number } }[];
  }[];
}

interface Event {
  name: string;
  // deno-lint-ignore no-explicit-any
  data: any;
}

function eventsOf(text: string): Event[] {
  return text.split("\n\n").filter((block) => block.trim() !== "").map((block) => {
    const [, name = "", data = ""] = /^event: (\w+)\ndata: (.*)$/.exec(block.trim()) ?? [];
    return { name, data: JSON.parse(data) };
  });
}

async function withSearch(
  options: Partial<CodeSearchOptions>,
  use: (search: Service) => Promise<void>,
) {
  const search = startCodeSearch({ repositories: REPOSITORIES, ...options });
  try {
    await use(search);
  } finally {
    await search.close();
  }
}

function ask(search: Service, q: string, more: Record<string, string> = {}) {
  const parameters = new URLSearchParams({ q, v: "V3", t: "keyword", ...more });
  return fetch(`${search.url}/.api/search/stream?${parameters}`);
}

async function run(search: Service, q: string, more: Record<string, string> = {}) {
  const events = eventsOf(await (await ask(search, q, more)).text());
  const matches = events.filter(({ name }) => name === "matches")
    .flatMap(({ data }) => data as Match[]);
  const progress = events.findLast(({ name }) => name === "progress")?.data;
  return {
    events,
    matches,
    repositories: matches.map((match) => match.repository.split("/").at(-1)),
    skipped: (progress?.skipped ?? []).map((one: { reason: string }) => one.reason),
    progress,
  };
}

/** Keys and types, all the way down. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== "object" || value === null) return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shape(entry)]));
}

recordedTest(
  "startCodeSearch() sends the events that the real service was recorded with",
  () =>
    withSearch({}, async (search) => {
      const recorded = eventsOf(
        await recordedText("01-sourcegraph-stream-docs-2024.sse", "code_search"),
      );
      const { events } = await run(search, '"data.city.example" type:file count:1');
      const names = (list: Event[]) => [...new Set(list.map(({ name }) => name))].toSorted();
      assertEquals(names(events), names(recorded));
      const last = (list: Event[], name: string) =>
        list.findLast((event) => event.name === name)!.data;
      for (const name of ["filters", "done"]) {
        assertEquals(shape(last(events, name)), shape(last(recorded, name)));
      }
      const { pathMatches: _, ...match } = last(recorded, "matches")[0];
      assertEquals(shape(last(events, "matches")[0]), shape(match));
      assertEquals(shape(last(events, "progress")), shape(last(recorded, "progress")));
      assertEquals([events[0]?.name, events.at(-1)?.name], ["filters", "done"]);
    }),
);

Deno.test("startCodeSearch() counts lines from 0 and columns in code points", () =>
  withSearch({}, async (search) => {
    const query = '"data.city.example" type:file count:all';
    const { matches, progress } = await run(search, query);
    assertEquals(matches[0]?.lineMatches, [{
      line: "🚲 é https://Data.city.example/A/1 and data.city.example",
      lineNumber: 1,
      offsetAndLengths: [[12, 17], [38, 17]],
    }]);
    assertEquals([progress.matchCount, progress.repositoriesCount], [3, 2]);
    const chunks = (await run(search, query, { cm: "true" })).matches[0]!;
    const [chunk] = chunks.chunkMatches;
    assertEquals(chunk?.contentStart, { offset: 9, line: 1, column: 0 });
    assertEquals(chunk?.ranges[0]?.start, { offset: 25, line: 1, column: 12 });
  }));

Deno.test("startCodeSearch() leaves out forks and archived repositories unless asked", () =>
  withSearch({}, async (search) => {
    const without = await run(search, '"city.example/a/1" type:file count:all');
    assertEquals(without.repositories, ["one", "two"]);
    assertEquals(without.skipped, ["repository-fork", "excluded-archive"]);
    const all = await run(search, '"city.example/a/1" type:file fork:yes archived:yes count:all');
    assertEquals([all.repositories, all.skipped], [["one", "two", "fork", "old"], []]);
  }));

Deno.test("startCodeSearch() unescapes quoted texts and finds what one of several matches", () =>
  withSearch({}, async (search) => {
    assertEquals((await run(search, '"u = \\"https" type:file')).repositories, ["two"]);
    const both = await run(
      search,
      '("city.example/A/1" OR "other.example/b") fork:yes archived:yes',
    );
    assertEquals(both.repositories, ["one", "two", "fork", "old"]);
    assertEquals(both.matches[1]?.lineMatches.map(({ lineNumber }) => lineNumber), [0, 1]);
    assertEquals((await run(search, '"city.example" select:repo')).matches[0]?.type, "repo");
  }));

Deno.test("startCodeSearch() alerts with HTTP 200 when it cannot read the query", () =>
  withSearch({}, async (search) => {
    for (
      const query of [
        '("a.example/b"',
        '"a.example/b" fork:maybe',
        '"a.example/b" count:many',
        '"a.example/b" lang:go',
        // here the filter would belong to the second text alone
        '"a.example/b" OR "c.example/d" fork:yes',
      ]
    ) {
      const { events, matches } = await run(search, query);
      assertEquals(matches, []);
      assertEquals(events[0]?.name, "alert", query);
    }
    assertEquals((await run(search, " ")).events[0]?.name, "error");
    const long = await ask(search, `"${"x".repeat(9000)}"`);
    assertEquals([long.status, await long.text().then((text) => text.includes("414"))], [
      414,
      true,
    ]);
  }));

Deno.test("startCodeSearch() says so when limits cut the answer", async () => {
  await withSearch({ matchLimit: 2 }, async (search) => {
    const { skipped, progress } = await run(search, '"city.example" count:all type:file');
    assert(skipped.includes("shard-match-limit"));
    assertEquals(progress.matchCount, 2);
  });
  await withSearch({ timeoutMatches: 1 }, async (search) => {
    const { skipped, matches } = await run(search, '"city.example" count:all type:file');
    assertEquals([skipped.includes("shard-timeout"), matches.length], [true, 1]);
  });
});

Deno.test("startCodeSearch() fails as planned when faults are given", () =>
  withSearch({
    faults: faultsAt({
      ...{ 1: "429-seconds", 2: "503", 3: "html", 4: "cut", 5: "no-done", 6: "error" },
      ...{ 7: "alert", 8: "shard-timeout", 9: "no-final-progress", 10: "slow" },
    }),
  }, async (search) => {
    const query = '"city.example" type:file count:all';
    for (const status of [429, 503, 200]) {
      const answer = await ask(search, query);
      assertEquals(answer.status, status);
      assert(!answer.headers.get("content-type")?.includes("event-stream"));
      await answer.body?.cancel();
    }
    await assertRejects(async () => await (await ask(search, query)).text());
    const names = async () => (await run(search, query)).events.map(({ name }) => name);
    assertEquals((await names()).includes("done"), false);
    assert((await names()).includes("error"));
    assertEquals((await names())[0], "alert");
    assert((await run(search, query)).skipped.includes("shard-timeout"));
    const { progress } = await run(search, query);
    assertEquals(progress.done, false);
    await assertRejects(async () => {
      const signal = AbortSignal.timeout(50);
      await fetch(`${search.url}/.api/search/stream?q=%22a%22`, { signal });
    });
    assertEquals((await run(search, query)).repositories, ["one", "two"]);
  }));
