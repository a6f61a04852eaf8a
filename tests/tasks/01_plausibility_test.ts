import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type BrokenRule, FaultyPortal } from "../helpers/faulty_portal.ts";
import { type HarvestSite, harvestSite } from "../helpers/harvest_site.ts";

/** 01 to 03 on portals and files that are not what they say: all data, or a status that says so. */

const HARVEST = "01_download_datasets";
const INSERT = "02_insert_datasets";
const CLEAN = "03_clean_datasets";

async function inFaulty(
  rule: Omit<BrokenRule, "name">,
  size: number,
  test: (portal: FaultyPortal, site: HarvestSite) => Promise<void>,
  { query = "", download = "page_size = 25\nattempts = 2", more = "" } = {},
): Promise<void> {
  const portal = new FaultyPortal({ name: "test", ...rule }, size);
  const site = await harvestSite(portal.endpointUrl + query, download, more);
  try {
    await test(portal, site);
  } finally {
    await portal.close();
    await site.remove();
  }
}

async function inDataJson(
  body: () => string,
  test: (site: HarvestSite) => Promise<void>,
): Promise<void> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(body()),
  );
  const url = `http://127.0.0.1:${server.addr.port}/data.json`;
  const site = await harvestSite(url, "attempts = 2", 'api = "dcat_us"');
  try {
    await test(site);
  } finally {
    await server.shutdown();
    await site.remove();
  }
}

const datasetsOf = async (site: HarvestSite) => (await site.sealed())?.seal.counts.datasets;

Deno.test("01 reads a data.json with a comma missing between records, and counts it", () =>
  inDataJson(
    () =>
      '{"dataset":[{"identifier":"1"},{"identifier":"2"} {"identifier":"3"},{"identifier":"4"}]}',
    async (site) => {
      const { code, stderr } = await site.run(HARVEST);
      assertEquals([code, await datasetsOf(site)], [3, 4], stderr);
      assertStringIncludes(stderr, "1 commas are missing between the records");
    },
  ));

Deno.test("01 mends or names the broken records of a data.json, and 02 loads the rest", () =>
  inDataJson(
    () =>
      '{"dataset":[{"identifier":"a","title":"x\ty"},{"identifier":"b","n":NaN},' +
      '{"identifier":"c","n":1,},{"identifier":"d","n":{\'x\':1}},{"identifier":"e"}]}',
    async (site) => {
      const { code, stderr } = await site.run(HARVEST);
      assertEquals(code, 3, stderr);
      assertMatch(stderr, /1 records are left out.*identifier "d"/);
      assertMatch(stderr, /JSON of 2 records was mended: "b"; "c"/);
      assertEquals((await site.run(INSERT)).code, 3);
      const rows = await site.rows<{ id: string }>("select id from ckan_datasets order by id");
      assertEquals(rows.map(({ id }) => id), ["a", "b", "c", "e"]);
      const [named] = await site.rows<{ dataset_id: string }>(
        "select dataset_id from ckan_record_faults where fault like 'raw control%'",
      );
      assertEquals(named!.dataset_id, "a");
    },
  ));

Deno.test("01 to 03 keep the digits of numbers in a data.json", () =>
  inDataJson(
    () => {
      const record = (digit: number) =>
        `{"identifier":1234567890123456789${digit},"title":"${digit}","distribution":` +
        `{"downloadURL":"https://x.example/${digit}.csv","byteSize":9007199254740993}}`;
      return `{"dataset":[${[0, 1, 2, 3, 4].map(record).join(",")}]}`;
    },
    async (site) => {
      for (const task of [HARVEST, INSERT, CLEAN]) assertEquals((await site.run(task)).code, 0);
      const rows = await site.rows<{ id: string; size: bigint }>(
        "select package_id as id, size from ckan_clean_all_resources order by id",
        "clean_ckan_api",
      );
      assertEquals(rows.map(({ id }) => id.slice(-2)), ["90", "91", "92", "93", "94"]);
      assertEquals(String(rows[0]!.size), "9007199254740993");
    },
  ));

Deno.test("01 to 03 read the addresses of DCAT-US 1.0, and a distribution that is an object", () =>
  inDataJson(
    () =>
      JSON.stringify([
        {
          identifier: "a",
          accessURL: "https://x.example/a.csv",
          webService: "https://x.example/api",
        },
        { identifier: "b", distribution: { accessURL: "https://x.example/b" } },
        { identifier: "c", distribution: { "0": { downloadURL: "https://x.example/c.csv" } } },
        { identifier: "d", distribution: ["https://x.example/d.csv"] },
      ]),
    async (site) => {
      for (const task of [HARVEST, INSERT]) assertEquals((await site.run(task)).code, 0);
      const rows = await site.rows<{ url: string }>("select url from ckan_resources order by url");
      assertEquals(rows.map(({ url }) => url.slice(18)), ["a.csv", "api", "b", "c.csv", "d.csv"]);
    },
  ));

for (const findsNothing of ["time", "list"] as const) {
  Deno.test(`01 fetches what changed although the portal's filter by ${findsNothing} finds nothing`, () =>
    inFaulty({ findsNothing }, 60, async (portal, site) => {
      await site.run(HARVEST);
      portal.change(7);
      const { code, stderr } = await site.run(HARVEST);
      assertEquals([code, await datasetsOf(site)], [0, portal.datasets.size], stderr);
      assertEquals((await site.run(INSERT)).code, 0);
      const rows = await site.rows<{ id: string; version: string }>(
        "select id, version from ckan_datasets",
      );
      const wanted = [...portal.datasets.values()].map(({ id, revision }) => `${id} ${revision}`);
      assertEquals(rows.map(({ id, version }) => `${id} ${version}`).sort(), wanted.sort());
    }));
}

Deno.test("01 keeps the fq of the config in every request", () =>
  inFaulty({}, 60, async (portal, site) => {
    await site.run(HARVEST);
    portal.change(3);
    await site.run(HARVEST);
    const filters = portal.requests.map((url) => url.searchParams.get("fq") ?? "");
    assert(filters.length > 8 && filters.some((filter) => filter.includes("id:")));
    for (const filter of filters) {
      assertMatch(filter, /^\(?organization:org( OR organization:x\))?/);
    }
  }, { query: "?fq=organization:org OR organization:x" }));

Deno.test("01 does not pass on a mass loss, until it is confirmed or accepted", () =>
  inFaulty({}, 100, async (portal, site) => {
    assertEquals((await site.run(HARVEST)).code, 0);
    const ids = [...portal.datasets.keys()];
    for (const id of ids.slice(3)) portal.datasets.delete(id);
    const lost = await site.run(HARVEST);
    assertEquals([lost.code, await datasetsOf(site)], [3, 100], lost.stderr);
    assertMatch(lost.stderr, /97 of the 100 datasets of the harvest \S+ are gone.*--accept-loss/);
    const inserted = await site.run(INSERT);
    assertEquals(inserted.code, 0, inserted.stderr);
    assertEquals(await site.rows("select count(*) as rows from ckan_datasets"), [{ rows: 100 }]);
    assertEquals((await site.run(HARVEST)).code, 3, "minutes later it is no confirmation");
    const accepted = await site.run(HARVEST, "--accept-loss");
    assertEquals([accepted.code, await datasetsOf(site)], [0, 3], accepted.stderr);
  }));

Deno.test("01 does not pass on the mass loss of a data.json", () => {
  let size = 300;
  const record = (_: unknown, number: number) => ({ identifier: `d${number}` });
  return inDataJson(
    () => JSON.stringify({ dataset: Array.from({ length: size }, record) }),
    async (site) => {
      assertEquals((await site.run(HARVEST)).code, 0);
      size = 2;
      assertEquals([(await site.run(HARVEST)).code, await datasetsOf(site)], [3, 300]);
    },
  );
});

Deno.test("01 reads a portal to its end that caps its count and clamps its pages", () =>
  inFaulty({ count: (all) => Math.min(20, all), clamp: 10 }, 60, async (_portal, site) => {
    const { code, stderr } = await site.run(HARVEST);
    assertEquals([code, await datasetsOf(site)], [3, 60], stderr);
    assertStringIncludes(stderr, "60 datasets were received, the portal counts only 20");
  }));

Deno.test("01 harvests in full where ids cannot be listed, whatever the newest time is", () => {
  const time = (at: number) => at % 2 ? "2099-01-01T00:00:00" : new Date(at).toISOString();
  return inFaulty({ hasNoFields: true, time }, 30, async (portal, site) => {
    await site.run(HARVEST);
    portal.change(5);
    const { code, stderr } = await site.run(HARVEST);
    assertEquals([code, await datasetsOf(site)], [0, portal.datasets.size], stderr);
    assertStringIncludes(stderr, "Full harvest: ids and times cannot be listed alone");
  });
});

Deno.test("01 notices a dataset that was moved to another organization without a new time", async () => {
  const moved = new Set<string>();
  const shape = (it: Record<string, unknown>) =>
    moved.has(String(it.id)) ? { ...it, organization: { id: "p", name: "other" } } : it;
  const text = (page: string) =>
    [...moved].reduce(
      (all, id) => all.replace(new RegExp(`("id":"${id}"[^}]*"organization":)"org"`), '$1"other"'),
      page,
    );
  await inFaulty({ shape, text }, 40, async (portal, site) => {
    await site.run(HARVEST);
    moved.add([...portal.datasets.keys()][0]!);
    const { code, stderr } = await site.run(HARVEST);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "1 datasets new or changed");
  });
});

Deno.test("01 stops with the new address when a portal with a key redirects elsewhere", async () => {
  const other = new FaultyPortal({ name: "other" }, 20);
  const redirect = (url: URL) => `${other.endpointUrl}${url.search}`;
  await inFaulty({ redirect }, 20, async (_portal, site) => {
    site.env.CKAN_API_KEY = "hunter2";
    const { code, stderr } = await site.run(HARVEST);
    assertEquals([code, other.requests.length], [1, 0], stderr);
    assertStringIncludes(stderr, `package_search_endpoint_url = "${other.endpointUrl}"`);
    assert(!stderr.includes("hunter2"));
  }, { more: 'api_key_env = "CKAN_API_KEY"' });
  await other.close();
});

Deno.test("01 asks for private datasets where the config says so", () =>
  inFaulty({}, 20, async (portal, site) => {
    site.env.CKAN_API_KEY = "hunter2";
    assertEquals((await site.run(HARVEST)).code, 0);
    assert(portal.requests.every((url) => url.searchParams.get("include_private") === "true"));
  }, { more: 'api_key_env = "CKAN_API_KEY"\ninclude_private = true' }));

Deno.test("02 escapes a raw tab in a CKAN title, names the dataset and loads everything", () =>
  inFaulty(
    { text: (text) => text.replace("Dataset ", "Data\tset ") },
    20,
    async (_portal, site) => {
      assertEquals((await site.run(HARVEST)).code, 0);
      const { code, stderr } = await site.run(INSERT);
      assertEquals(code, 0, stderr);
      assertMatch(stderr, /raw control character in a text, escaped: 1 records, in "[0-9a-f-]+"/);
      assertEquals(await site.rows("select count(*) as rows from ckan_datasets"), [{ rows: 20 }]);
    },
  ));

Deno.test("02 reads lists that are objects or JSON in a text, and counts what it cannot read", () => {
  const shapes: ((it: Record<string, unknown>) => Record<string, unknown>)[] = [
    (it) => ({ ...it, resources: { "0": { id: `${it.id}-0`, url: "https://x.example/0" } } }),
    (it) => ({
      ...it,
      resources: JSON.stringify([{ id: `${it.id}-0`, url: "https://x.example/1" }]),
    }),
    (it) => ({
      ...it,
      extras: { k: "v" },
      tags: ["tag"],
      organization: [{ id: "o", name: "org" }],
    }),
    (it) => ({ ...it, extras: true }),
  ];
  let number = 0;
  const numbers = new Map<string, number>();
  const shape = (it: Record<string, unknown>) => {
    if (!numbers.has(String(it.id))) numbers.set(String(it.id), number++);
    return shapes[numbers.get(String(it.id))! % 4]!(it);
  };
  return inFaulty({ shape }, 4, async (_portal, site) => {
    assertEquals((await site.run(HARVEST)).code, 0);
    const { code, stderr } = await site.run(INSERT);
    assertEquals(code, 3, stderr);
    assertMatch(stderr, /unread shape of "extras": boolean: 1 records/);
    const [counts] = await site.rows(`select
      (select count(*) from ckan_resources where url is not null) as resources,
      (select count(*) from ckan_extras where key = 'k') as extras,
      (select count(*) from ckan_tags where name = 'tag') as tags,
      (select count(*) from ckan_organizations where id is null) as phantoms`);
    assertEquals(counts, { resources: 6, extras: 3, tags: 4, phantoms: 0 });
    assertEquals((await site.run(CLEAN)).code, 3);
    const report = await site.rows<{ reason: string }>(
      "select reason from cleaning_report where column_name = 'extras'",
      "clean_ckan_api",
    );
    assertEquals(report, [{ reason: 'unread shape of "extras": boolean' }]);
  });
});

Deno.test("03 chooses the text of a multilingual title by language", () =>
  inFaulty(
    { shape: (it) => ({ ...it, title: { fr: "Arbres", de: "Bäume", en: "" } }) },
    3,
    async (_portal, site) => {
      for (const task of [HARVEST, INSERT, CLEAN]) assertEquals((await site.run(task)).code, 0);
      const titles = await site.rows(
        "select distinct title from ckan_clean_datasets",
        "clean_ckan_api",
      );
      assertEquals(titles, [{ title: "Bäume" }]);
    },
    { more: 'languages = ["en", "de"]' },
  ));

Deno.test("01 names the status and the product of a block page, and what may help", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () =>
      new Response("<title>Just a moment...</title>", { status: 403, headers: { "cf-ray": "1" } }),
  );
  const site = await harvestSite(`http://127.0.0.1:${server.addr.port}/x`, "attempts = 2");
  try {
    const { code, stderr } = await site.run(HARVEST);
    assertEquals(code, 1);
    assertMatch(stderr, /HTTP 403: "Just a moment..." ?.*Cloudflare.*CONTACT_EMAIL.*site\.headers/);
  } finally {
    await server.shutdown();
    await site.remove();
  }
});

Deno.test("01 takes a 409 of a search core that loads for no refusal", async () => {
  let loading = 2;
  const portal = new FaultyPortal({ name: "good" }, 60);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const url = new URL(request.url);
    if (/id:/.test(url.searchParams.get("fq") ?? "") && loading-- > 0) {
      const message = "(HTTP 503) SolrCore is loading";
      const error = { __type: "Search Error", message };
      return Response.json({ success: false, error }, { status: 409 });
    }
    return fetch(portal.endpointUrl + url.search);
  });
  const site = await harvestSite(`http://127.0.0.1:${server.addr.port}/api`, "page_size = 25");
  try {
    loading = 1;
    const { code, stderr } = await site.run(HARVEST);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "by id");
  } finally {
    await server.shutdown();
    await portal.close();
    await site.remove();
  }
});
