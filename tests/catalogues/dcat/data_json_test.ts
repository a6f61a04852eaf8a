import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type HarvestSite, harvestSite } from "../../helpers/harvest_site.ts";
import { recorded, recordedTest } from "../../helpers/recorded_data.ts";

const HARVEST = "01_download_datasets";
const INSERT = "02_insert_datasets";
const CLEAN = "03_clean_datasets";

type Answer = (number: number, request: Request) => Response;

/** Runs a test on a site whose catalogue is what `answer` gives. */
async function inFile(answer: Answer, test: (site: HarvestSite) => Promise<void>): Promise<void> {
  let number = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => answer(++number, request),
  );
  const endpoint = `http://127.0.0.1:${server.addr.port}/data.json`;
  const site = await harvestSite(endpoint, "attempts = 3", 'api = "dcat_us"');
  try {
    await test(site);
  } finally {
    await server.shutdown();
    await site.remove();
  }
}

/** The bytes, a part at a time. */
function streamed(bytes: Uint8Array, size: number, headers: HeadersInit = {}): Response {
  let at = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at += size));
    },
  });
  return new Response(body, { headers });
}

const json = (datasets: unknown[]) =>
  new TextEncoder().encode(JSON.stringify({ "@type": "dcat:Catalog", dataset: datasets }));

async function succeeds(site: HarvestSite, task: string): Promise<string> {
  const { code, stderr } = await site.run(task);
  assertEquals(code, 0, stderr);
  return stderr;
}

recordedTest("01 to 03 take the recorded data.json of healthdata.gov", async () => {
  const file = await recorded("healthdata.gov.data.json.gz", "dcat_us");
  await inFile(() => streamed(file, 100_000), async (site) => {
    const harvested = await succeeds(site, HARVEST);
    assertStringIncludes(harvested, "1,762 records");
    assertStringIncludes(harvested, "106 with an identifier that another one has");
    await succeeds(site, INSERT);
    assertEquals(
      await site.rows(`select
          (select count(*) from ckan_datasets) as datasets,
          (select count(distinct id) from ckan_datasets) as identifiers,
          (select count(*) from ckan_resources) as resources,
          (select count(distinct url) from ckan_resources) as urls,
          (select count(*) from ckan_resources where url is null) as without_url,
          (select count(distinct id) from ckan_organizations) as organizations,
          (select count(*) from ckan_extras where key = 'bureauCode') as bureau_codes,
          (select count(*) from ckan_extras where key = 'accrualPeriodicity') as periods,
          (select count(*) from ckan_new_keys) as new_keys`),
      [{
        datasets: 1762,
        identifiers: 1656,
        resources: 3922,
        urls: 3300,
        without_url: 20,
        organizations: 31,
        bureau_codes: 1619,
        periods: 95,
        new_keys: 0,
      }],
    );
    const whole = new TextDecoder().decode(file);
    let at = 0;
    const rows = await site.rows<{ raw_json: string }>(
      "select raw_json from ckan_datasets order by record_number",
    );
    for (const { raw_json } of rows) {
      const found = whole.indexOf(raw_json, at);
      assert(found >= at, `not as it came: ${raw_json.slice(0, 80)}`);
      at = found + raw_json.length;
    }
    await succeeds(site, CLEAN);
    // of two records with one identifier the one that the file lists last counts
    assertEquals(
      await site.rows(
        `select
          (select count(*) from ckan_clean_datasets) as datasets,
          (select count(distinct url) from ckan_clean_all_resources) as urls`,
        "clean_ckan_api",
      ),
      [{ datasets: 1448, urls: 3298 }],
    );
    // that the others were left out is reported
    assertEquals(
      await site.rows(
        `select table_name, rows from cleaning_report where reason like '%came again later'
        order by all`,
        "clean_ckan_api",
      ),
      [
        { table_name: "ckan_clean_all_resources", rows: 395 },
        { table_name: "ckan_clean_datasets", rows: 106 },
      ],
    );
  });
});

Deno.test("01 fetches a data.json again when it was cut, and 02 takes the whole one alone", async () => {
  const old = json([{ identifier: "gone", title: "x".repeat(9_000_000) }, { identifier: "a" }]);
  const now = json([{ identifier: "a", title: "half \ud83d" }, { title: "nameless" }]);
  const cut = (number: number) => number < 3 ? streamed(old.slice(0, -3), 1e6) : streamed(now, 7);
  await inFile(cut, async (site) => {
    const harvested = await succeeds(site, HARVEST);
    assertStringIncludes(harvested, "ends too early; trying again");
    assertStringIncludes(
      await succeeds(site, INSERT),
      "not Unicode, replaced by U+FFFD: 1 records",
    );
    assertEquals(
      await site.rows("select id = 'a' as is_given, title from ckan_datasets order by title"),
      [{ is_given: true, title: "half \ufffd" }, { is_given: false, title: "nameless" }],
    );
  });
});

Deno.test("01 keeps a file that was cut in every try, seals nothing, and the next run fetches again", async () => {
  const file = json([{ identifier: "a" }]);
  const answer = (number: number) => streamed(number <= 3 ? file.slice(0, -1) : file, 5);
  await inFile(answer, async (site) => {
    const failed = await site.run(HARVEST);
    assertEquals(failed.code, 1);
    assertStringIncludes(
      failed.stderr,
      "gave no usable answer after 3 tries (the file ends too early)",
    );
    assertEquals(await site.sealed(), undefined);
    await succeeds(site, HARVEST);
    assertEquals((await site.sealed())!.seal.counts.datasets, 1);
  });
});

Deno.test("01 asks whether a data.json has changed and says when it has not", async () => {
  const answer = (_: number, { headers }: Request) =>
    headers.get("if-none-match") === '"1"'
      ? new Response(null, { status: 304 })
      : streamed(json([{ identifier: "a" }]), 5, { etag: '"1"' });
  await inFile(answer, async (site) => {
    await succeeds(site, HARVEST);
    const { name } = (await site.sealed())!;
    assertStringIncludes(await succeeds(site, HARVEST), "Nothing new");
    assertEquals((await site.sealed())!.name, name);
  });
});

Deno.test("01 refuses what is not a data.json, with the reason", async () => {
  const bodies: [string, string][] = [
    ['{"success": true, "result": []}', 'has no list "dataset"'],
    ["3", "the JSON is not an object"],
    ['{"dataset": [{"a": {]}]}', "lists no datasets"],
    ['{"dataset": []}', "lists no datasets at all"],
    ["<html>Request Rejected</html>", "an HTML page instead"],
  ];
  const wanted = bodies.flatMap(([body]) => body.startsWith("<") ? [body, body, body] : [body]);
  await inFile((number) => new Response(wanted[number - 1]), async (site) => {
    for (const [body, reason] of bodies) {
      const { code, stderr } = await site.run(HARVEST);
      assertEquals(code, 1, body);
      assertStringIncludes(stderr, reason);
      assertEquals(await site.sealed(), undefined);
    }
  });
});
