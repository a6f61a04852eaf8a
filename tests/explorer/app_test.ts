import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { HOSTILE_TITLES } from "../helpers/small_snapshots.ts";
import { type RunningExplorer, startExplorer } from "../helpers/explorer_site.ts";

let explorer: RunningExplorer;
Deno.test.beforeAll(async () => {
  explorer = await startExplorer();
});
Deno.test.afterAll(() => explorer.stop());

async function get(path: string, init: RequestInit = {}) {
  const response = await fetch(explorer.origin + path, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function rows(path: string): Promise<Record<string, unknown>[]> {
  return JSON.parse((await get(path)).text).rows;
}

const topic = `/small/topic/tag/${encodeURIComponent(`<b>a/b?"'</b>`)}`;
const PAGES = [
  "/",
  "/runs",
  "/small",
  "/small/datasets",
  "/small/organizations",
  "/small/repositories",
  "/small/topics",
  "/small/resources",
  "/small/mentions",
  "/small/pairs",
  "/small/packages",
  "/small/dead_references",
  "/small/dataset_reach",
  "/small/organization_reach",
  "/small/method",
  "/small/new",
  "/small/search?q=script",
  "/small/graph",
  "/small/graph?dataset_id=d1",
  "/small/graph?organization_id=o2",
  "/small/graph?repository=gitlab.com/city/lab",
  ...[1, 2, 3, 4, 5, 6, 7].map((number) => `/small/dataset/d${number}`),
  "/small/organization/o2",
  "/small/resource/r1b",
  "/small/repository/github.com/anna/maps",
  "/small/repository/gitlab.com/city/lab",
  topic,
];

Deno.test("createApp() shows hostile metadata as text on every page", async () => {
  for (const path of PAGES) {
    const { status, text } = await get(path);
    assertEquals(status, 200, path);
    for (const tag of text.match(/<[a-z][^>]*>/gi) ?? []) {
      assert(!/^<(img|b|iframe|object)\b/i.test(tag), `${path}: ${tag}`);
      // the text of an attribute may say anything
      const names = tag.replace(/"[^"]*"/g, '""');
      assert(!/\s(on\w+|style)=/i.test(names), `${path}: ${tag}`);
      assert(!/(href|src|action)="(?!https?:\/\/|\/|#)/i.test(tag), `${path}: ${tag}`);
      if (/href="https?:/i.test(tag)) assertMatch(tag, /rel="(noopener )?noreferrer"/, path);
    }
    for (const script of text.match(/<script[\s\S]*?<\/script>/gi) ?? []) {
      assertMatch(script, /^<script src="\/static\/[a-z]+\.js" defer><\/script>$/, path);
    }
    assert(!/[\u202a-\u202e\u2066-\u2069]/.test(text), `${path} has a character that turns text`);
    assert(!text.includes(HOSTILE_TITLES.long.slice(0, 700)), `${path} has the long title whole`);
  }
  assertStringIncludes((await get("/small/dataset/d2")).text, "&lt;script&gt;alert(");
});

Deno.test("createApp() sends a policy that lets nothing foreign or inline run, errors included", async () => {
  for (const path of ["/small", "/nowhere", "/small/datasets?page=x", "/static/style.css"]) {
    const { headers } = await get(path);
    const policy = headers.get("content-security-policy") ?? "";
    assertStringIncludes(policy, "default-src 'none'; script-src 'self'; style-src 'self'", path);
    assert(!policy.includes("unsafe"), path);
    assertEquals(headers.get("x-content-type-options"), "nosniff", path);
  }
});

Deno.test("createApp() answers 404 to unknown pages and to tricks with paths", async () => {
  for (
    const path of [
      "/nowhere",
      "/small/nowhere",
      "/small/dataset/nowhere",
      "/small/dataset/..%2f..%2f..%2fetc%2fpasswd",
      "/small/dataset/%E0%A4%A",
      "/small/dataset/%00",
      "/small/dataset/d1'%20or%20'1'='1",
      "/small/resource/d1",
      "/small/repository/..%2f..%2fetc",
      "/small/topic/tag/nothing",
      "/small/mention/nothing",
      "/small/together",
      "/small/datasets?page=2",
      "/small/constructor",
      "/small/data/constructor.csv",
      "/small/data/mentions.exe",
      "/static/..%2fapp.ts",
      "/static/constructor",
      "/runs/other.csv",
      "/snapshots/other.csv",
      "/runs/..%2f..%2fsmall.csv",
    ]
  ) assertEquals((await get(path)).status, 404, path);
});

Deno.test("createApp() answers 400 to invalid parameters, and names the valid ones", async () => {
  for (
    const path of [
      "/?x=1",
      "/runs?x=1",
      "/small?x=1",
      "/small/dataset/d1?x=1",
      "/small/search?q=a&x=1",
      "/small/search.json?q=a&x=1",
      "/small/data/match_kinds.csv?x=1",
      "/static/style.css?x=1",
      "/small/datasets?page=0",
      "/small/datasets?page=-1",
      "/small/datasets?page=1%3Bdrop%20table%20x",
      "/small/datasets?title=x",
      "/small/datasets?__proto__=x",
      "/small/mentions?1%3D1)--=x",
      "/small/mentions?language=%00",
      "/small/search?q=a&kind=everything",
      "/small/graph?edges=5000",
      "/small/graph?dataset_id=d1&repository=x",
      "/small/data/together.csv",
    ]
  ) assertEquals((await get(path)).status, 400, path);
  assertStringIncludes(
    (await get("/small/datasets?title=x")).text,
    "organization_id, is_mentioned",
  );
  const echo = (await get(`/small/datasets?${"x".repeat(500)}=1`)).text;
  assert(!echo.includes("x".repeat(50)), "the error repeats a long value");
});

Deno.test("createApp() binds what is in the address", async () => {
  assertEquals(await rows("/small/data/mentions.json?language=x'%20or%20'1'='1"), []);
  assertEquals(await rows("/small/data/datasets.json?topic=tag:Trees'--"), []);
  assertEquals((await get("/small/search?q=%25")).text.includes('class="found"'), false);
});

/** What the server sends to a request with that first line and host. */
async function raw(line: string, host: string): Promise<string> {
  const connection = await Deno.connect({ port: Number(new URL(explorer.origin).port) });
  await connection.write(
    new TextEncoder().encode(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
  );
  return await new Response(connection.readable).text();
}

Deno.test("createApp() answers no other host, and changes nothing", async () => {
  assertMatch(await raw("GET /", "evil.example"), /^HTTP\/1\.1 421 /);
  for (const host of ["127.0.0.1:99999", "127.0.0.1:x", "[::1"]) {
    assertMatch(await raw("GET /", host), /^HTTP\/1\.1 400 /, host);
  }
  assertMatch(await raw("GET /", "evil.example"), /content-security-policy: default-src 'none'/i);
  const post = await get("/small", { method: "POST" });
  assertEquals(post.status, 405);
  assertEquals(post.headers.get("x-content-type-options"), "nosniff");
});

Deno.test("createApp() gives HEAD the length of the page, and 304 to who has it", async () => {
  const { headers, text } = await get("/small/datasets", { headers: { "accept-encoding": "x" } });
  for (const path of ["/small/datasets", "/", "/static/style.css"]) {
    const length = (await get(path, { headers: { "accept-encoding": "x" } })).text;
    const answer = await raw(`HEAD ${path}`, "127.0.0.1");
    assertStringIncludes(
      answer.toLowerCase(),
      `content-length: ${new TextEncoder().encode(length).length}\r\n`,
      path,
    );
  }
  const etag = headers.get("etag")!;
  assertEquals((await get("/small/datasets", { headers: { "if-none-match": etag } })).status, 304);
  const gzipped = await get("/small/datasets", { headers: { "accept-encoding": "gzip" } });
  assertEquals(gzipped.text, text);
  const csv = "/small/data/mentions.csv";
  const packed = await raw(`GET ${csv}`, "127.0.0.1\r\nAccept-Encoding: gzip");
  assertStringIncludes(packed.toLowerCase(), "content-encoding: gzip");
  assertEquals(
    (await get(csv, { headers: { "accept-encoding": "gzip" } })).text,
    (await get(csv, { headers: { "accept-encoding": "x" } })).text,
  );
});

Deno.test("createApp() reads no rows for who asks only for the head of a file", async () => {
  for (let time = 0; time < 10; time += 1) {
    assertEquals((await get("/small/data/resources.csv", { method: "HEAD" })).status, 200);
  }
  assertEquals((await get("/small/data/resources.csv")).status, 200);
});

Deno.test("createApp() links a mention to its line at the commit, and no address but of the web", async () => {
  const { text } = await get("/small/dataset/d1");
  assertStringIncludes(text, `href="https://github.com/anna/maps/blob/abc/src/load.py#L3"`);
  assertStringIncludes(text, "<mark>https://data.small.example/r1.csv</mark>");
  assert(!(await get("/small/dataset/d3")).text.includes("javascript:"));
});

Deno.test("createApp() narrows by facets and counts what is left", async () => {
  const { text } = await get("/small/mentions?match_kind=exact&counted_as=original");
  assertStringIncludes(text, "4 mentions");
  const all = await rows("/small/data/mentions.json");
  const exact = await rows("/small/data/mentions.json?match_kind=exact&counted_as=original");
  assertEquals(
    exact.length,
    all.filter((row) => row.match_kind === "exact" && row.counted_as === "original").length,
  );
  for (const facet of ["format=CSV", "organization_id=o1", "language=Python", "kind_of_use=code"]) {
    const some = await rows(`/small/data/mentions.json?${facet}`);
    assert(some.length > 0 && some.length <= all.length, facet);
    const datasets = await rows(`/small/data/datasets.json?${facet}`);
    assert(datasets.length > 0 && datasets.length < 8, facet);
  }
  assertEquals(
    (await rows("/small/data/datasets.json?is_mentioned=no")).map((row) => row.dataset_id),
    ["d7"],
  );
  assertEquals(
    (await rows("/small/data/datasets.json?topic=tag:Trees")).map((row) => row.dataset_id),
    ["d1", "d7"],
  );
});

Deno.test("createApp() puts forks, mirrors and generic URLs after what counts", async () => {
  const counted = (await rows("/small/data/mentions.json")).map((row) => row.counted_as);
  assertEquals(counted.slice(-3), ["generic", "fork", "catalogue_mirror"]);
  assertEquals(new Set(counted.slice(0, -3)), new Set(["original"]));
});

Deno.test("createApp() gives every list as CSV and JSON with the same rows", async () => {
  for (
    const list of [
      "datasets",
      "organizations",
      "repositories",
      "topics",
      "resources",
      "mentions",
      "pairs",
      "packages",
      "dataset_reach",
      "organization_reach",
    ]
  ) {
    const json = await rows(`/small/data/${list}.json`);
    const csv = await get(`/small/data/${list}.csv`);
    assert(json.length > 1, list);
    assertStringIncludes(csv.headers.get("content-disposition")!, `small_${list}.csv`);
    assertEquals(csv.text.split("\r\n").length - 2, json.length, list);
    assertEquals(csv.text.split("\r\n")[0], Object.keys(json[0]!).join(","), list);
    assert(!/(^|,|\n)"?[=+@\t]/.test(csv.text), list);
  }
  assertEquals((await rows("/small/data/match_kinds.json")).length, 9);
});

Deno.test("createApp() says which datasets are used together, and the topics of one", async () => {
  const together = await rows("/small/data/together.json?dataset_id=d1");
  assertEquals(together.map((row) => row.dataset_id).sort(), ["d2", "d4", "d5", "d6"]);
  const { text } = await get("/small/dataset/d1");
  assertStringIncludes(text, `href="/small/topic/tag/Trees"`);
  assertStringIncludes((await get("/small/topic/tag/Trees")).text, "2 datasets");
});

Deno.test("searchResults() finds every word wherever it is, ids too, and nothing for nothing", async () => {
  const ids = async (q: string) =>
    (await rows(`/small/search.json?q=${encodeURIComponent(q)}`)).map((row) => row.id);
  assertEquals(await ids("DISTRICT popul"), ["d1"]);
  assertEquals(await ids("stätistical"), ["o1"]);
  assertEquals(await ids("anna/maps"), ["github.com/anna/maps"]);
  assertEquals(await ids("population nowhere"), []);
  assertEquals(await ids("  "), []);
  const part = await get("/small/search?q=popul&part=results");
  assert(!part.text.includes("<html"));
  assertStringIncludes(part.text, `href="/small/dataset/d1"`);
});

Deno.test("mentionPage() has a text to report a wrong match, with what finds the place again", async () => {
  const [row] = await rows("/small/data/mentions.json?dataset_id=d1&resource_id=r1");
  const { status, text } = await get(`/small/mention/${row!.mention_id}`);
  assertEquals(status, 200);
  const report = /<textarea[^>]*>([\s\S]*?)<\/textarea>/.exec(text)![1]!;
  for (const wanted of [row!.mention_id, row!.repository, row!.path, "final_", "d1", "r1"]) {
    assertStringIncludes(report, String(wanted));
  }
});

Deno.test("graphData() gives the same picture each time, as JSON and GEXF", async () => {
  const first = JSON.parse((await get("/small/graph.json?dataset_id=d1")).text);
  const ids = first.nodes.map((node: { id: string }) => node.id);
  assert(ids.includes("dataset:d1") && ids.includes("repository:github.com/ben/atlas"));
  assert(!ids.includes("repository:github.com/eve/maps"), "a fork is in the graph");
  const gexf = await get("/small/graph.gexf?dataset_id=d1");
  assertEquals(gexf.text.match(/<node /g)?.length, ids.length);
  assertEquals(gexf.text.match(/<viz:position /g)?.length, ids.length);
  assertEquals(new Set(gexf.text.match(/<viz:shape [^>]*>/g)).size, 2);
  assert(!/<script/i.test(gexf.text));
  assertEquals(
    JSON.parse((await get("/small/graph.json?dataset_id=d1&edges=399")).text).nodes,
    first.nodes,
  );
});

Deno.test("runsPage() shows runs, snapshots and what the final was made from", async () => {
  const { text } = await get("/runs");
  for (const wanted of ["09_build_final", "clean_ckan_api_", "local_api_", "ckan_api_"]) {
    assertStringIncludes(text, wanted);
  }
  assertEquals((await rows("/runs/small.json")).map((run) => run.stage), ["09_build_final"]);
  assert((await rows("/snapshots/small.json")).some((it) => it.complete && it.rows));
  assertMatch((await get("/snapshots/small.csv")).text, /^name,created_at,bytes,rows,complete/);
  assertMatch((await get("/runs/small.csv")).text, /^stage,started_at,.*\r\n09_build_final,/);
});

Deno.test("createApp() says whose the package data is, on the page and in its files", async () => {
  for (const list of ["packages", "dataset_reach", "organization_reach"]) {
    const { text } = await get(`/small/${list}`);
    assertStringIncludes(text, "creativecommons.org/licenses/by-sa/4.0/", list);
    const csv = await get(`/small/data/${list}.csv`);
    assertMatch(csv.headers.get("link")!, /by-sa\/4\.0\/>; rel="license"/, list);
    const { package_data } = JSON.parse((await get(`/small/data/${list}.json`)).text);
    assertEquals(package_data.licence.name, "CC-BY-SA-4.0", list);
  }
  const [most] = await rows("/small/data/packages.json");
  assertEquals([most!.name, most!.dependent_packages_count], ["maps", 100]);
  assertEquals((await get("/small/data/datasets.csv")).headers.get("link"), null);
});

Deno.test("createApp() lists addresses that are broken, with a link to their line", async () => {
  const { text } = await get("/small/dead_references");
  assertStringIncludes(text, "https://small.example/dataset/old-trees");
  assertStringIncludes(text, `href="https://github.com/anna/maps/blob/abc/docs/links.md#L3"`);
  const [row] = await rows("/small/data/dead_references.json?names=dataset");
  assertEquals(row!.repository, "github.com/anna/maps");
});
