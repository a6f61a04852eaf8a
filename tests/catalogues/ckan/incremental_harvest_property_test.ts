import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { sitePaths } from "../../../lib/storage/paths.ts";
import { ckan } from "../../../lib/catalogues/ckan/ckan.ts";
import { hasParent } from "../../../lib/catalogues/ckan/harvest_index.ts";
import { RecordWriter } from "../../../lib/catalogues/record_writer.ts";
import { Random } from "../../../lib/demo/random.ts";
import { Database } from "../../../lib/duckdb/database.ts";
import { newestSealedRun } from "../../../lib/storage/sealed_run.ts";
import type { SealedRun } from "../../../lib/storage/sealed_run.ts";
import { newestSnapshot } from "../../../lib/storage/snapshots.ts";
import { downloadDatasets } from "../../../tasks/01_download_datasets.ts";
import { insertDatasets } from "../../../tasks/02_insert_datasets.ts";
import { ChangingPortal } from "../../helpers/changing_portal.ts";
import { contextFor } from "../../helpers/in_process.ts";
import { cases } from "../../helpers/thoroughness.ts";

const HISTORIES = cases(200, 30);
/** So many of them go through the tables of 02 as well. */
const WITH_TABLES = cases(5, 2);
/** So many are lived through at a time: each waits for its disk most of the time. */
const AT_ONCE = 8;

/** Our clock, which has nothing to do with the portal's. */
const OURS = Date.UTC(2031, 0, 1);

Deno.test("harvests of what changed give what a whole harvest gives, in few requests", async () => {
  let incremental = 0;
  let next = 0;
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, async () => {
    while (next < HISTORIES) {
      const seed = next++;
      try {
        const ofChanges = await lived(seed, seed < WITH_TABLES);
        incremental += ofChanges;
      } catch (error) {
        next = HISTORIES;
        throw error;
      }
    }
  }));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  assert(incremental > HISTORIES, `only ${incremental} harvests were of what changed`);
});

/** Lives through one history; gives how many harvests asked only for what changed. */
async function lived(seed: number, withTables: boolean): Promise<number> {
  const random = new Random(seed, "nights");
  const size = seed % 10 === 0 ? random.between(150, 300) : random.between(8, 60);
  const pageSize = random.pick([10, 25, 1000]);
  // a portal that gives few at once, as others do when they have many
  const clamp = random.chance(0.2) ? 20 : 1000;
  const portal = new ChangingPortal(seed, size, { keyset: random.chance(0.8), clamp });
  const root = await Deno.makeTempDir({ prefix: "history_" });
  const artifacts = join(root, "artifacts");
  let incremental = 0;
  let night = 0;
  const context = (folder = artifacts) =>
    contextFor(folder, portal.portal.endpointUrl, `page_size = ${pageSize}`, {
      now: () => OURS + night * 86_400_000,
    });
  try {
    await downloadDatasets(context());
    const nights = random.between(1, 3);
    for (night = 1; night <= nights; night += 1) {
      portal.sleep();
      const before = { changes: portal.changes, requests: portal.portal.requests.count };
      for (let left = random.below(25); left > 0; left -= 1) portal.change();
      const during = random.chance(0.4) ? random.between(1, 4) : 0;
      let left = during;
      portal.atRequest = () => {
        if (left-- > 0) portal.change();
      };
      await downloadDatasets(context());
      portal.atRequest = undefined;
      const run = await newest(artifacts);
      incremental += hasParent(run) ? 1 : 0;
      const where = `history ${seed}, night ${night}, ${run.name}`;
      const spent = portal.portal.requests.count - before.requests;
      const most = (portal.changes - before.changes) / Math.min(pageSize, clamp) +
        portal.size / clamp + 5;
      // where it takes several requests to look at all, what happens meanwhile may take another look
      const looks = clamp < portal.size && during > 0 ? 2 : 1;
      assert(looks > 1 || spent <= most, `${where}: ${spent} requests where ${most} are enough`);
      // with the third request, or later, comes the last look: what happens then is seen the next time
      if (during > 2 || looks > 1) await downloadDatasets(context());
      await assertSame(artifacts, portal, where);
    }
    if (withTables) await assertSameTables(artifacts, join(root, "whole"), context);
    return incremental;
  } finally {
    await portal.portal.close();
    await Deno.remove(root, { recursive: true });
  }
}

async function newest(artifacts: string): Promise<SealedRun> {
  return (await newestSealedRun(sitePaths(artifacts, "harvested"), "datasets"))!;
}

async function assertSame(artifacts: string, portal: ChangingPortal, where: string) {
  const run = await newest(artifacts);
  const texts = await portal.texts();
  const records = await recordsOf(artifacts, run);
  const short = (text: string) => text.slice(0, 90);
  const lacking = texts.filter((text) => !records.includes(text)).map(short);
  const stale = records.filter((text) => !texts.includes(text)).map(short);
  assertEquals({ lacking, stale, size: records.length }, {
    lacking: [],
    stale: [],
    size: texts.length,
  }, where);
  assertEquals([run.seal.complete, run.seal.counts.datasets], [true, texts.length], where);
}

/** The records that 02 would load, in order. */
async function recordsOf(artifacts: string, run: SealedRun): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "records_" });
  try {
    const writer = new RecordWriter(folder, !hasParent(run));
    const context = contextFor(artifacts, "http://127.0.0.1", "");
    for await (const page of ckan.records(context, run)) await writer.add(page);
    const texts = await Promise.all(writer.files.map((file) => Deno.readTextFile(file)));
    return texts.join("").split("\n").filter((line) => line !== "").sort();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function assertSameTables(
  ours: string,
  whole: string,
  context: (folder: string) => Parameters<typeof insertDatasets>[0],
): Promise<void> {
  await downloadDatasets(context(whole));
  for (const folder of [ours, whole]) await insertDatasets(context(folder));
  const paths = sitePaths(ours, "harvested");
  const db = await Database.open(paths.scratch);
  try {
    for (const [name, folder] of [["ours", ours], ["wanted", whole]] as const) {
      const snapshot = (await newestSnapshot(sitePaths(folder, "harvested"), "ckan_api"))!;
      await db.attach(snapshot.file, name);
    }
    const tables = await db.rows<{ name: string }>(
      "select table_name as name from duckdb_tables() where database_name = 'wanted' order by all",
    );
    assert(tables.length >= 8);
    for (const { name } of tables) {
      const columns = "columns(name -> name <> 'record_number')";
      for (const [one, other] of [["ours", "wanted"], ["wanted", "ours"]]) {
        const rows = await db.rows(
          `select ${columns} from ${one}.${name} except all select ${columns} from ${other}.${name}`,
        );
        assertEquals(rows.length, 0, `${rows.length} rows of ${name} are in ${one} only`);
      }
    }
  } finally {
    db.close();
  }
}
