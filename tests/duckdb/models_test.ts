import { assertEquals, assertRejects } from "@std/assert";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Database } from "../../lib/duckdb/database.ts";
import { StageError } from "../../lib/cli/errors.ts";
import { buildModels, hashOfSql, listDatabases, readModels } from "../../lib/duckdb/models.ts";

const SQL_ROOT = fileURLToPath(new URL("../../sql/", import.meta.url));

interface Bench {
  db: Database;
  /** The folder of SQL as the name of a database. */
  database: string;
  folder: string;
  build: () => Promise<void>;
  /** What was reported. */
  printed: string[];
}

/** Builds from these files, given by path under the database's folder. */
async function withSql(
  files: Record<string, string>,
  test: (bench: Bench) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const db = await Database.open(join(folder, "scratch"));
  try {
    for (const [name, sql] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
      await Deno.writeTextFile(join(folder, name), sql);
    }
    const printed: string[] = [];
    const print = (line: string) => void printed.push(line);
    const log = { info: print, warn: print, bar: () => ({ advance() {}, end() {} }) };
    const database = relative(SQL_ROOT, folder);
    await test({ db, database, folder, printed, build: () => buildModels(db, database, log) });
  } finally {
    db.close();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readModels() reads order, grain, keys and lineage from the SQL", () =>
  withSql({
    "a_last.sql": "-- The last; one row per id.\n-- key: id, part\n-- not null: id\n" +
      "select id, part from b_middle union all select id, part from (select * from z_first)",
    "b_middle.sql": "with z_unused as (select 1 as id), z as (select * from z_first)\n" +
      "select id, part from z where id in (select id from raw.things)",
    "intermediate/z_first.sql": "-- The first; one row.\nselect 1 as id, 'a' as part",
    "notes.md": "no model",
  }, async ({ db, database }) => {
    const models = await readModels(db, database);
    assertEquals(
      models.map(({ sql: _, ...model }) => model),
      [
        {
          table: "z_first",
          description: "The first; one row.",
          key: [],
          notNull: [],
          reads: [],
          isIntermediate: true,
        },
        {
          table: "b_middle",
          description: "",
          key: [],
          notNull: [],
          reads: ["raw.things", "z_first"],
          isIntermediate: false,
        },
        {
          table: "a_last",
          description: "The last; one row per id.",
          key: ["id", "part"],
          notNull: ["id"],
          reads: ["b_middle", "z_first"],
          isIntermediate: false,
        },
      ],
    );
  }));

Deno.test("readModels() takes the name of a CTE for a table's where the CTE cannot be seen", () =>
  withSql({
    "later.sql": "with first as (select id from second), second as (select 1 as id)\n" +
      "select first.id from first, second",
    "loop.sql": "with recursive loop as (select 1 as id union all select id + 1 from loop\n" +
      "where id < 3) select id from loop",
    "second.sql": "select 2 as id",
    "things.sql": "with things as (select 1 as id) select id from things",
    "twice.sql": "with things as (select * from things) select id from things",
  }, async ({ db, database }) => {
    const models = await readModels(db, database);
    assertEquals(models.map(({ table, reads }) => [table, reads]), [
      ["loop", []],
      ["second", []],
      ["later", ["second"]],
      ["things", []],
      ["twice", ["things"]],
    ]);
  }));

Deno.test("readModels() names the models that read each other in a circle, and SQL that is none", async () => {
  await withSql({
    "a.sql": "select * from b",
    "b.sql": "select * from c",
    "c.sql": "select * from a",
    "d.sql": "select 1 as id",
  }, async ({ db, database }) => {
    await assertRejects(
      () => readModels(db, database),
      Error,
      "models read each other in a circle: a, b, c",
    );
  });
  await withSql({ "a.sql": "selekt 1" }, async ({ db, database }) => {
    await assertRejects(() => readModels(db, database), Error, "a.sql cannot be read: ");
  });
});

Deno.test("buildModels() makes tables with descriptions, and none of intermediate models and macros", () =>
  withSql({
    "macros/double.sql": "create or replace temporary macro double(number) as 2 * number;",
    "intermediate/step.sql": "-- A step; one row.\nselect 21 as id",
    "things.sql":
      "-- All the things; one row per id.\n-- key: id\nselect double(id) as id from step",
    "checks/ids_are_even.sql": "-- Odd ones would be odd.\nselect id from things where id % 2 = 1",
    "descriptions.toml": '[columns]\nid = "Somebody\'s id"\n[step]\nid = "never seen"\n',
  }, async ({ db, folder, build, printed }) => {
    const file = join(folder, "built.db");
    await db.attachNew(file, "built");
    await db.run("use built");
    await build();
    assertEquals(await db.rows("select * from things"), [{ id: 42 }]);
    assertEquals(
      await db.rows(
        "select table_name, comment from duckdb_tables() where database_name = 'built'",
      ),
      [{ table_name: "things", comment: "All the things; one row per id." }],
    );
    assertEquals(
      await db.rows("select comment from duckdb_columns() where table_name = 'things'"),
      [{ comment: "Somebody's id" }],
    );
    assertEquals(
      await db.rows(
        "select function_name from duckdb_functions() where database_name = 'built' and not internal",
      ),
      [],
    );
    assertEquals(printed, []);
  }));

Deno.test("buildModels() refuses a key that comes twice and a column that is never null but is", async () => {
  await withSql({
    "things.sql": "-- T; one row per id.\n-- key: id\nselect unnest([1, 2, 2]) as id",
  }, async ({ build }) => {
    await assertRejects(
      build,
      StageError,
      '"things" has more than one row for {"id":2}, which its SQL says is its key',
    );
  });
  await withSql({
    "things.sql": "-- T; one row per id.\n-- not null: id, name\nselect 1 as id, null as name",
  }, async ({ build }) => {
    await assertRejects(
      build,
      StageError,
      '1 rows of "things" have no "name", which its SQL says is never null',
    );
  });
});

Deno.test("buildModels() reports ten bad rows of every check that fails", () =>
  withSql({
    "things.sql": "select range as id, 9007199254740993 as big from range(12)",
    "checks/all_is_well.sql": "select id from things where id < 0",
    "checks/every_id_is_small.sql": "-- Why not.\nselect id, big from things order by id;\n",
    "checks/no_id_is_three.sql": "select id from things where id = 3 -- the bad one",
  }, async ({ build, printed }) => {
    const error = await assertRejects(build, StageError);
    assertEquals(
      error.message.replace(/of "[^"]*"/, 'of "x"'),
      '2 checks of "x" failed (every id is small; no id is three): nothing was published, ' +
        "the failing rows are above",
    );
    assertEquals(printed.length, 1 + 10 + 1 + 1);
    assertEquals(printed.slice(0, 2), [
      "check failed: every id is small; first 10 failing rows:",
      '  {"id":0,"big":"9007199254740993"}',
    ]);
    assertEquals(printed.slice(-2), ["check failed: no id is three; failing rows:", '  {"id":3}']);
  }));

Deno.test("hashOfSql() changes with models, intermediate ones, macros, inputs, checks and descriptions", () => {
  const files = {
    "a.sql": "select 1 as id",
    "intermediate/i.sql": "select 1 as id",
    "macros/m.sql": "select 1",
    "inputs/n.sql": "select 1",
    "checks/c.sql": "select 1",
    "descriptions.toml": "",
  };
  return withSql(files, async ({ database, folder }) => {
    const hashes = [await hashOfSql(database)];
    for (const name of Object.keys(files)) {
      await Deno.writeTextFile(join(folder, name), " ", { append: true });
      hashes.push(await hashOfSql(database));
    }
    assertEquals(new Set(hashes).size, 7);
    assertEquals(await hashOfSql(database), hashes.at(-1));
  });
});

Deno.test("readModels() can order the models of every database that the project has", async () => {
  const db = await Database.open(await Deno.makeTempDir());
  try {
    for (const database of await listDatabases()) {
      const models = await readModels(db, database);
      const built = new Set<string>();
      const own = new Set(models.map(({ table }) => table));
      for (const { table, reads } of models) {
        assertEquals(reads.filter((name) => own.has(name) && !built.has(name)), [], table);
        built.add(table);
      }
    }
  } finally {
    db.close();
  }
});
