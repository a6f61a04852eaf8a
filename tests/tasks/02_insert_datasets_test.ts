import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs/exists";
import { join } from "node:path";
import { startPortal } from "../../lib/demo/services/portal.ts";
import { startGateway } from "../helpers/gateway.ts";
import { type HarvestSite, harvestSite } from "../helpers/harvest_site.ts";
import { recorded, recordedTest } from "../helpers/recorded_data.ts";
import { inPage } from "../helpers/recorded_pages.ts";

const HARVEST = "01_download_datasets";
const TASK = "02_insert_datasets";

const text = new TextDecoder();

/** Every record of the page is in raw_json byte for byte, but for ends of lines between tokens. */
async function assertVerbatim(site: HarvestSite, page: Uint8Array): Promise<void> {
  const rows = await site.rows<{ id: string; raw_json: string }>(
    "select id, raw_json from ckan_datasets",
  );
  const byId = new Map(rows.map(({ id, raw_json }) => [id, raw_json]));
  const whole = text.decode(page).replace(/[\r\n]/g, " ");
  let at = 0;
  for (const { id } of JSON.parse(whole).result.results) {
    const found = whole.indexOf(byId.get(id)!, at);
    assert(found >= at, `dataset ${id} is not as it came`);
    at = found + byId.get(id)!.length;
  }
}

const TABLES = `select
    (select count(*) from ckan_datasets) as datasets,
    (select count(*) from ckan_resources) as resources,
    (select count(*) from ckan_organizations) as organizations,
    (select count(*) from ckan_tags) as tags,
    (select count(*) from ckan_extras) as extras,
    (select count(*) from ckan_groups) as groups`;

recordedTest("02 loads 800 recorded datasets of dados.gov.br as they came", async () => {
  const page = await recorded("01-dadosgovbr-package_search-rows800.json.gz");
  await inPage(page, async (site) => {
    const harvested = await site.run(HARVEST);
    assertEquals(harvested.code, 3, harvested.stderr);
    assertStringIncludes(harvested.stderr, "12,986 of the 13,786 datasets");
    const { code, stderr } = await site.run(TASK);
    assertEquals(code, 3, stderr);
    assertEquals(await site.rows(TABLES), [{
      datasets: 800,
      resources: 8006,
      organizations: 60,
      tags: 1949,
      extras: 2937,
      groups: 7,
    }]);
    await assertVerbatim(site, page);
    // integers above 2^31, C1 controls, U+FFFD and NBSP arrive as characters
    assertEquals(
      await site.rows(
        `select
            count(*) filter (where id = '0fd2ac86-4673-46c0-a889-b46224ade563' and size = '3279123698')
                as large,
            sum(len(regexp_extract_all(description, chr(65533)))) as replacement
        from ckan_resources`,
      ),
      [{ large: 1, replacement: 54 }],
    );
    assertEquals(
      await site.rows(
        `select id from ckan_datasets where raw_json like '%\\u0096%' order by id`,
      ),
      [{ id: "a48495f3-39b0-417a-a884-9006250c7e86" }, {
        id: "a650aa40-776c-4042-8318-2c3863eb9922",
      }],
    );
    assertEquals(
      await site.rows(
        "select * from ckan_new_keys where record_kind = 'dataset' or records > 4000 order by all",
      ),
      [
        { record_kind: "dataset", key: "revision_id", records: 800 },
        { record_kind: "resource", key: "datastore_active", records: 4005 },
        { record_kind: "resource", key: "revision_id", records: 8006 },
      ],
    );
  });
});

for (
  const [name, datasets, resources] of [
    ["02-dadosgovbr-package_search-start0.json", 10, 27],
    ["07-envidat-package_search.json", 2, 5],
    ["13-datagovuk-package_search.json", 4, 10],
  ] as const
) {
  recordedTest(`02 loads the recorded page ${name}`, async () => {
    const page = await recorded(name);
    await inPage(page, async (site) => {
      await site.run(HARVEST);
      const { code, stderr } = await site.run(TASK);
      assertEquals(code, 3, stderr);
      const [counts] = await site.rows<Record<string, number>>(TABLES);
      assertEquals([counts!.datasets, counts!.resources], [datasets, resources]);
      await assertVerbatim(site, page);
    });
  });
}

const ODD = String
  .raw`{"id": "a", "name": "odd", "title": {"de": "Wald", "en": "wood"}, "isopen": true,
  "notes": "caf\u00e9 \u0096 \ufffd \u00a0 \ud83d\ude00 ü NBSP:@ \"q\" \\ud800", "num_resources": 3,
  "version": 123456789012345678901234567890, "price": 1.10, "tags": null, "organization": null,
  "extras": [{"key": "k", "value": "[1, 2"}, {"key": "k", "value": 9007199254740993}],
  "relationships_as_subject": [{"id": "r", "type": "child_of", "__extras":
    {"subject_package_id": "a", "object_package_id": "b"}}],
  "resources": [{"id": "r1", "size": 10004794304, "url": " https://x.example/ü?a=1 "}, null,
    {"id": "r1", "package_id": "a", "size": "42 octets", "novel": 1}]}`
  .replace("@", "\u00a0");
const EVEN = (title: string, resources = "") =>
  `{"id": "b", "title": "${title}", "resources": "${resources}", "organization": ` +
  `{"id": "o", "title": "${title}"}}`;

function pageOf(records: string[], count = records.length): string {
  return `{"help": "?", "success": true, "result": {"count": ${count}, "results": [${
    records.join(", ")
  }]}}`;
}

Deno.test("02 changes no number and no character, and takes any kind of value", async () => {
  const page = new TextEncoder().encode(pageOf([ODD, EVEN("x", "none")]));
  await inPage(page, async (site) => {
    await site.run(HARVEST);
    const { code, stderr } = await site.run(TASK);
    assertEquals(code, 3, stderr);
    assertStringIncludes(stderr, 'unread shape of "resources": text: 1 records, in "b"');
    assertStringIncludes(stderr, '"novel"');
    assertStringIncludes(stderr, '"price"');
    const [odd] = await site.rows<Record<string, string>>(
      "select * from ckan_datasets where id = 'a'",
    );
    assertEquals(odd!.raw_json, ODD.replaceAll("\n", " "));
    assertEquals(odd!.title, '{"de":"Wald","en":"wood"}');
    assertEquals(odd!.isopen, "true");
    assertEquals(odd!.version, "123456789012345678901234567890");
    assertEquals(odd!.notes, 'caf\u00e9 \u0096 \ufffd \u00a0 \u{1f600} ü NBSP:\u00a0 "q" \\ud800');
    assertEquals(
      await site.rows(
        "select dataset_id, id, package_id, size, url from ckan_resources order by size",
      ),
      [
        {
          dataset_id: "a",
          id: "r1",
          package_id: null,
          size: "10004794304",
          url: " https://x.example/ü?a=1 ",
        },
        { dataset_id: "a", id: "r1", package_id: "a", size: "42 octets", url: null },
        { dataset_id: "a", id: null, package_id: null, size: null, url: null },
      ],
    );
    assertEquals(await site.rows("select dataset_id, key, value from ckan_extras order by value"), [
      { dataset_id: "a", key: "k", value: "9007199254740993" },
      { dataset_id: "a", key: "k", value: "[1, 2" },
    ]);
    assertEquals(
      await site.rows(
        "select dataset_id, direction, type, subject_package_id, object_package_id from ckan_relationships",
      ),
      [{
        dataset_id: "a",
        direction: "subject",
        type: "child_of",
        subject_package_id: "a",
        object_package_id: "b",
      }],
    );
    const types = await site.rows<{ data_type: string }>(
      `select distinct data_type from duckdb_columns()
      where database_name = 'ckan_api' and column_name not in ('record_number', 'records', 'places', 'is_unread')`,
    );
    assertEquals(types, [{ data_type: "VARCHAR" }]);
  });
});

Deno.test("02 replaces what no parser reads, says so, and loses no record", async () => {
  const page = new TextEncoder().encode(
    pageOf([String.raw`{"id": "a", "title": "half \ud83d", "notes": "?"}`, '{"id": "b"}']).replace(
      '"?"}',
      '"#"}',
    ),
  );
  page[page.indexOf(35)] = 0xff;
  await inPage(page, async (site) => {
    await site.run(HARVEST);
    const { code, stderr } = await site.run(TASK);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, 'not Unicode, replaced by U+FFFD: 1 records, in "a"');
    assertEquals(await site.rows("select id, title, notes from ckan_datasets order by id"), [
      { id: "a", title: "half \ufffd", notes: "\ufffd" },
      { id: "b", title: null, notes: null },
    ]);
  });
});

Deno.test("02 keeps differing copies of a dataset, the later one with the larger number", async () => {
  // the page grows by a row while it is read, and the overlap brings a dataset twice
  const pages = [pageOf(['{"id":"0"}', EVEN("old")], 3), pageOf([EVEN("new"), '{"id":"c"}'], 3)];
  const gateway = startGateway(undefined, ({ searchParams }) => {
    if (searchParams.get("sort") === "metadata_modified desc") return new Response(pages[0]);
    if (searchParams.has("fq")) return new Response("", { status: 400 });
    return new Response(pages[searchParams.get("start") === "0" ? 0 : 1]);
  });
  const site = await harvestSite(gateway.endpointUrl);
  try {
    const harvested = await site.run(HARVEST);
    assertEquals(harvested.code, 0, harvested.stderr);
    assertEquals((await site.run(TASK)).code, 0);
    assertEquals(
      await site.rows("select title from ckan_datasets where id = 'b' order by record_number"),
      [{ title: "old" }, { title: "new" }],
    );
    assertEquals(await site.rows("select title from ckan_organizations order by record_number"), [
      { title: "old" },
      { title: "new" },
    ]);
  } finally {
    await gateway.close();
    await site.remove();
  }
});

Deno.test("02 loads the demo's portal, once, and leaves nothing behind", async () => {
  const portal = startPortal({ datasets: 250 });
  const site = await harvestSite(portal.endpointUrl, "page_size = 100");
  try {
    const early = await site.run(TASK);
    assertEquals(early.code, 1);
    assertStringIncludes(early.stderr, 'run "deno task 01_download_datasets" first');
    await site.run(HARVEST);
    const { code, stderr } = await site.run(TASK);
    assertEquals(code, 0, stderr);
    const [counts] = await site.rows<Record<string, number>>(TABLES);
    assertEquals(counts!.datasets, 250);
    const listed = (await site.pages()).flatMap(({ result }) =>
      result.results as unknown as { resources: unknown[] }[]
    );
    assertEquals(counts!.resources, listed.flatMap(({ resources }) => resources).length);
    assert(!await exists(join(site.root, "artifacts/harvested/scratch/records")));
    assertStringIncludes((await site.run(TASK)).stderr, "Up to date");
  } finally {
    await portal.close();
    await site.remove();
  }
});

Deno.test("02 publishes nothing when a page was taken away or changed", async () => {
  const portal = startPortal({ datasets: 250 });
  const site = await harvestSite(portal.endpointUrl, "page_size = 100");
  try {
    await site.run(HARVEST);
    const { folder } = (await site.sealed())!;
    const journal = join(folder, "journal.ndjson");
    const lines = (await Deno.readTextFile(journal)).trimEnd().split("\n");
    await Deno.writeTextFile(journal, lines.toSpliced(2, 1).join("\n") + "\n");
    const dropped = await site.run(TASK);
    assertEquals(dropped.code, 1);
    assertStringIncludes(dropped.stderr, "something was removed there");
    await Deno.writeTextFile(journal, lines.join("\n") + "\n");
    await Deno.copyFile(join(folder, "000001.gz"), join(folder, "000002.gz"));
    const changed = await site.run(TASK);
    assertEquals(changed.code, 1);
    assertStringIncludes(changed.stderr, "its hash differs");
    assert(
      !await exists(join(site.root, "artifacts/read_only/harvested/"), { isDirectory: true }) ||
        [...Deno.readDirSync(join(site.root, "artifacts/read_only/harvested"))]
          .every(({ name }) => name.startsWith(".building")),
    );
  } finally {
    await portal.close();
    await site.remove();
  }
});
