import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { demoDataset } from "../../../lib/demo/city/datasets.ts";
import {
  type DataGovOptions,
  type DemoDataGov,
  startDataGov,
} from "../../../lib/demo/services/data_gov.ts";
import { faultsAt } from "../../../lib/demo/services/service.ts";
import { sealedEntries } from "../../../lib/storage/sealed_run.ts";
import { type HarvestSite, harvestSite } from "../../helpers/harvest_site.ts";
import { until } from "../../helpers/until.ts";

const HARVEST = "01_download_datasets";
const KEY = "DATA_GOV_TEST_API_KEY";
const SIZE = 130;
const SLUGS = Array.from({ length: SIZE }, (_, index) => demoDataset(index).name).sort();

/** Runs a test on a site whose catalogue is the embedded data.gov, 13 pages of 10. */
async function inDataGov(
  options: Partial<DataGovOptions>,
  test: (portal: DemoDataGov, site: HarvestSite) => Promise<void>,
): Promise<void> {
  const portal = startDataGov({ datasets: SIZE, key: "s3cret", ...options });
  const site = await harvestSite(
    portal.endpointUrl,
    "page_size = 10\nattempts = 3",
    `api = "data_gov"\napi_key_env = "${KEY}"`,
  );
  site.env[KEY] = "s3cret";
  try {
    await test(portal, site);
  } finally {
    await portal.close();
    await site.remove();
  }
}

async function succeeds(site: HarvestSite, task: string): Promise<string> {
  const { code, stderr } = await site.run(task);
  assertEquals(code, 0, stderr);
  return stderr;
}

/** The slugs of all hits that a sealed harvest holds, those that came twice once. */
async function slugsOf(site: HarvestSite): Promise<string[]> {
  const pages = await site.pages() as unknown as { results: { slug: string }[] }[];
  return [...new Set(pages.flatMap(({ results }) => results.map(({ slug }) => slug)))].sort();
}

/** Resolves when so many requests have come. */
function asked(portal: DemoDataGov, requests: number): Promise<void> {
  return until(`${requests} requests`, () => portal.requests.count >= requests);
}

Deno.test("01 to 03 take the embedded data.gov whole, through faults", async () => {
  const faults = faultsAt({ 2: "503", 4: "html", 6: "cut" } as const);
  await inDataGov({ faults }, async (_portal, site) => {
    await succeeds(site, HARVEST);
    assertEquals(await slugsOf(site), SLUGS);
    await succeeds(site, "02_insert_datasets");
    const resources = Array.from({ length: SIZE }, (_, index) => demoDataset(index).resources);
    assertEquals(
      await site.rows(`select
          (select count(distinct id) from ckan_datasets) as datasets,
          (select count(*) from ckan_datasets where id = name) as named,
          (select count(*) from ckan_resources) as resources,
          (select count(distinct id) from ckan_organizations) as organizations,
          (select count(*) from ckan_extras where key = 'bureauCode') as bureau_codes,
          (select count(*) from ckan_extras where key = 'last_harvested_date') as harvested`),
      [{
        datasets: SIZE,
        named: SIZE,
        resources: resources.flat().length,
        organizations: new Set(
          Array.from({ length: SIZE }, (_, index) => demoDataset(index).owner_org),
        ).size,
        bureau_codes: SIZE,
        harvested: SIZE,
      }],
    );
    await succeeds(site, "03_clean_datasets");
  });
});

Deno.test("01 prints the hour's budget, and waits when it is used up", async () => {
  await inDataGov({ limit: 7, windowMs: 3000 }, async (portal, site) => {
    const stderr = await succeeds(site, HARVEST);
    assertStringIncludes(stderr, "The key allows 7 requests per hour, 6 left");
    assertStringIncludes(stderr, "the requests of this hour are used up (HTTP 429)");
    assert(!stderr.includes("s3cret"), stderr);
    assertEquals(await slugsOf(site), SLUGS);
    assertEquals(portal.requests.log.filter(({ status }) => status === 429).length, 1);
  });
});

Deno.test("01 killed continues from its cursor and asks for no finished page again", async () => {
  await inDataGov({ latencyMs: 60 }, async (portal, site) => {
    let kills = 0;
    for (const requests of [3, 8]) {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", `tasks/${HARVEST}.ts`, ...site.flags],
        env: site.env,
        stderr: "null",
      }).spawn();
      await asked(portal, requests);
      child.kill("SIGKILL");
      await child.status;
      kills += 1;
    }
    assertEquals(await site.sealed(), undefined);
    assertStringIncludes(await succeeds(site, HARVEST), "Resuming after page");
    assertEquals(await slugsOf(site), SLUGS);
    const again = portal.requests.count - SIZE / 10;
    assert(again <= 2 * kills, `${again} requests more than pages`);
    assertEquals((await site.sealed())!.seal.counts.duplicates, 0);
  });
});

Deno.test("01 starts again when its cursor has expired, and keeps what came", async () => {
  await inDataGov({ latencyMs: 30 }, async (portal, site) => {
    const expired = asked(portal, 6).then(() => portal.expireCursors());
    const stderr = await succeeds(site, HARVEST);
    await expired;
    assertStringIncludes(stderr, "The cursor is no longer accepted (HTTP 422");
    assertStringIncludes(stderr, "datasets are kept");
    assertEquals(await slugsOf(site), SLUGS);
    const run = (await site.sealed())!;
    assertEquals([run.seal.complete, run.seal.counts.passes], [true, 2]);
    assert((await sealedEntries(run)).some(({ pass }) => pass === 1));
    await succeeds(site, "02_insert_datasets");
    assertEquals(await site.rows("select count(*) as rows from ckan_datasets"), [{ rows: SIZE }]);
  });
});

Deno.test("01 keeps what it has when data.gov goes away, ends with 3, and continues later", async () => {
  const isDown = { now: true };
  const faults = (request: number) => request > 4 && isDown.now ? "503" as const : undefined;
  await inDataGov({ faults }, async (_portal, site) => {
    const { code, stderr } = await site.run(HARVEST);
    assertEquals(code, 3, stderr);
    assertStringIncludes(stderr, "not all pages were received (HTTP 503)");
    assertEquals((await site.sealed())!.seal.counts.datasets, 40);
    isDown.now = false;
    await succeeds(site, HARVEST);
    assertEquals(await slugsOf(site), SLUGS);
  });
});

Deno.test("01 says what to do when data.gov does not take the key", async () => {
  await inDataGov({ key: "another" }, async (portal, site) => {
    const { code, stderr } = await site.run(HARVEST);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "API_KEY_INVALID");
    assertStringIncludes(stderr, 'the key in "DATA_GOV_TEST_API_KEY" is not accepted');
    assertEquals(portal.requests.count, 1);
    delete site.env[KEY];
    assertEquals((await site.run(HARVEST)).code, 2);
  });
});

Deno.test("01 refuses catalog.data.gov's old address before it asks anybody", async () => {
  const site = await harvestSite("https://catalog.data.gov/api/3/action/package_search");
  try {
    const { code, stderr } = await site.run(HARVEST);
    assertEquals(code, 2);
    assertStringIncludes(stderr, 'api = "data_gov" and package_search_endpoint_url = "https://api');
    assertEquals(stderr.trimEnd().split("\n").length, 1);
  } finally {
    await site.remove();
  }
});

Deno.test("01 reads data.gov in shard 0 of two, the other has nothing to read", async () => {
  await inDataGov({}, async (portal, site) => {
    for (const shard of ["1/2", "0/2"]) {
      const { code, stderr } = await site.run(HARVEST, "--shard", shard);
      assertEquals(code, 0, stderr);
      assertEquals(portal.requests.count > 0, shard === "0/2");
    }
    await succeeds(site, "02_insert_datasets");
    const [row] = await site.rows<{ datasets: number }>(
      "select count(distinct id) as datasets from ckan_datasets",
    );
    assertEquals(row!.datasets, SIZE);
  });
});
