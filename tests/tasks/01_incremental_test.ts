import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "node:path";
import { pageEntries } from "../../lib/catalogues/ckan/page_reader.ts";
import { demoDataset } from "../../lib/demo/city/datasets.ts";
import type { DemoPortal, PortalFault } from "../../lib/demo/services/portal.ts";
import { readJournal } from "../../lib/storage/sealed_run.ts";
import { downloadDatasets } from "../../tasks/01_download_datasets.ts";
import { insertDatasets } from "../../tasks/02_insert_datasets.ts";
import { startGateway } from "../helpers/gateway.ts";
import { ALL, type HarvestSite, harvestSite, inPortal } from "../helpers/harvest_site.ts";
import { contextFor } from "../helpers/in_process.ts";

const TASK = "01_download_datasets";

/** A stage's context on the site, in this process. */
function contextOf(
  site: HarvestSite,
  endpointUrl: string,
  download = "",
  more: Parameters<typeof contextFor>[3] = {},
) {
  return contextFor(join(site.root, "artifacts"), endpointUrl, download, more);
}

function askedFor(path: string): string {
  return new URL(path, "http://x").searchParams.get("fq") ?? "";
}

/** The requests for the first page of what changed. */
function firstPages(portal: DemoPortal, since: number): string[] {
  return portal.requests.log.slice(since).map(({ path }) => askedFor(path))
    .filter((filter) => filter.startsWith("metadata_modified"));
}

/** A dataset that the city does not have yet, as an import brings it: with an old time. */
const IMPORTED = demoDataset(9000);

async function idsIn02(site: HarvestSite): Promise<Set<string>> {
  const rows = await site.rows<{ id: string }>("select id from ckan_datasets");
  assertEquals(new Set(rows.map(({ id }) => id)).size, rows.length, "a dataset occurs twice");
  return new Set(rows.map(({ id }) => id));
}

Deno.test("01 asks for what changed since the last harvest, and 02 merges", async () => {
  await inPortal({}, "page_size = 100", async (portal, site) => {
    await site.run(TASK);
    const full = (await site.sealed())!;
    for (const id of ALL.slice(100, 160)) portal.touch(id);
    portal.remove(ALL[20]!);
    portal.insert(IMPORTED);
    const before = portal.requests.count;
    const { code, stderr } = await site.run(TASK);
    assertEquals(code, 0, stderr);
    assertStringIncludes(
      stderr,
      `61 datasets new or changed, 1 deleted, 450 with those of ${full.name}`,
    );
    const asked = portal.requests.log.slice(before).map(({ path }) => askedFor(path));
    assertEquals(asked.length, 4, asked.join("\n"));
    assertMatch(asked[1]!, /^metadata_modified:\[\S+Z TO \*\]$/);
    assertEquals(asked[2], `id:("${IMPORTED.id}")`);
    const { seal, folder } = (await site.sealed())!;
    assertEquals([seal.complete, seal.counts.datasets], [true, 450]);
    assertEquals([seal.identity.parent, seal.details.parent], [full.name, full.name]);
    const started = JSON.parse(await Deno.readTextFile(join(folder, "run.json")));
    assertEquals(started.identity.parent, full.name);
    assertEquals((await site.run("02_insert_datasets")).code, 0);
    const wanted = new Set([...ALL, IMPORTED.id]);
    wanted.delete(ALL[20]!);
    assertEquals(await idsIn02(site), wanted);
    const [touched] = await site.rows<{ at: string }>(
      `select metadata_modified as at from ckan_datasets where id = '${ALL[120]}'`,
    );
    assertStringIncludes(touched!.at, "2026-11-24T");

    assertEquals((await site.run(TASK, "--full")).code, 0);
    const whole = (await site.sealed())!;
    assertEquals([whole.seal.details.parent, whole.seal.counts.datasets], [undefined, 450]);
  });
});

Deno.test("01 sees a dataset that came for one that went, whatever time it carries", async () => {
  await inPortal({}, "", async (portal, site) => {
    const context = () => contextOf(site, portal.endpointUrl);
    await downloadDatasets(context());
    portal.remove(ALL[20]!);
    portal.insert(IMPORTED);
    assertEquals((await downloadDatasets(context())).counts, {
      ...(await site.sealed())!.seal.counts,
      changed: 1,
      removed: 1,
      datasets: 450,
    });
    const before = portal.requests.count;
    assertEquals((await downloadDatasets(context())).upToDate, true);
    assertEquals(portal.requests.count - before, 1, "nothing new takes more than the look");
  });
});

/** Fails the requests for all pages but the first of what changed, as long as it is reported to. */
function failing() {
  const state = { fails: false };
  const faults = (_request: number, path: string): PortalFault | undefined =>
    state.fails && askedFor(path).startsWith("id:{") ? "503" : undefined;
  return { state, faults };
}

Deno.test("01 keeps what came of the changes, ends with 3, and continues from there", async () => {
  const { state, faults } = failing();
  await inPortal({ faults }, "", async (portal, site) => {
    const context = () => contextOf(site, portal.endpointUrl, "page_size = 10\nattempts = 1");
    await downloadDatasets(context());
    const full = (await site.sealed())!.name;
    for (const id of ALL.slice(0, 25)) portal.touch(id);
    state.fails = true;
    const { reasons } = await downloadDatasets(context());
    assertMatch(reasons.join(), /changes since \S+ were not read to the end: .*503/);
    const broken = (await site.sealed())!;
    assertEquals([broken.seal.complete, broken.seal.details.is_whole], [false, false]);

    state.fails = false;
    const before = portal.requests.count;
    assertEquals((await downloadDatasets(context())).reasons, []);
    const whole = (await site.sealed())!;
    assertEquals([whole.name, whole.seal.details.parent], [broken.name, full]);
    assertEquals([whole.seal.complete, whole.seal.counts.datasets], [true, 450]);
    assertEquals(firstPages(portal, before), [], "the first page of the changes came again");
  });
});

for (const [where, begins] of [["changes", "id:{"], ["lists of ids", 'id:("']] as const) {
  Deno.test(`01 broken off in the middle of the ${where} asks for nothing again that came`, async () => {
    const broken = new AbortController();
    let breaks = false;
    const faults = (_request: number, path: string): undefined => {
      if (breaks && askedFor(path).startsWith(begins)) broken.abort(new Error("broken off"));
    };
    await inPortal({ faults, latencyMs: 5 }, "", async (portal, site) => {
      const context = (signal?: AbortSignal) =>
        contextOf(site, portal.endpointUrl, "page_size = 10", signal ? { signal } : {});
      await downloadDatasets(context());
      const full = (await site.sealed())!.name;
      for (const id of ALL.slice(0, 25)) portal.touch(id);
      portal.insert(IMPORTED);
      breaks = true;
      await assertRejects(() => downloadDatasets(context(broken.signal)), Error, "broken off");
      assertEquals((await site.sealed())!.name, full, "what was broken off is sealed");
      breaks = false;
      const before = portal.requests.count;
      const { counts } = await downloadDatasets(context());
      assertEquals([counts.changed, counts.datasets], [26, 451]);
      assertEquals((await site.sealed())!.seal.details.parent, full);
      assertEquals(firstPages(portal, before), [], "the first page of the changes came again");
      assert(portal.requests.count - before <= 5);
      await insertDatasets(context());
      assertEquals(await idsIn02(site), new Set([...ALL, IMPORTED.id]));
    });
  });
}

Deno.test("01 asks for everything when the last whole harvest is as old as the config says", async () => {
  await inPortal({}, "", async (portal, site) => {
    const start = Date.now();
    const after = (days: number) =>
      contextOf(site, portal.endpointUrl, "full_harvest_every = 3", {
        now: () => start + days * 86_400_000,
      });
    await downloadDatasets(after(0));
    const parents: unknown[] = [];
    for (const day of [1, 2, 3.1, 4]) {
      portal.touch(ALL[Math.floor(day)]!);
      await downloadDatasets(after(day));
      parents.push((await site.sealed())!.seal.details.parent !== undefined);
    }
    assertEquals(parents, [true, true, false, true]);
    // also where nothing seems to be new
    assertEquals((await downloadDatasets(after(10))).upToDate, undefined);
  });
});

Deno.test("02 names the harvest that is missing, and 01 makes one that needs no other", async () => {
  await inPortal({}, "", async (portal, site) => {
    let runs = 0;
    // a second of its own for each, so that no name is used again when its folder is away
    const context = () =>
      contextOf(site, portal.endpointUrl, "", { now: () => Date.now() + 60_000 * ++runs });
    await downloadDatasets(context());
    const full = (await site.sealed())!;
    portal.touch(ALL[3]!);
    await downloadDatasets(context());
    await Deno.rename(full.folder, join(site.root, "away"));
    await assertRejects(
      () => insertDatasets(context()),
      Error,
      `builds on "${full.name}", which is not in`,
    );
    await downloadDatasets(context());
    assertEquals((await site.sealed())!.seal.details.parent, undefined);
    await insertDatasets(context());
    assertEquals(await idsIn02(site), new Set(ALL));
  });
});

Deno.test("01 asks for what a whole harvest lacked, and for everything where fields are not given", async () => {
  let hides = true;
  let hasFields = true;
  await inPortal({ datasets: 60 }, "", async (portal, site) => {
    const gateway = startGateway(portal.endpointUrl, async (url, _number, pass) => {
      const isLook = url.searchParams.has("fl");
      if (isLook && !hasFields) url.searchParams.delete("fl");
      const answer = isLook && !hasFields
        ? await (await fetch(`${portal.endpointUrl}${url.search}`)).json()
        : await (await pass()).json();
      // CKAN leaves out records that its index lost, but lists their ids
      if (hides && !isLook) {
        answer.result.results = answer.result.results.filter(({ id }: { id: string }) =>
          id !== ALL[7]
        );
      }
      return Response.json(answer);
    });
    const other = await harvestSite(gateway.endpointUrl);
    try {
      const context = () => contextOf(site, gateway.endpointUrl);
      assertEquals((await downloadDatasets(context())).reasons.length, 1);
      const again = await downloadDatasets(context());
      assertEquals([again.upToDate, again.reasons.length], [true, 1], "a run that brought nothing");
      hides = false;
      const { counts, reasons } = await downloadDatasets(context());
      assertEquals([counts.changed, counts.datasets, reasons], [1, 60, []]);
      assert((await site.sealed())!.seal.details.parent !== undefined);

      hasFields = false;
      const whole = () => contextOf(other, gateway.endpointUrl);
      await downloadDatasets(whole());
      assertEquals(
        (await downloadDatasets(whole())).upToDate,
        undefined,
        "count and newest say little",
      );
      portal.touch(ALL[9]!);
      await downloadDatasets(whole());
      const { seal, folder } = (await other.sealed())!;
      assertEquals([seal.details.parent, seal.counts.datasets], [undefined, 60]);
      const { entries } = await readJournal(folder);
      assert(pageEntries(entries).length > 0);
    } finally {
      await gateway.close();
      await other.remove();
    }
  });
});
