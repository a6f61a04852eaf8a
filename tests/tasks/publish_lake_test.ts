import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { Database } from "../../lib/duckdb/database.ts";
import { lakeOf } from "../../lib/lake/catalog.ts";
import { runTaskWith } from "../helpers/backup_tasks.ts";
import { assertInLake, hasExtensions, openLake, publishOf } from "../helpers/lake_site.ts";
import { findPostgres, startPostgres } from "../helpers/postgres.ts";
import { publishMentions } from "../helpers/small_dependents.ts";
import { inSmallSite } from "../helpers/small_site.ts";
import { publishCatalogue } from "../helpers/small_snapshots.ts";

const hasLake = await hasExtensions("ducklake", "postgres_scanner");
const programs = await findPostgres();
if (!hasLake) {
  console.log(
    "Skipping the tests of the lake: DUCKDB_EXTENSION_DIRECTORY names no folder with DuckDB's " +
      "extensions ducklake and postgres_scanner",
  );
} else if (programs === undefined) {
  console.log("Skipping the tests of a lake in PostgreSQL: PostgreSQL is not installed");
}

/** Runs the task on a lake of its own folder. */
async function inLake(
  test: (
    folder: string,
    publish: (env: Record<string, string>, ...args: string[]) => ReturnType<typeof runTaskWith>,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder, (env, ...args) =>
      runTaskWith(
        { ARTIFACTS_DIR: folder, LAKE_DATA_PATH: "", LAKE_CATALOG: "", ...env },
        "publish_lake",
        ...args,
      ));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function publications(db: Database): Promise<string[]> {
  const rows = await db.rows<{ commit_message: string }>(
    "select commit_message from lake.snapshots() where commit_message is not null",
  );
  return rows.map(({ commit_message }) => commit_message);
}

Deno.test({
  name: "publishLake() by 4 processes at once gives every table of 4 sites, in PostgreSQL",
  ignore: !hasLake || programs === undefined,
  fn: () =>
    inLake(async (folder, publish) => {
      const postgres = await startPostgres(programs!);
      try {
        const env = { LAKE_CATALOG: postgres.catalog, LAKE_DATA_PATH: join(folder, "parquet") };
        const sites = ["one", "two", "three", "four"];
        const snapshots = await Promise.all(sites.map(async (site, index) => {
          const clean = await publishOf(folder, site, "clean_ckan_api", { rows: 20_000 + index });
          return [clean, await publishOf(folder, site, "final", { parents: [clean] })];
        }));
        // no one has made the lake before: that is one more thing to be done once
        const runs = await Promise.all(sites.map((site) => publish(env, "--site", site)));
        for (const { code, stderr } of runs) assertEquals(code, 0, stderr);
        const db = await openLake(postgres.catalog);
        try {
          for (const [index, site] of sites.entries()) {
            for (const snapshot of snapshots[index]!) await assertInLake(db, site, snapshot);
          }
          assertEquals((await publications(db)).length, 4);

          // the same site twice at once: one writes, the other finds that nothing is left to do
          const newer = await publishOf(folder, "one", "final", {
            at: "2026-11-25T03:00:00Z",
            rows: 5,
          });
          const twice = await Promise.all([0, 1].map(() => publish(env, "--site", "one")));
          for (const { code, stderr } of twice) assertEquals(code, 0, stderr);
          assertEquals(twice.filter(({ stderr }) => /nothing to do/.test(stderr)).length, 1);
          await assertInLake(db, "one", newer);
          assertEquals((await publications(db)).at(-1), `one: ${newer.name}`);

          const again = await publish(env);
          assertEquals(again.stderr.match(/nothing to do/g)?.length, 4, again.stderr);
          assertEquals((await publications(db)).length, 5);
        } finally {
          db.close();
        }
        for (const { stderr } of runs) assert(!stderr.includes("open-sesame"), stderr);
      } finally {
        await postgres.stop();
      }
    }),
});

Deno.test({
  name: "publishLake() changes all tables of a site or none, and goes only forward",
  ignore: !hasLake,
  fn: () =>
    inLake(async (folder, publish) => {
      const env = { LAKE_CATALOG: join(folder, "lake.ducklake") };
      const clean = await publishOf(folder, "one", "clean_ckan_api");
      const first = await publishOf(folder, "one", "final", {
        more: "create table final_old (id varchar)",
        parents: [clean],
      });
      assertEquals((await publish(env)).code, 0);
      // the manifest of the next one has a row that is not there
      const second = await publishOf(folder, "one", "final", { at: "2026-11-25T03:00:00Z" });
      const manifestFile = second.file.replace(/\.db$/, ".json");
      const manifest = await Deno.readTextFile(manifestFile);
      await Deno.chmod(manifestFile, 0o644);
      await Deno.writeTextFile(manifestFile, manifest.replace('_things": 3000', '_things": 3001'));
      const failed = await publish(env);
      assertEquals(failed.code, 1);
      assertMatch(failed.stderr, /"final_things" of "final_.*" has 3000 rows and not the 3001/);
      await inspect(env.LAKE_CATALOG, (db) => assertInLake(db, "one", first));

      await Deno.writeTextFile(manifestFile, manifest);
      const db = await openLake(env.LAKE_CATALOG);
      await db.run("create table lake.one.own as select 1 as n");
      db.close();
      const mended = await publish(env);
      assertEquals(mended.code, 0, mended.stderr);
      assertStringIncludes(mended.stderr, "made from another clean_ckan_api");
      const tables = () =>
        inspect(env.LAKE_CATALOG, (db) =>
          db.rows<{ name: string }>(
            "select table_name as name from duckdb_tables() where schema_name = 'one'",
          ));
      const names = (await tables()).map(({ name }) => name);
      assert(!names.includes("final_old") && names.includes("own"), names.join());

      for (const file of [second.file, manifestFile]) await Deno.remove(file);
      const older = await publish(env);
      assertEquals(older.code, 0, older.stderr);
      assertStringIncludes(older.stderr, `left out "${first.name}": the lake has a newer one`);
      await inspect(env.LAKE_CATALOG, async (db) => {
        const standing = await db.rows(
          "select database, snapshot from lake.one.published_snapshots order by all",
        );
        assertEquals(standing, [
          { database: "clean_ckan_api", snapshot: clean.name },
          { database: "final", snapshot: second.name },
        ]);
      });
    }),
});

async function inspect<Result>(catalog: string, look: (db: Database) => Promise<Result>) {
  const db = await openLake(catalog);
  try {
    return await look(db);
  } finally {
    db.close();
  }
}

Deno.test({
  name:
    "publishLake() waits for another writer of a catalogue in a file, and the same SQL reads it",
  ignore: !hasLake,
  fn: () =>
    inSmallSite(async (site, run) => {
      await publishCatalogue(site, ["1 page is missing"]);
      await publishMentions(site);
      assertEquals((await run("09_build_final")).code, 3);
      await publishOf(site.paths.root, "other", "clean_ckan_api");
      const catalog = join(site.paths.root, "lake.ducklake");
      const env = { LAKE_CATALOG: catalog, LAKE_DATA_PATH: "", ARTIFACTS_DIR: site.paths.root };
      const [small, other] = await Promise.all(
        ["small", "other"].map((name) => runTaskWith(env, "publish_lake", "--site", name)),
      );
      assertEquals([small!.code, other!.code], [3, 0], small!.stderr + other!.stderr);
      assertStringIncludes(small!.stderr, "small: incomplete: 1 page is missing");

      const [final] = [...Deno.readDirSync(site.paths.snapshots)]
        .filter(({ name }) => /^final_.*\.db$/.test(name));
      const selects = (await Deno.readTextFile("notebooks/explore.sql"))
        .split(/;\n/).filter((part) => part.trim() !== "");
      assert(selects.length >= 9);
      await inspect(catalog, async (db) => {
        await db.attach(join(site.paths.snapshots, final!.name), "final");
        for (const select of selects) {
          await db.run("use final");
          const wanted = await db.rows(select);
          await db.run("use lake.small");
          assertEquals(await db.rows(select), wanted, select);
        }
      });
    }),
});

Deno.test("publishLake() says in one line which extensions are missing, and how to get them", () =>
  inLake(async (folder, publish) => {
    await publishOf(folder, "one", "clean_ckan_api", { rows: 1 });
    const empty = join(folder, "no extensions");
    const env = { DUCKDB_EXTENSION_DIRECTORY: empty };
    const line = async (more: Record<string, string>) => {
      const { code, stderr } = await publish({ ...env, ...more });
      assertEquals([code, stderr.trimEnd().split("\n").length], [1, 1], stderr);
      return stderr;
    };
    assertMatch(
      await line({ LAKE_CATALOG: "postgres:dbname=lake password=secret" }),
      /^Cannot publish to the lake: extensions "ducklake", "postgres_scanner" of DuckDB v1\.5\.5 are not in DUCKDB_EXTENSION_DIRECTORY \(.*\): run "pip install --no-deps --target .* duckdb-extension-ducklake==1\.5\.5 duckdb-extension-postgres-scanner==1\.5\.5"\n$/,
    );
    assertStringIncludes(
      await line({ LAKE_CATALOG: join(folder, "x.ducklake") }),
      `extension "ducklake" of DuckDB v1.5.5 is not in`,
    );
    await Deno.mkdir(empty);
    await Deno.writeTextFile(join(empty, "ducklake.duckdb_extension"), "no extension");
    assertMatch(await line({ LAKE_CATALOG: join(folder, "x.ducklake") }), /cannot be loaded/);
  }));

Deno.test("publishLake() says in one line what is wrong with its variables and flags", () =>
  inLake(async (folder, publish) => {
    const fails = async (wanted: number, text: string, env = {}, ...args: string[]) => {
      const { code, stderr } = await publish(env, ...args);
      assertEquals([code, stderr.trimEnd().split("\n").length], [wanted, 1], stderr);
      assertStringIncludes(stderr, text);
    };
    await fails(2, "LAKE_CATALOG is not set");
    await fails(2, `LAKE_CATALOG is of the kind "mysql"`, { LAKE_CATALOG: "mysql:db=lake" });
    const file = { LAKE_CATALOG: join(folder, "x.ducklake") };
    await fails(1, `no snapshot of "clean_ckan_api" or "final" of any site`, file);
    await fails(2, `no site "x"`, file, "--site", "x");
  }));

Deno.test("lakeOf() knows which passwords no error may show", () => {
  const scrubbed = (catalog: string, text: string) =>
    lakeOf((name) => name === "LAKE_CATALOG" ? catalog : undefined).scrub(text);
  for (
    const [catalog, text] of [
      [String.raw`postgres:host=db password='\'s3cret'`, String.raw`at "\'s3cret" of db`],
      ["postgres:host=db password=s3cret", `at "host=db password=s3cret": s3cret is wrong`],
      ["postgres://me:s3%2Fcret@db/lake", `at "postgres://me:s3%2Fcret@db/lake": s3/cret is wrong`],
      ["postgresql:///lake?user=me&password=s3cret", "s3cret, password=s3cret"],
    ] as const
  ) assert(!/s3(%2F|\/)?cret/.test(scrubbed(catalog, text)), scrubbed(catalog, text));
});
