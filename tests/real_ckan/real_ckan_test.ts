/**
 * Stages 01 to 03 against real CKANs, compared with ckanapi and with fresh full harvests. The tests
 * of one CKAN change it, one after the other; none relies on what another left.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { type HarvestSite, harvestSite } from "../helpers/harvest_site.ts";
import { realCkanSites } from "../../tasks/bench/real_ckan.ts";
import { callAction, searchWithCkanapi } from "./real_ckan.ts";

const SITES = realCkanSites();

if (SITES.length === 0) {
  Deno.test.ignore("a real CKAN: REAL_CKAN names no list from tests/real_ckan/start.sh", () => {});
}

for (const ckan of SITES) {
  /** Runs a test with a site of its own for this CKAN, and one for a fresh harvest beside it. */
  const on = (name: string, run: (site: HarvestSite, fresh: HarvestSite) => Promise<void>) =>
    Deno.test(`CKAN ${ckan.version}: ${name}`, async () => {
      const endpoint = `${ckan.url}/api/3/action/package_search`;
      const site = await harvestSite(endpoint, "page_size = 50");
      const fresh = await harvestSite(endpoint);
      try {
        await run(site, fresh);
      } finally {
        await site.remove();
        await fresh.remove();
      }
    });

  on("a full harvest has what ckanapi search has, value for value", async (site) => {
    await runStages(site, "01_download_datasets", "02_insert_datasets");
    const wanted = await searchWithCkanapi(ckan);
    assert(wanted.size > 300, `ckanapi found ${wanted.size} datasets only`);
    const rows = await site.rows<{ id: string; raw_json: string }>(
      "select id, raw_json from ckan_datasets",
    );
    const records = new Map(rows.map(({ id, raw_json }) => [id, JSON.parse(raw_json)]));
    assertEquals(records, wanted);
    const resources = await site.rows<{ id: string; url: string }>(
      "select id, url from ckan_resources order by id",
    );
    const wantedResources = [...wanted.values()]
      .flatMap(({ resources }) => resources as { id: string; url: string }[])
      .map(({ id, url }) => ({ id, url }))
      .sort((one, other) => one.id < other.id ? -1 : 1);
    assertEquals(resources, wantedResources);
  });

  on("an incremental harvest equals a fresh full one after every kind of change", async (
    site,
    fresh,
  ) => {
    await runStages(site, ...STAGES);
    const ids = await publicIds(site);
    const at = (share: number) => ids[Math.floor(share * ids.length)]!;
    const [edited, moved, grouped, hidden, deleted] = [0.1, 0.3, 0.5, 0.7, 0.9].map(at);
    await callAction(ckan, "package_patch", { id: edited, title: `Edited ${crypto.randomUUID()}` });
    const { owner_org } = await callAction<{ owner_org: string }>(ckan, "package_show", {
      id: moved,
    });
    const organizations = await callAction<{ id: string }[]>(ckan, "organization_list", {
      all_fields: true,
    });
    const other = organizations.find(({ id }) => id !== owner_org)!.id;
    await callAction(ckan, "package_owner_org_update", { id: moved, organization_id: other });
    // 2.12.0 answers with success and leaves the dataset where it is
    const owner = (await callAction<{ owner_org: string }>(ckan, "package_show", { id: moved }))
      .owner_org;
    const group = await callAction<{ id: string }>(ckan, "group_create", {
      name: `group-${crypto.randomUUID()}`,
      title: "A new group",
    });
    await callAction(ckan, "member_create", {
      id: group.id,
      object: grouped,
      object_type: "package",
      capacity: "public",
    });
    await callAction(ckan, "package_patch", { id: hidden, private: true });
    await callAction(ckan, "package_delete", { id: deleted });
    const added = await callAction<{ id: string }>(ckan, "package_create", {
      name: `added-${crypto.randomUUID()}`,
      owner_org: other,
      resources: [{ url: "https://files.example.org/added.csv", format: "CSV" }],
    });

    await runStages(site, ...STAGES);
    await runStages(fresh, ...STAGES);
    await assertSameCatalogue(site, fresh);
    const now = await publicIds(site);
    assert(now.includes(added.id) && !now.includes(hidden!) && !now.includes(deleted!));
    const [row] = await site.rows<{ owner_org: string }>(
      `select owner_org from ckan_datasets where id = '${moved}'`,
    );
    assertEquals(row!.owner_org, owner, "the moved dataset is with its old organization");
    const groups = await site.rows<{ title: string }>(
      `select title from ckan_groups where dataset_id = '${grouped}' and id = '${group.id}'`,
    );
    assertEquals(groups.length, 1, "the dataset is not in its new group");
  });

  on("an organization's newest title wins, though only its first dataset carries it", async (
    site,
  ) => {
    const [first] = await callAction<{ results: { id: string; owner_org: string }[] }>(
      ckan,
      "package_search",
      { sort: "id asc", rows: 1 },
    ).then(({ results }) => results);
    const title = `Renamed ${crypto.randomUUID()}`;
    await callAction(ckan, "organization_patch", { id: first!.owner_org, title });
    await callAction(ckan, "package_patch", { id: first!.id, notes: "Carries the new title" });
    await runStages(site, ...STAGES);
    const rows = await site.rows<{ title: string }>(
      `select title from ckan_clean_organizations where id = '${first!.owner_org}'`,
      "clean_ckan_api",
    );
    assertEquals(rows, [{ title }]);
  });

  on("a harvest loses no dataset while somebody edits five times a second", async (site) => {
    const before = [...(await searchWithCkanapi(ckan)).keys()];
    let isRunning = true;
    let edits = 0;
    const editor = (async () => {
      while (isRunning) {
        const started = Date.now();
        const id = before[edits * 37 % before.length]!;
        await callAction(ckan, "package_patch", { id, notes: `Edit ${edits}` });
        edits++;
        const rest = 200 - (Date.now() - started);
        if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
      }
    })();
    const slow = await harvestSite(
      `${ckan.url}/api/3/action/package_search`,
      "page_size = 8\nconcurrency = 1",
    );
    try {
      await runStages(slow, "01_download_datasets", "02_insert_datasets");
      const ids = new Set(await publicIds(slow));
      assertEquals(before.filter((id) => !ids.has(id)), [], `lost during ${edits} edits`);
      await runStages(site, "01_download_datasets");
    } finally {
      isRunning = false;
      await editor;
      await slow.remove();
    }
    assert(edits > 0, "nothing was edited meanwhile");
  });

  on("a harvest that was killed continues and ends with everything", async (site) => {
    const command = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "tasks/01_download_datasets.ts", ...site.flags],
      env: { NO_COLOR: "1" },
      stdout: "null",
      stderr: "null",
    });
    const child = command.spawn();
    const folder = join(site.root, "artifacts", "harvested", "downloads", "datasets");
    await until(async () => await countAnswers(folder) >= 2);
    child.kill("SIGKILL");
    await child.status;
    await runStages(site, "01_download_datasets", "02_insert_datasets");
    const wanted = [...(await searchWithCkanapi(ckan)).keys()].sort();
    assertEquals((await publicIds(site)).sort(), wanted);
  });
}

const STAGES = ["01_download_datasets", "02_insert_datasets", "03_clean_datasets"];

async function runStages(site: HarvestSite, ...stages: string[]): Promise<void> {
  for (const stage of stages) {
    const { code, stderr } = await site.run(stage);
    assertEquals(code, 0, `${stage}: ${stderr}`);
  }
}

async function publicIds(site: HarvestSite): Promise<string[]> {
  const rows = await site.rows<{ id: string }>("select distinct id from ckan_datasets order by id");
  return rows.map(({ id }) => id);
}

/** Fails where the clean tables of two sites differ. */
async function assertSameCatalogue(one: HarvestSite, other: HarvestSite): Promise<void> {
  for (
    const table of [
      "ckan_clean_datasets",
      "ckan_clean_all_resources",
      "ckan_clean_organizations",
    ]
  ) {
    const select = `select * from ${table} order by id`;
    const [rows, wanted] = await Promise.all(
      [one, other].map((site) => site.rows<Record<string, unknown>>(select, "clean_ckan_api")),
    );
    assert(wanted!.length > 0, table);
    assertEquals(rows, wanted, table);
  }
}

/** The answers that the runs of a folder have so far. */
async function countAnswers(folder: string): Promise<number> {
  let count = 0;
  try {
    for await (const run of Deno.readDir(folder)) {
      const journal = await Deno.readTextFile(join(folder, run.name, "journal.ndjson"));
      count += journal.split("\n").length - 1;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return count;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!await condition()) {
    assert(Date.now() < end, "waited for 30 s");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
