import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { Database } from "../../lib/duckdb/database.ts";
import { StageError } from "../../lib/cli/errors.ts";
import { publishSnapshot, type SnapshotPlan } from "../../lib/duckdb/publish_snapshot.ts";
import {
  listSnapshotDatabases,
  listSnapshots,
  newestSnapshot,
  readSnapshot,
} from "../../lib/storage/snapshots.ts";
import { smallSite } from "../helpers/small_snapshots.ts";

type Site = ReturnType<typeof smallSite>;

async function inSite(test: (site: Site) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await test(smallSite(root));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function publish(
  site: Site,
  more: Partial<SnapshotPlan> = {},
  build: (db: Database) => Promise<void> = numbers,
) {
  const plan = { database: "things", stage: "02", parents: [], complete: true, reasons: [] };
  return publishSnapshot(site, { ...plan, ...more }, build);
}

async function numbers(db: Database): Promise<void> {
  await db.run("create table numbers as select range as number from range(100000)");
  await db.run("create table nothing (id varchar)");
}

async function namesIn(site: Site): Promise<string[]> {
  const names = [];
  for await (const { name } of Deno.readDir(site.paths.snapshots)) names.push(name);
  return names.sort();
}

/** Castagnoli's CRC bit by bit, to check the one that is used by another. */
function crc32cOf(bytes: Uint8Array): string {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1;
  }
  const big = new Uint8Array(4);
  new DataView(big.buffer).setUint32(0, ~sum >>> 0);
  return btoa(String.fromCharCode(...big));
}

Deno.test("publishSnapshot() writes a read-only file whose manifest is right", () =>
  inSite(async (site) => {
    // the check value of the polynomial's own specification
    assertEquals(crc32cOf(new TextEncoder().encode("123456789")), "4waSgw==");
    const parents = [{ file: "small/downloads/x", sha256: "00" }];
    const { snapshot, upToDate } = await publish(site, {
      parents,
      complete: false,
      reasons: ["one is missing"],
    });
    assertEquals(upToDate, false);
    assertEquals(snapshot.name, "things_20261124T034149Z.db");
    const bytes = await Deno.readFile(snapshot.file);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const { recipe, config, sql, version: _, ...manifest } = snapshot.manifest;
    assertEquals(manifest, {
      database: "things",
      site: "small",
      stage: "02",
      created_at: "2026-11-24T03:41:49.000Z",
      bytes: bytes.length,
      sha256,
      crc32c: crc32cOf(bytes),
      storage_version: "v1.2.0",
      tables: { nothing: 0, numbers: 100000 },
      parents,
      complete: false,
      reasons: ["one is missing"],
    });
    assertEquals(sql.folder, "things");
    assertEquals(recipe.length, 64);
    assertEquals(config.site.short_name, "small");
    assertEquals(snapshot.parent, {
      file: "read_only/small/things_20261124T034149Z.db",
      sha256,
    });
    for (const name of await namesIn(site)) {
      const { mode } = await Deno.stat(join(site.paths.snapshots, name));
      assertEquals(mode! & 0o777, 0o444, name);
    }
    assertEquals(await namesIn(site), [
      "things_20261124T034149Z.db",
      "things_20261124T034149Z.json",
    ]);
  }));

Deno.test("publishSnapshot() makes a file that readers open, and that no one can write to", () =>
  inSite(async (site) => {
    const { snapshot } = await publish(site);
    const db = await Database.open(site.paths.scratch);
    try {
      await db.attach(snapshot.file, "things");
      assertEquals(await db.one("select sum(number)::bigint as sum from things.numbers"), {
        sum: 4999950000,
      });
      await assertRejects(() => db.run("drop table things.numbers"), Error, "read-only");
      // which versions of DuckDB can open the file
      const { tags } = await db.one<{ tags: string }>(
        "select tags::varchar as tags from duckdb_databases() where database_name = 'things'",
      );
      assert(tags.includes("v1.2.0"), tags);
    } finally {
      db.close();
    }
  }));

Deno.test("publishSnapshot() shows nothing until all is complete", () =>
  inSite(async (site) => {
    await publish(site, {}, async (db) => {
      await numbers(db);
      await db.run("checkpoint");
      assertEquals(await listSnapshots(site.paths, "things"), []);
      assertEquals(await namesIn(site), [".building_things.db"]);
    });
    assertEquals((await listSnapshots(site.paths, "things")).length, 1);
  }));

Deno.test("publishSnapshot() leaves the earlier snapshot the newest when a build fails", () =>
  inSite(async (site) => {
    const { snapshot } = await publish(site);
    await assertRejects(
      () =>
        publish(site, { settings: "other" }, async (db) => {
          await numbers(db);
          throw new StageError("a check failed");
        }),
      StageError,
      "a check failed",
    );
    assertEquals((await newestSnapshot(site.paths, "things"))!.file, snapshot.file);
    // the next build clears away what this one left
    await publish(site, { settings: "other" });
    assertEquals((await namesIn(site)).filter((name) => name.startsWith(".")), []);
  }));

Deno.test("publishSnapshot() says what is up to date, unless parents or recipe differ or it is forced", () =>
  inSite(async (site) => {
    const first = (await publish(site)).snapshot;
    let built = 0;
    const again = async (more: Partial<SnapshotPlan>, force = false) => {
      const { snapshot, upToDate } = await publish({ ...site, force }, more, async (db) => {
        built += 1;
        await numbers(db);
      });
      return [snapshot.name, upToDate, built];
    };
    assertEquals(await again({}), [first.name, true, 0]);
    const parents = [{ file: "a", sha256: "11" }, { file: "b", sha256: "22" }];
    assertEquals(await again({ parents }), ["things_20261124T034150Z.db", false, 1]);
    assertEquals(
      await again({ parents: parents.toReversed() }),
      ["things_20261124T034150Z.db", true, 1],
    );
    assertEquals(
      await again({ parents, settings: 1 }),
      ["things_20261124T034151Z.db", false, 2],
    );
    assertEquals(
      await again({ parents, settings: 1 }, true),
      ["things_20261124T034152Z.db", false, 3],
    );
    // snapshots that exist are never changed
    assertEquals(await readSnapshot(site.paths, first.file), first);
    assertEquals((await listSnapshots(site.paths, "things")).length, 4);
  }));

Deno.test("publishSnapshot() clears away what a killed build left, and nothing else", () =>
  inSite(async (site) => {
    const { snapshot } = await publish(site);
    const left = [
      ".building_things.db",
      ".building_things.db.wal",
      "things_20261124T034200Z.json",
      "things_20261124T034201Z.json.part",
    ];
    const kept = [".building_other.db", "things_2_20261124T034200Z.json", "notes.txt"];
    for (const name of [...left, ...kept]) {
      await Deno.writeTextFile(join(site.paths.snapshots, name), "torn");
    }
    assertEquals((await newestSnapshot(site.paths, "things"))!.name, snapshot.name);
    await publish({ ...site, force: true });
    const names = await namesIn(site);
    assertEquals(left.filter((name) => names.includes(name)), []);
    assertEquals(kept.filter((name) => !names.includes(name)), []);
  }));

Deno.test("newestSnapshot() goes by name and distinguishes databases whose names begin alike", () =>
  inSite(async (site) => {
    assertEquals(await newestSnapshot(site.paths, "things"), undefined);
    await publish({ ...site, now: () => new Date("2026-01-01T00:00:00Z") }, {
      database: "things_b",
    });
    await publish(site);
    assertEquals(await listSnapshotDatabases(site.paths), ["things", "things_b"]);
    assertEquals(
      (await newestSnapshot(site.paths, "things_b"))!.name,
      "things_b_20260101T000000Z.db",
    );
    assertEquals(
      (await listSnapshots(site.paths, "things")).map(({ name }) => name),
      ["things_20261124T034149Z.db"],
    );
  }));

Deno.test("readSnapshot() says which file is no snapshot", () =>
  inSite(async (site) => {
    await assertRejects(
      () => readSnapshot(site.paths, "nowhere.db"),
      StageError,
      'no snapshot "nowhere.db" with its manifest beside it',
    );
  }));

Deno.test("readSnapshot() names file and key of a damaged manifest", () =>
  inSite(async (site) => {
    const { snapshot } = await publish(site);
    const file = snapshot.file.replace(/\.db$/, ".json");
    const { reasons: _, ...manifest } = snapshot.manifest;
    await Deno.remove(file);
    await Deno.writeTextFile(file, JSON.stringify({ ...manifest, bytes: "many" }));
    await assertRejects(
      () => newestSnapshot(site.paths, "things"),
      StageError,
      `manifest "${file}" is damaged: bytes is "many", expected a number; reasons is missing, expected a list: restore it`,
    );
    await Deno.writeTextFile(file, "{");
    await assertRejects(
      () => newestSnapshot(site.paths, "things"),
      StageError,
      `manifest "${file}" is not valid JSON: restore it`,
    );
  }));

Deno.test("newestSnapshot() reads a snapshot through a link", () =>
  inSite(async (site) => {
    const { snapshot } = await publish(site);
    const folder = join(site.paths.root, "elsewhere");
    await Deno.mkdir(folder);
    for (const file of [snapshot.file, snapshot.file.replace(/\.db$/, ".json")]) {
      await Deno.rename(file, join(folder, basename(file)));
      await Deno.symlink(join("..", "..", "elsewhere", basename(file)), file);
    }
    assertEquals((await newestSnapshot(site.paths, "things"))?.name, snapshot.name);
  }));
