import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs/exists";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { Database, quoteText } from "../../lib/duckdb/database.ts";
import { publishDependents, publishMentions } from "../helpers/small_dependents.ts";
import { inSmallSite, type Run, smallSiteIn } from "../helpers/small_site.ts";
import {
  HOSTILE_TITLES,
  publishCatalogue,
  publishSearch,
  SMALL_MENTIONS,
  type smallSite,
} from "../helpers/small_snapshots.ts";

type Site = ReturnType<typeof smallSite>;

/** Publishes the small site's tables and delivers them; gives the report's text. */
async function deliverSmall(site: Site, run: Run, reasons: string[] = []): Promise<string> {
  await publishCatalogue(site, reasons);
  await publishSearch(site, SMALL_MENTIONS);
  await run("09_build_final");
  const { code, stderr } = await run("10_deliver");
  assertEquals(code, reasons.length > 0 ? 3 : 0, stderr);
  return await Deno.readTextFile(join(site.paths.delivery, "report.html"));
}

let folder: string | undefined;
let delivery: Promise<Delivery> | undefined;

interface Delivery {
  site: Site;
  report: string;
}

/** The small site's delivery, made once for all tests that only read it. */
function delivered(): Promise<Delivery> {
  return delivery ??= (async () => {
    folder = await Deno.makeTempDir();
    const { site, run } = await smallSiteIn(folder);
    return { site, report: await deliverSmall(site, run) };
  })();
}

Deno.test.afterAll(async () => {
  if (folder !== undefined) await Deno.remove(folder, { recursive: true });
});

Deno.test("deliver() shows hostile metadata as text and runs nothing of it", async () => {
  const { report } = await delivered();
  for (
    const harm of [
      /<script/i,
      /<img/i,
      /\son\w+=/i,
      /href="(?!https?:\/\/|#|mentions\.md")/i,
      /[\u202a-\u202e]/,
    ]
  ) {
    // what is escaped is text, so only what is there inside a tag counts
    const tags = harm.source.startsWith("<") || harm.source.startsWith("[")
      ? [report]
      : report.match(/<[a-z][^>]*>/gi) ?? [];
    for (const tag of tags) assert(!harm.test(tag), `${harm} in ${tag.slice(0, 200)}`);
  }
  assertStringIncludes(report, "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  assert(!report.includes(HOSTILE_TITLES.long.slice(0, 1000)), "the long title is not cut");
  assertStringIncludes(report, "default-src &#39;none&#39;");
});

Deno.test("deliver() says in the report why it is not complete", () =>
  inSmallSite(async (site, run) => {
    const report = await deliverSmall(site, run, ["12 datasets <are> missing"]);
    assertStringIncludes(report, "12 datasets &lt;are&gt; missing");
    assertStringIncludes(report, "Known to be incomplete");
  }));

Deno.test("deliver() links a mention to its line at the commit, and no address but of the web", async () => {
  const { report } = await delivered();
  assertStringIncludes(report, `href="https://github.com/anna/maps/blob/abc/src/load.py#L3"`);
  assert(!report.includes("javascript:"));
});

Deno.test("deliver() shows addresses that are broken, with the line where they are", async () => {
  const { report } = await delivered();
  assertStringIncludes(report, "<bdi>https://small.example/dataset/old-trees</bdi>");
  assertStringIncludes(report, `href="https://github.com/anna/maps/blob/abc/docs/links.md#L3"`);
});

Deno.test("deliver() says how far the data reaches, each number as what it is, and whose it is", () =>
  inSmallSite(async (site, run) => {
    await publishCatalogue(site);
    await publishMentions(site);
    await publishDependents(site);
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals((await run("10_deliver")).code, 0);
    const report = await Deno.readTextFile(join(site.paths.delivery, "report.html"));
    const reach = report.slice(report.indexOf(`id="reach"`), report.indexOf(`id="uses"`));
    assertEquals(
      [...reach.matchAll(/<dd>([\d,]+)<small>(.*?)</g)].map(([, value, note]) => [value, note]),
      [
        ["3", "of repositories that mention data"],
        ["100", "packages that depend on this one"],
        ["140", "a dependent of two counts twice"],
      ],
    );
    assertStringIncludes(reach, `href="https://npm.example/lib"`);
    assertStringIncludes(reach, "Counted apart: fork");
    assertStringIncludes(reach, `href="https://creativecommons.org/licenses/by-sa/4.0/"`);
    for (const absent of ["javascript:", "7,777", "lodash"]) {
      assert(!reach.includes(absent), absent);
    }

    const text = await Deno.readTextFile(join(site.paths.delivery, "datapackage.json"));
    const { licenses, sources, resources } = JSON.parse(text);
    const names = (of: { name: string }[]) => of.map(({ name }) => name);
    assertEquals(names(licenses), ["CC-BY-SA-4.0"]);
    assertEquals(sources.at(-1).path, "https://packages.ecosyste.ms");
    const licensed = resources.filter((it: { licenses?: unknown }) => it.licenses);
    assertEquals(names(licensed), [
      "final_dataset_reach",
      "final_dataset_reach-parquet",
      "final_key_figures",
      "final_key_figures-parquet",
      "final_organization_reach",
      "final_organization_reach-parquet",
      "final_packages",
      "final_packages-parquet",
    ]);
  }));

Deno.test("deliver() says that no one requested dependents when the stages did not run", async () => {
  const { site, report } = await delivered();
  assertStringIncludes(report, "stages 06 to 08");
  const text = await Deno.readTextFile(join(site.paths.delivery, "datapackage.json"));
  assert(!report.includes("ecosyste.ms"));
  assertEquals(JSON.parse(text).licenses, undefined);
});

Deno.test("deliver() writes CSV that no spreadsheet takes for a formula, and Parquet as it is", async () => {
  const { site } = await delivered();
  const folder = join(site.paths.delivery, "exports");
  const db = await Database.open(site.paths.scratch);
  try {
    const titles = async (file: string) =>
      (await db.rows<{ title: string }>(
        `select title from ${quoteText(join(folder, file))} where id = 'd6'`,
      ))[0]?.title;
    assertEquals(await titles("final_clean_datasets.csv"), `'${HOSTILE_TITLES.formula}`);
    assertEquals(await titles("final_clean_datasets.parquet"), HOSTILE_TITLES.formula);
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.endsWith(".csv")) continue;
      const text = await Deno.readTextFile(join(folder, name));
      // a cell that begins so is quoted or not
      assert(!/(^|,|\n)"?[=+@\t]/.test(text), name);
    }
  } finally {
    db.close();
  }
});

Deno.test("deliver() describes every file and column in datapackage.json", async () => {
  const { site } = await delivered();
  const text = await Deno.readTextFile(join(site.paths.delivery, "datapackage.json"));
  const { resources } = JSON.parse(text);
  assert(resources.length > 30);
  for (const resource of resources) {
    const { size } = await Deno.stat(join(site.paths.delivery, resource.path));
    assertEquals(size, resource.bytes, resource.path);
    assert(resource.description !== "", resource.name);
  }
  const mappings = resources.find((it: { name: string }) =>
    it.name === "final_dataset_repository_mappings"
  );
  assertEquals(mappings.schema.primaryKey, ["dataset_id", "repository"]);
  assertEquals(mappings.rows, 10);
  assertEquals(
    resources.slice(-2).map((it: { path: string; mediatype: string }) => [it.path, it.mediatype]),
    [
      ["graph/mentions.gexf", "application/gexf+xml"],
      ["graph/mentions.graphml", "application/graphml+xml"],
    ],
  );
});

Deno.test("deliver() writes the graph as well-formed XML with every node and edge", async () => {
  const { site } = await delivered();
  for (const [name, node] of [["mentions.gexf", "<node "], ["mentions.graphml", "<node "]]) {
    const text = await Deno.readTextFile(join(site.paths.delivery, "graph", name!));
    // 6 datasets, 2 organizations, 3 repositories; 7 mentions, 6 datasets owned
    assertEquals(text.split(node!).length - 1, 11);
    assertEquals(text.split("<edge ").length - 1, 13);
    assertStringIncludes(text, "&lt;script&gt;");
    const open = text.match(/<[a-z][\w:]*(?=[^<]*>)(?![^<>]*\/>)/g)!.length;
    assertEquals(open, text.match(/<\/[a-z]/g)!.length, "as many elements end as begin");
  }
});

Deno.test("deliver() puts the page on mentions beside the report that links to it", async () => {
  const { site, report } = await delivered();
  const [, address] = /href="([^"]*)">How a mention is found/.exec(report)!;
  assertEquals(
    await Deno.readTextFile(join(site.paths.delivery, address!)),
    await Deno.readTextFile("docs/mentions.md"),
  );
});

Deno.test("deliver() replaces the delivery as a whole", () =>
  inSmallSite(async (site, run) => {
    await deliverSmall(site, run);
    const stray = join(site.paths.delivery, "stray.txt");
    await Deno.writeTextFile(stray, "left over");
    assertEquals((await run("10_deliver")).code, 0);
    assert(!await exists(stray));
    assert(await exists(join(site.paths.delivery, "final.db")));
    const names = [...Deno.readDirSync(join(site.paths.delivery, ".."))].map((it) => it.name);
    assertEquals(names.filter((name) => name.startsWith(".")), []);
  }));

Deno.test("deliver() says what to run first when there is no final", () =>
  inSmallSite(async (_site, run) => {
    const { code, stderr } = await run("10_deliver");
    assertEquals(code, 1);
    assertStringIncludes(stderr, `no snapshot of "final"`);
    assertStringIncludes(stderr, "deno task 09_build_final");
  }));

Deno.test("deliver() lists mentions that the final before did not have, and the workbook has every short table", () =>
  inSmallSite(async (site, run) => {
    await deliverSmall(site, run);
    await publishSearch(site, [
      ...SMALL_MENTIONS,
      { ...SMALL_MENTIONS[0]!, path: "src/new.py", line_number: 9 },
    ]);
    assertEquals((await run("09_build_final")).code, 0);
    assertEquals((await run("10_deliver")).code, 0);
    const report = await Deno.readTextFile(join(site.paths.delivery, "report.html"));
    const start = report.indexOf(`<section id="new"`);
    const section = report.slice(start, report.indexOf("</section>", start));
    assertStringIncludes(section, "1 new mention, compared");
    assertStringIncludes(section, "src/new.py");

    const book = unzipSync(await Deno.readFile(join(site.paths.delivery, "exports/mentions.xlsx")));
    const text = (name: string) => new TextDecoder().decode(book[name]);
    const sheets = [...text("xl/workbook.xml").matchAll(/<sheet name="([^"]+)"/g)].map(([, it]) =>
      it
    );
    assert(sheets.includes("mentions") && sheets.includes("dataset_usage"));
    const titles = text(`xl/worksheets/sheet${sheets.indexOf("clean_datasets") + 1}.xml`);
    // as text: no cell of the workbook is a formula
    assertStringIncludes(titles, ">=HYPERLINK(&quot;");
    assert(!Object.keys(book).some((name) => text(name).includes("<f>")));
    assertEquals(titles.match(/<row>/g)!.length, 8);
  }));
