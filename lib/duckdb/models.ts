/**
 * The SQL of one database: which models there are, in which order, how they are built and checked.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";
import { listNames } from "../storage/paths.ts";
import { type Database, quoteName, quoteText } from "./database.ts";
import { StageError } from "../cli/errors.ts";
import type { Log } from "../cli/progress.ts";

/** One select in `sql/<database>/<table>.sql` or `sql/<database>/intermediate/<table>.sql`. */
export interface Model {
  table: string;
  sql: string;
  /** The sentence of the first comment line. */
  description: string;
  /** Columns of `-- key:`; together unique. */
  key: string[];
  /** Columns of `-- not null:`. */
  notNull: string[];
  /** Tables it reads: `table` of the same database or `database.table`. */
  reads: string[];
  /** From `intermediate/`: a temporary table, which never gets into a snapshot. */
  isIntermediate: boolean;
}

const SQL_ROOT = fileURLToPath(new URL("../../sql/", import.meta.url));
/** Folder of a database's models that are only steps towards its tables. */
const INTERMEDIATE = "intermediate";
/** Temporary types that the SQL of every database may use. */
const VOCABULARIES = join(SQL_ROOT, "vocabularies.sql");

/** The databases that have SQL, in alphabetical order. */
export function listDatabases(): Promise<string[]> {
  return listNames(SQL_ROOT, (entry) => entry.isDirectory);
}

/** The models of a database in the order in which they can be built. */
export async function readModels(db: Database, database: string): Promise<Model[]> {
  const folder = join(SQL_ROOT, database);
  const models: Model[] = [];
  for (const file of await listModelFiles(folder)) {
    const sql = await Deno.readTextFile(join(folder, file));
    models.push({
      table: basename(file, ".sql"),
      sql,
      description: /^-- (.*)/.exec(sql)?.[1]?.trim() ?? "",
      key: columnsOf(sql, "key"),
      notNull: columnsOf(sql, "not null"),
      reads: await tablesRead(db, sql, `${database}/${file}`),
      isIntermediate: dirname(file) === INTERMEDIATE,
    });
  }
  return inOrder(models);
}

/** The paths of the models below a database's folder, tables first. */
async function listModelFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const part of ["", INTERMEDIATE]) {
    const names = await listNames(
      join(folder, part),
      (entry) => entry.isFile && entry.name.endsWith(".sql"),
    );
    files.push(...names.map((name) => join(part, name)));
  }
  return files;
}

/**
 * Hash of everything in folders of `sql/` that decides rows or descriptions of a snapshot: models,
 * macros, inputs, checks, descriptions. `queries/` are left out: they only read finished tables.
 */
export async function hashOfSql(...folders: string[]): Promise<string> {
  const hash = createHash("sha256").update(await Deno.readFile(VOCABULARIES));
  for (const folder of folders) {
    for (const file of await listAllFiles(join(SQL_ROOT, folder), "")) {
      hash.update(`${folder}/${file}\n`).update(await Deno.readFile(join(SQL_ROOT, folder, file)));
    }
  }
  return hash.digest("hex");
}

async function listAllFiles(root: string, folder: string): Promise<string[]> {
  const files = await listNames(join(root, folder), (entry) => entry.isFile);
  const folders = await listNames(
    join(root, folder),
    (entry) => entry.isDirectory && entry.name !== "queries",
  );
  const deeper = await Promise.all(folders.map((name) => listAllFiles(root, join(folder, name))));
  return [...files.map((name) => join(folder, name)), ...deeper.flat()];
}

/**
 * Builds every model of a database as a table of the catalog in use, checks keys and not-null
 * columns, writes descriptions, then runs the database's checks. Before it, `sql/vocabularies.sql`
 * and the files of `sql/<database>/macros/` are run: temporary types and macros for the selects.
 * @param afterEach run when a table is built, so that one can make room for the next
 * @throws {StageError} with the name of the truth that does not hold; ten bad rows go to the log.
 */
export async function buildModels(
  db: Database,
  database: string,
  log: Log,
  afterEach?: () => Promise<void>,
): Promise<void> {
  await db.run(await Deno.readTextFile(VOCABULARIES));
  const macros = join(SQL_ROOT, database, "macros");
  for (const file of await listNames(macros, (entry) => entry.name.endsWith(".sql"))) {
    await db.run(await Deno.readTextFile(join(macros, file)));
  }
  const published: Model[] = [];
  for (const model of await readModels(db, database)) {
    const temporary = model.isIntermediate ? "temporary " : "";
    await db.run(`create ${temporary}table ${quoteName(model.table)} as ${model.sql}`);
    await checkModel(db, model);
    if (!model.isIntermediate) published.push(model);
    await afterEach?.();
  }
  await describe(db, published, await readDescriptions(database));
  await runChecks(db, database, log);
}

async function runChecks(db: Database, database: string, log: Log): Promise<void> {
  const folder = join(SQL_ROOT, database, "checks");
  const broken: string[] = [];
  for (const file of await listNames(folder, (entry) => entry.name.endsWith(".sql"))) {
    const sql = (await Deno.readTextFile(join(folder, file))).trim().replace(/;$/, "");
    const rows = await db.rows(`select * from (${sql}\n) limit 11`);
    if (rows.length === 0) continue;
    const truth = file.replace(/\.sql$/, "").replaceAll("_", " ");
    broken.push(truth);
    log.warn(`check failed: ${truth}; ${rows.length > 10 ? "first 10 " : ""}failing rows:`);
    for (const row of rows.slice(0, 10)) log.warn(`  ${JSON.stringify(row, asText)}`);
  }
  if (broken.length > 0) {
    throw new StageError(
      `${broken.length === 1 ? "a check of" : `${broken.length} checks of`} "${database}" failed (${
        broken.join("; ")
      }): nothing was published, the failing rows are above`,
    );
  }
}

async function checkModel(db: Database, model: Model): Promise<void> {
  const table = quoteName(model.table);
  const counts = model.notNull.map((column) =>
    `count(*) filter (where ${quoteName(column)} is null) as ${quoteName(column)}`
  );
  const missing = counts.length === 0
    ? {}
    : await db.one<Record<string, number>>(`select ${counts.join(", ")} from ${table}`);
  for (const [column, bad] of Object.entries(missing)) {
    if (bad > 0) {
      throw new StageError(
        `${bad} rows of "${model.table}" have no "${column}", which its SQL says is never null`,
      );
    }
  }
  if (model.key.length === 0) return;
  const columns = model.key.map(quoteName).join(", ");
  const twice = await db.rows(
    `select ${columns} from ${table} group by all having count(*) > 1 limit 1`,
  );
  if (twice.length > 0) {
    throw new StageError(
      `"${model.table}" has more than one row for ${
        JSON.stringify(twice[0], asText)
      }, which its SQL says is its key`,
    );
  }
}

/** Writes the descriptions of tables and columns, in one transaction: each costs a sync otherwise. */
async function describe(
  db: Database,
  models: Model[],
  descriptions: Record<string, Record<string, string>>,
): Promise<void> {
  const columns = await db.rows<{ table_name: string; column_name: string }>(
    `select table_name, column_name from duckdb_columns()
     where database_name = current_database() and schema_name = current_schema()`,
  );
  const columnsOf = Map.groupBy(columns, ({ table_name }) => table_name);
  const comments: string[] = [];
  for (const { table, description } of models) {
    const name = quoteName(table);
    comments.push(`comment on table ${name} is ${quoteText(description)}`);
    for (const { column_name } of columnsOf.get(table) ?? []) {
      const text = descriptions[table]?.[column_name] ?? descriptions.columns?.[column_name];
      if (text === undefined) continue;
      comments.push(`comment on column ${name}.${quoteName(column_name)} is ${quoteText(text)}`);
    }
  }
  await db.run(["begin transaction", ...comments, "commit"].join(";\n"));
}

/** `sql/<database>/descriptions.toml`: a table `columns` for all, one per table for its own. */
async function readDescriptions(
  database: string,
): Promise<Record<string, Record<string, string>>> {
  try {
    const text = await Deno.readTextFile(join(SQL_ROOT, database, "descriptions.toml"));
    return parse(text) as Record<string, Record<string, string>>;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

function columnsOf(sql: string, word: string): string[] {
  const line = new RegExp(`^-- ${word}: (.*)$`, "m").exec(sql)?.[1];
  return line === undefined ? [] : line.split(",").map((column) => column.trim());
}

/** One entry of `cte_map` in DuckDB's parse tree. */
interface Cte {
  key: string;
  value: { query: { node: { type: string } } };
}

/** DuckDB's own parser says which tables a select reads; names of its CTEs are no tables. */
async function tablesRead(db: Database, sql: string, file: string): Promise<string[]> {
  const { tree } = await db.one<{ tree: string }>(
    "select json_serialize_sql($1::varchar) as tree",
    [sql],
  );
  const parsed = JSON.parse(tree);
  if (parsed.error) throw new Error(`sql/${file} cannot be read: ${parsed.error_message}`);
  const tables = new Set<string>();
  const walk = (node: unknown, known: Set<string>) => {
    if (Array.isArray(node)) return node.forEach((child) => walk(child, known));
    if (node === null || typeof node !== "object") return;
    const { cte_map, ...rest } = node as { cte_map?: { map?: Cte[] }; [part: string]: unknown };
    const { type, schema_name, table_name } = rest;
    const here = new Set(known);
    for (const { key, value } of cte_map?.map ?? []) {
      // a CTE sees those before it, and itself only where it is recursive: in
      // "with things as (select … from things)" the inner name is the table's
      if (value.query.node.type === "RECURSIVE_CTE_NODE") here.add(key);
      walk(value, here);
      here.add(key);
    }
    if (type === "BASE_TABLE" && (schema_name || !here.has(String(table_name)))) {
      tables.add(schema_name ? `${schema_name}.${table_name}` : String(table_name));
    }
    for (const child of Object.values(rest)) walk(child, here);
  };
  walk(parsed, new Set());
  return [...tables].sort();
}

function inOrder(models: Model[]): Model[] {
  const ordered: Model[] = [];
  const left = new Map(models.map((model) => [model.table, model]));
  while (left.size > 0) {
    const next = [...left.values()].find((model) => !model.reads.some((table) => left.has(table)));
    if (next === undefined) {
      throw new Error(`models read each other in a circle: ${[...left.keys()].join(", ")}`);
    }
    ordered.push(next);
    left.delete(next.table);
  }
  return ordered;
}

function asText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
