import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { pageEntries } from "../../lib/catalogues/ckan/page_reader.ts";
import { demoDataset } from "../../lib/demo/city/datasets.ts";
import { type Faults, faultsAt } from "../../lib/demo/services/service.ts";
import { type DemoPortal, type PortalFault, startPortal } from "../../lib/demo/services/portal.ts";
import { sealedEntries } from "../../lib/storage/sealed_run.ts";
import { startGateway } from "../helpers/gateway.ts";
import {
  ALL,
  assertHasAll,
  DATASETS,
  type HarvestSite,
  harvestSite,
  inPortal,
} from "../helpers/harvest_site.ts";

/** 01 on a portal that throttles, fails and changes while it is read. */

const TASK = "01_download_datasets";
const PAGES = "page_size = 100";

const FAULTS: PortalFault[] = [
  "429-seconds",
  "429-date",
  "503",
  "html-200",
  "html-403",
  "success-false",
  "cut",
  "truncated",
];
Deno.test("01 loses nothing when the portal throttles and fails", async () => {
  const faults = Object.fromEntries(FAULTS.map((fault, index) => [2 + 2 * index, fault]));
  await inPortal({ faults: faultsAt(faults) }, PAGES, async (portal, site) => {
    const { code, stderr } = await site.run(TASK);
    assertEquals(code, 0, stderr);
    await assertHasAll(site, ALL);
    assertEquals(
      portal.requests.log.filter(({ fault }) => fault !== undefined).length,
      FAULTS.length,
    );
  });
});

Deno.test("01 advances by what came when the portal clamps rows", async () => {
  for (const keyset of [true, false]) {
    await inPortal({ clamp: 60, keyset }, "page_size = 1000", async (_portal, site) => {
      const { code, stderr } = await site.run(TASK);
      assertEquals(code, 0, stderr);
      await assertHasAll(site, ALL);
    });
  }
});

Deno.test("01 asks for half when an answer does not come in time", async () => {
  const options = { faults: faultsAt<PortalFault>({ 6: "slow", 7: "slow" }) };
  await inPortal(options, `${PAGES}\ntimeout_seconds = 0.7`, async (_portal, site) => {
    const { code, stderr } = await site.run(TASK);
    assertEquals(code, 0, stderr);
    await assertHasAll(site, ALL);
    const rows = (await sealedEntries((await site.sealed())!)).map((entry) => entry.rows);
    assert(rows.includes(50), `rows requested: ${rows}`);
  });
});

/** Changes the catalogue at every request from the first page on. */
function changing(change: (portal: DemoPortal, request: number) => void) {
  let portal: DemoPortal | undefined;
  const faults: Faults<PortalFault> = (request) => {
    if (portal !== undefined && request > 6) change(portal, request);
    return undefined;
  };
  return { faults, watch: (started: DemoPortal) => portal = started };
}

for (const keyset of [true, false]) {
  const way = keyset ? "id" : "offset";
  Deno.test(`01 by ${way} loses nothing when datasets are deleted, touched and added`, async () => {
    const sorted = [...ALL].sort();
    const deleted: string[] = [];
    const added: string[] = [];
    const { faults, watch } = changing((portal, request) => {
      if (request > 12) return;
      // two from the front at each request: every later row moves up by two
      for (const id of sorted.splice(0, 2)) {
        portal.remove(id);
        deleted.push(id);
      }
      portal.touch(sorted[20]!);
      const id = `${request % 2 ? "0" : "f"}${crypto.randomUUID().slice(1)}`;
      added.push(id);
      const metadata_modified = `2026-11-24T05:00:00.${String(request).padStart(6, "0")}`;
      portal.insert({ ...demoDataset(0), id, name: id, metadata_modified });
    });
    await inPortal({ keyset, faults }, PAGES, async (portal, site) => {
      watch(portal);
      const { stderr } = await site.run(TASK);
      assert(deleted.length > 4, stderr);
      await assertHasAll(site, sorted);
      // what is added after the last look is for the next harvest
      const again = await site.run(TASK);
      assertEquals(again.code, 0, again.stderr);
      await assertHasAll(site, [...sorted, ...added]);
    });
  });
}

/** Runs 01 while one thing happens to the catalogue after its first page was read. */
async function inChange(
  change: (portal: DemoPortal) => void,
  test: (site: HarvestSite) => Promise<void>,
): Promise<void> {
  const { faults, watch } = changing((portal, request) => {
    if (request === 8) change(portal);
  });
  await inPortal({ faults }, PAGES, async (portal, site) => {
    watch(portal);
    const { code, stderr } = await site.run(TASK);
    assertEquals(code, 0, stderr);
    await test(site);
    assertStringIncludes((await site.run(TASK)).stderr, "Nothing new");
  });
}

Deno.test("01 finds what was added behind its back before it ends", async () => {
  const id = "00000000-added-later";
  const metadata_modified = "2026-11-24T05:00:00.000000";
  await inChange(
    (portal) => portal.insert({ ...demoDataset(0), id, name: id, metadata_modified }),
    (site) => assertHasAll(site, [...ALL, id]),
  );
  // a plugin may keep the times of another portal
  const { metadata_modified: old } = demoDataset(0);
  await inChange(
    (portal) => portal.insert({ ...demoDataset(0), id, name: id, metadata_modified: old }),
    (site) => assertHasAll(site, [...ALL, id]),
  );
});

Deno.test("01 reads again what was edited behind its back", async () => {
  const edited = [...ALL].sort()[0]!;
  await inChange((portal) => portal.touch(edited), async (site) => {
    const copies = (await site.pages()).flatMap(({ result }) => result.results)
      .filter(({ id }) => id === edited).map((dataset) => JSON.stringify(dataset));
    assertEquals(new Set(copies).size, 2, "the edited dataset did not come again");
  });
});

Deno.test("01 continues after SIGKILL and asks for no finished page again", async () => {
  await inPortal({ latencyMs: 60 }, "page_size = 20", async (portal, site) => {
    let kills = 0;
    for (let wait = 500; kills < 5; wait += 37) {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", `tasks/${TASK}.ts`, ...site.flags],
        stderr: "null",
      }).spawn();
      const timer = setTimeout(() => child.kill("SIGKILL"), wait);
      const { signal } = await child.status;
      clearTimeout(timer);
      if (signal === null) break;
      kills += 1;
    }
    assert(kills > 1, "it ended before it was killed");
    const { code, stderr } = await site.run(TASK);
    assertEquals(code, 0, stderr);
    await assertHasAll(site, ALL);
    const entries = await sealedEntries((await site.sealed())!);
    const finished = pageEntries(entries);
    const asked = portal.requests.log.map(({ path }) => path);
    for (const { url } of finished) {
      const { pathname, search } = new URL(String(url));
      const times = asked.filter((path) => path === pathname + search).length;
      // a page that was on its way when the kill came is requested again, one a worker
      assert(times <= 1 + kills, `${search} was requested ${times} times`);
    }
    const again = asked.length - new Set(asked).size;
    assert(again <= 8 * kills, `${again} requests were repeated after ${kills} kills`);
    assertEquals(finished.reduce((sum, entry) => sum + Number(entry.came), 0), DATASETS);
  });
});

Deno.test("01 keeps the rest when a page fails for good, and continues from there", async () => {
  const portal = startPortal({ datasets: DATASETS });
  let broken = true;
  const isPoor = (url: URL) => /^id:.*TO "8"}$/.test(url.searchParams.get("fq") ?? "");
  const gateway = startGateway(
    portal.endpointUrl,
    (url) => broken && isPoor(url) ? new Response("", { status: 503 }) : undefined,
  );
  const site = await harvestSite(gateway.endpointUrl, `${PAGES}\nattempts = 2`);
  try {
    const first = await site.run(TASK);
    assertEquals(first.code, 3, first.stderr);
    assertStringIncludes(first.stderr, 'ids from "4" to before "8"');
    const { seal } = (await site.sealed())!;
    assertEquals(seal.complete, false);
    assertEquals(seal.counts.missing, DATASETS - seal.counts.datasets!);
    broken = false;
    const before = gateway.requests.length;
    const second = await site.run(TASK);
    assertEquals(second.code, 0, second.stderr);
    await assertHasAll(site, ALL);
    const pages = gateway.requests.slice(before).filter(({ url }) =>
      url.searchParams.get("sort") === "id asc"
    );
    assert(pages.every(({ url }) => isPoor(url)), "finished ranges were read again");
  } finally {
    await gateway.close();
    await portal.close();
    await site.remove();
  }
});

/** Runs 01 with one answer that is empty and counts nothing, as overloaded index servers give it. */
async function withDroppedPage(keyset: boolean, test: (site: HarvestSite) => Promise<void>) {
  const portal = startPortal({ datasets: DATASETS, keyset });
  const gateway = startGateway(portal.endpointUrl, async (_url, number, pass) => {
    if (number !== 7) return undefined;
    const answer = await (await pass()).json();
    answer.result.results = [];
    answer.result.count = 0;
    return Response.json(answer);
  });
  const site = await harvestSite(gateway.endpointUrl, PAGES);
  try {
    await test(site);
  } finally {
    await gateway.close();
    await portal.close();
    await site.remove();
  }
}

Deno.test("01 looks for what is missing when a page was dropped", async () => {
  await withDroppedPage(true, async (site) => {
    const { code, stderr } = await site.run(TASK);
    assertEquals(code, 0, stderr);
    await assertHasAll(site, ALL);
  });
  await withDroppedPage(false, async (site) => {
    const { code, stderr } = await site.run(TASK);
    assert(
      code === 0 || /\d+ of the 450 datasets that the portal counts were not received/.test(stderr),
    );
    if (code === 3) assertEquals((await site.run(TASK)).code, 0);
    await assertHasAll(site, ALL);
  });
});
