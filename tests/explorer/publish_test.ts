import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, join, normalize } from "node:path";
import { gunzipSync } from "node:zlib";
import { Database, quoteText } from "../../lib/duckdb/database.ts";
import { fileNameOf } from "../../lib/explorer/static/shared.js";
import { runTask } from "../helpers/run_task.ts";
import { buildFinalOf, buildSmallFinal } from "../helpers/explorer_site.ts";
import { BASE_URL, filesBelow, publishSmall } from "../helpers/published_site.ts";
import { HOSTILE_TITLES, publishSearch, SMALL_MENTIONS } from "../helpers/small_snapshots.ts";
import { smallSite } from "../helpers/small_snapshots.ts";

let root: string;
let files: Map<string, Uint8Array<ArrayBuffer>>;
Deno.test.beforeAll(async () => {
  root = await Deno.makeTempDir();
  await buildSmallFinal(root);
  // a second search finds one more place, which is then new
  await publishSearch(smallSite(root), [
    ...SMALL_MENTIONS,
    { ...SMALL_MENTIONS[0]!, path: "src/new.py", line_number: 9 },
  ]);
  await buildFinalOf(root);
  await publishSmall(root, join(root, "out"));
  files = await filesBelow(join(root, "out"));
});
Deno.test.afterAll(() => Deno.remove(root, { recursive: true }));

const text = (path: string) => new TextDecoder().decode(files.get(path));
const pages = () => [...files.keys()].filter((path) => path.endsWith(".html"));
const json = (path: string) => JSON.parse(new TextDecoder().decode(gunzipSync(files.get(path)!)));

Deno.test("publishSite() writes the same bytes for the same snapshot", async () => {
  await publishSmall(root, join(root, "again"));
  const again = await filesBelow(join(root, "again"));
  assertEquals([...again.keys()].sort(), [...files.keys()].sort());
  for (const [path, bytes] of files) assertEquals(again.get(path), bytes, path);
});

Deno.test("publishSite() links only to files that exist, from any path", () => {
  let links = 0;
  for (const path of pages()) {
    for (const [, href] of text(path).matchAll(/(?:href|src|action|data-table)="([^"]*)"/g)) {
      if (/^(https?:|#)/.test(href!)) continue;
      const [file] = href!.replaceAll("&amp;", "&").split(/[?#]/);
      const target = normalize(join(dirname(path), decodeURIComponent(file!)));
      assert(files.has(target), `${path} links to ${href}`);
      links += 1;
    }
  }
  assert(links > 500, "the links were not found");
});

Deno.test("publishSite() shows hostile metadata as text, under a policy that runs nothing else", () => {
  for (const path of pages()) {
    const page = text(path);
    assertStringIncludes(
      page,
      `content="default-src &#39;none&#39;; script-src &#39;self&#39;;`,
      path,
    );
    for (const tag of page.match(/<[a-z][^>]*>/gi) ?? []) {
      assert(!/^<(img|iframe|object|embed|style)\b/i.test(tag), `${path}: ${tag}`);
      assert(!/\s(on\w+|style)=/i.test(tag.replace(/"[^"]*"/g, '""')), `${path}: ${tag}`);
      assert(!/(href|src|action)="(javascript|data|vbscript):/i.test(tag), `${path}: ${tag}`);
    }
    assertEquals(/<script(?![^>]* src="(\.\.\/)?assets\/)/.test(page), false, path);
    assert(!page.includes(HOSTILE_TITLES.long.slice(0, 700)), path);
  }
  assertStringIncludes(text("dataset/d2.html"), "&lt;script&gt;alert(");
});

Deno.test("publishSite() has a page for every organization, mentioned dataset, topic and repository", () => {
  const names = pages();
  for (const id of ["d1", "d2", "d3", "d4", "d5", "d6"]) {
    assert(names.includes(`dataset/${id}.html`));
  }
  // nothing mentions it: the lists have it, without a link
  assert(!names.includes("dataset/d7.html"));
  assert(names.includes(`repository/${fileNameOf("github.com/anna/maps")}.html`));
  assert(names.includes(`topic/${fileNameOf("tag:Trees")}.html`));
  for (const page of ["index", "method", "new", "dead_references", "graph", "search"]) {
    assert(names.includes(`${page}.html`), page);
  }
  assertStringIncludes(text("datasets.html"), `href="dataset/d1.html"`);
});

Deno.test("publishSite() gives tables that any reader of Parquet reads, with the rows of the list", async () => {
  const db = await Database.open();
  try {
    const count = async (list: string) =>
      (await db.one<{ rows: number }>(
        `select count(*) as rows from ${quoteText(join(root, "out/data", `${list}.parquet`))}`,
      )).rows;
    assertEquals(await count("datasets"), 7);
    const { rows, parts } = JSON.parse(text("data/mentions.json"));
    assertEquals(await count("mentions"), rows);
    assertEquals(parts[0].bytes, files.get("data/mentions.parquet")!.length);
    const [first] = await db.rows<{ title: string; codec: string }>(
      `select title from ${quoteText(join(root, "out/data/datasets.parquet"))}
       where dataset_id = 'd6'`,
    );
    assertEquals(first!.title, HOSTILE_TITLES.formula);
    assertStringIncludes(
      text("data/datasets.csv"),
      `'${HOSTILE_TITLES.formula.replaceAll('"', '""')}`,
    );
    const codecs = await db.rows<{ compression: string }>(
      `select distinct compression from parquet_metadata(${
        quoteText(join(root, "out/data/datasets.parquet"))
      })`,
    );
    assertEquals(codecs, [{ compression: "SNAPPY" }]);
  } finally {
    db.close();
  }
});

Deno.test("publishSite() puts words into files by their first two letters, without ids", () => {
  const index = json("search/index.json.gz");
  assert(index.words.includes("po"));
  const words = json("search/words/po.json.gz");
  assert(Object.keys(words).every((word) => word.startsWith("po")));
  assertEquals(json("search/entries/dataset-0.json.gz").length, 7);
});

Deno.test("publishSite() lists what is new on a page and in feeds, and only there", () => {
  assertStringIncludes(text("new.html"), "New since ");
  assertStringIncludes(text("new.html"), "1 new mention");
  const entries = (path: string) => text(path).match(/<entry>/g)?.length ?? 0;
  assertEquals(entries("feeds/all.xml"), 1);
  assertEquals(entries(`feeds/dataset-${SMALL_MENTIONS[0]!.dataset_id}.xml`), 1);
  assertEquals(entries("feeds/dataset-d4.xml"), 0);
  assertStringIncludes(text("feeds/all.xml"), "src/new.py:9");
  for (const path of [...files.keys()].filter((it) => it.endsWith(".xml"))) {
    assertMatch(text(path), /^<\?xml version="1.0" encoding="utf-8"\?>/, path);
    assert(!/<(script|img|b)\b/.test(text(path)), path);
  }
  assertStringIncludes(text("feeds/all.xml"), `href="${BASE_URL}feeds/all.xml"`);
});

Deno.test("publishSite() names its pages in a sitemap when it knows where it will be", async () => {
  assertStringIncludes(text("sitemap.xml"), `<loc>${BASE_URL}dataset/d1.html</loc>`);
  assertStringIncludes(text("robots.txt"), `Sitemap: ${BASE_URL}sitemap.xml`);
  assertStringIncludes(text("index.html"), `<link rel="canonical" href="${BASE_URL}index.html">`);
  await publishSmall(root, join(root, "anywhere"), "");
  const anywhere = await filesBelow(join(root, "anywhere"));
  assert(!anywhere.has("sitemap.xml"));
});

Deno.test("publish() replaces an earlier site, and no other folder", async () => {
  const out = join(root, "published");
  const run = (...flags: string[]) =>
    runTask(
      "publish_site",
      "--config-file",
      join(root, "small.toml"),
      "--artifacts-dir",
      root,
      ...flags,
    );
  const first = await run("--out", out);
  assertEquals(first.code, 0, first.stderr);
  await Deno.writeTextFile(join(out, "stray.html"), "left over");
  assertEquals((await run("--out", out)).code, 0);
  assertEquals((await filesBelow(out)).has("stray.html"), false);
  const other = join(root, "other");
  await Deno.mkdir(other);
  await Deno.writeTextFile(join(other, "thesis.txt"), "the only copy");
  const refused = await run("--out", other);
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, "has other files");
  assertEquals((await run("--out", out, "--base-url", "ftp://x")).code, 2);
  assertEquals((await run()).code, 2);
});
