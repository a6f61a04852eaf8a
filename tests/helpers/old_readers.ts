import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";

/** Older DuckDB versions that people still open snapshots with, installed by npm and run by Node. */

const VERSIONS: Record<string, string> = {
  "1.2.2": "1.2.2-alpha.19",
  "1.3.2": "1.3.2-alpha.26",
  "1.4.5": "1.4.5-r.1",
};

const SCRIPT = `
const [version, file, queries] = process.argv.slice(2);
const { DuckDBInstance, version: runs } = (await import("duckdb-" + version)).default ??
  await import("duckdb-" + version);
if (runs() !== "v" + version) throw new Error("DuckDB " + runs() + " runs");
const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" });
const db = await instance.connect();
const count = async (sql) =>
  Number((await db.runAndReadAll("select count(*) from (" + sql + ")")).getRows()[0][0]);
const names = await db.runAndReadAll("select table_name from duckdb_tables()");
for (const [name] of names.getRows()) await db.runAndReadAll('from "' + name + '" limit 5');
const rows = [];
for (const sql of JSON.parse(queries)) rows.push(await count(sql));
console.log(JSON.stringify({ tables: names.currentRowCount, rows }));
`;

/** Installs them side by side; undefined, with a line that says why, where npm cannot be reached. */
export async function installOldReaders(folder: string): Promise<string | undefined> {
  await ensureDir(folder);
  await Deno.writeTextFile(join(folder, "package.json"), `{ "private": true, "type": "module" }`);
  await Deno.writeTextFile(join(folder, "read.js"), SCRIPT);
  const packages = Object.entries(VERSIONS).map(([version, full]) =>
    `duckdb-${version}@npm:@duckdb/node-api@${full}`
  );
  let why: string;
  try {
    const { code, stderr } = await new Deno.Command("npm", {
      args: ["install", "--prefer-offline", "--no-audit", "--no-fund", ...packages],
      cwd: folder,
    }).output();
    if (code === 0) return folder;
    const said = new TextDecoder().decode(stderr).split("\n");
    why = said.filter((line) => line.startsWith("npm error")).slice(0, 2).join("; ") ||
      `npm ended with ${code}`;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    why = "there is no npm";
  }
  console.log(`Skipping the tests against DuckDB ${Object.keys(VERSIONS).join(", ")}: ${why}`);
  return undefined;
}

/** Opens a file with one of them, reads of every table, and counts the rows of some selects. */
export async function readWith(
  folder: string,
  version: string,
  file: string,
  queries: string[],
): Promise<{ tables: number; rows: number[] }> {
  const { code, stdout, stderr } = await new Deno.Command("node", {
    args: ["read.js", version, file, JSON.stringify(queries)],
    cwd: folder,
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
