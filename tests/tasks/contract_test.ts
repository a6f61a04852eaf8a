import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { sitePaths } from "../../lib/storage/paths.ts";
import { Database } from "../../lib/duckdb/database.ts";
import { newestSnapshot } from "../../lib/storage/snapshots.ts";
import { COLUMNS, MANIFEST_KEYS, TIMES, WEB_APPLICATION } from "../helpers/contract.ts";
import { installOldReaders, readWith } from "../helpers/old_readers.ts";
import {
  hashOfInput,
  readRecorded,
  record,
  type RecordedVersions,
  rowsOf,
  unexplained,
} from "../helpers/row_versions.ts";
import { runTask } from "../helpers/run_task.ts";

const RECORD = "RECORD_ROWS=1 deno test -A tests/tasks/contract_test.ts";

/** In the order in which they are made. */
const DATABASES = [
  "ckan_api",
  "clean_ckan_api",
  "sourcegraph_api",
  "reverse_dependencies",
  "final",
];

Deno.test("runDemo() leaves all that may be relied on: tables, columns, manifests, files that old readers open", async (t) => {
  const root = await Deno.makeTempDir();
  try {
    const { code, stderr } = await runTask("demo", "--datasets", "150", "--artifacts-dir", root);
    assert(code === 0 || code === 3, stderr);
    const paths = sitePaths(root, "port_aurelia");
    const files = new Map<string, string>();

    for (const [database, tables] of Object.entries(COLUMNS)) {
      await t.step(`the columns of ${database}`, async () => {
        const snapshot = await newestSnapshot(paths, database);
        assert(snapshot, `no snapshot of "${database}"`);
        files.set(database, snapshot.file);
        const keys = Object.keys(snapshot.manifest);
        assertEquals(MANIFEST_KEYS.filter((key) => !keys.includes(key)), []);
        const types = await columnTypes(snapshot.file, paths.scratch);
        const wanted = Object.entries(tables).flatMap(([table, columns]) =>
          columns.split(", ").map((column) => `${table}.${column}`)
        );
        assertEquals(wanted.filter((column) => !types.has(column)), []);
        for (const column of TIMES[database] ?? []) assertEquals(types.get(column), "TIMESTAMP");
        if (database === "clean_ckan_api") {
          assertEquals(types.get("ckan_clean_all_resources.size"), "BIGINT");
        }
      });
    }

    await t.step(
      "rows change only with the version of the code, with SQL or with input",
      async () => {
        const now: RecordedVersions = { input: await hashOfInput(), databases: {} };
        for (const database of DATABASES) {
          now.databases[database] = await rowsOf((await newestSnapshot(paths, database))!);
        }
        const recorded = await readRecorded();
        const databases = unexplained(DATABASES, recorded, now);
        assertEquals(databases, [], "the code makes other rows: raise the version in recipes.ts");
        if (Deno.env.get("RECORD_ROWS")) await record(now);
        else assertEquals(now, recorded, `rows, SQL or input have changed: ${RECORD} records them`);
      },
    );

    const readers = await installOldReaders(join(root, "readers"));
    for (const version of ["1.2.2", "1.3.2", "1.4.5"]) {
      await t.step({
        name: `DuckDB ${version} reads every snapshot and answers the web application`,
        ignore: readers === undefined,
        fn: async () => {
          for (const [database, file] of files) {
            const queries = database === "final" ? WEB_APPLICATION : [];
            const counts = await readWith(readers!, version, file, queries);
            assert(counts.tables > 0, database);
            assert(counts.rows.every((rows) => rows > 0), `${counts.rows}`);
          }
        },
      });
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

/** `table.column` → type, of all tables of a file. */
async function columnTypes(file: string, scratch: string): Promise<Map<string, string>> {
  const db = await Database.open(scratch);
  try {
    await db.attach(file, "snapshot");
    const columns = await db.rows<{ name: string; type: string }>(
      "select table_name || '.' || column_name as name, data_type as type from duckdb_columns() " +
        "where database_name = 'snapshot'",
    );
    return new Map(columns.map(({ name, type }) => [name, type]));
  } finally {
    db.close();
  }
}
