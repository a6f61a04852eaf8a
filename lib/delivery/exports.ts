/**
 * The tables of a database as files: CSV and Parquet written by DuckDB, and its graph as GEXF or
 * GraphML, so that any size streams.
 * @module
 */
import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { type Database, quoteName, quoteText } from "../duckdb/database.ts";
import type { Log } from "../cli/progress.ts";
import { checksums } from "../storage/checksums.ts";
import { type Sheet, workbook } from "../web/xlsx.ts";
import { graphDocument, type GraphEdge, type GraphFormat, type GraphNode } from "../web/gexf.ts";

/** A column with its DuckDB type and the comment that the database has on it. */
export interface Column {
  name: string;
  type: string;
  comment: string | null;
}

/** A table of the database, with what is known of its files once they are written. */
export interface ExportedTable {
  table: string;
  comment: string | null;
  rows: number;
  columns: Column[];
  csv: { bytes: number; sha256: string };
  parquet: { bytes: number; sha256: string };
}

/** Writes `<table>.csv` and `<table>.parquet` of every table of the catalog into a folder. */
export async function exportTables(
  db: Database,
  catalog: string,
  folder: string,
  log: Log,
): Promise<ExportedTable[]> {
  await ensureDir(folder);
  const tables = await db.rows<{ table_name: string; comment: string | null }>(
    "select table_name, comment from duckdb_tables() where database_name = $1 order by table_name",
    [catalog],
  );
  const bar = log.bar("Exporting", "tables", tables.length);
  const exported: ExportedTable[] = [];
  for (const { table_name, comment } of tables) {
    exported.push(await exportTable(db, catalog, table_name, comment, folder));
    bar.advance(1);
  }
  bar.end();
  return exported;
}

async function exportTable(
  db: Database,
  catalog: string,
  table: string,
  comment: string | null,
  folder: string,
): Promise<ExportedTable> {
  const columns = await db.rows<Column>(
    "select column_name as name, data_type as type, comment from duckdb_columns() " +
      "where database_name = $1 and table_name = $2 order by column_index",
    [catalog, table],
  );
  const source = `${quoteName(catalog)}.main.${quoteName(table)}`;
  const csv = join(folder, `${table}.csv`);
  const parquet = join(folder, `${table}.parquet`);
  const order = "order by 1, 2";
  await db.run(
    `copy (select ${columns.map(cell).join(", ")} from ${source} ${order}) ` +
      `to ${quoteText(csv)} (format csv, header)`,
  );
  await db.run(
    `copy (select * from ${source} ${order}) ` +
      `to ${quoteText(parquet)} (format parquet, compression zstd)`,
  );
  const { rows } = await db.one<{ rows: number }>(`select count(*) as rows from ${source}`);
  const { bytes, sha256 } = await checksums(csv);
  const other = await checksums(parquet);
  return {
    table,
    comment,
    rows,
    columns,
    csv: { bytes, sha256 },
    parquet: { bytes: other.bytes, sha256: other.sha256 },
  };
}

/**
 * A cell as a spreadsheet may open it: text that would be taken for a formula gets an apostrophe
 * before it (OWASP, "CSV injection"). Parquet keeps it as it is.
 */
function cell({ name, type }: Column): string {
  const column = quoteName(name);
  if (type !== "VARCHAR") return column;
  return `case when regexp_matches(${column}, '^[-=+@\\t\\r]') ` +
    `then '''' || ${column} else ${column} end as ${column}`;
}

/** Rows of a table that goes into the workbook; longer ones are for other tools. */
const MOST_SHEET_ROWS = 10_000;

/** Writes the short tables as one workbook; gives the names of the tables in it. */
export async function writeWorkbook(
  db: Database,
  catalog: string,
  tables: ExportedTable[],
  file: string,
): Promise<string[]> {
  const short = tables.filter(({ rows }) => rows <= MOST_SHEET_ROWS);
  const sheets: Sheet[] = [];
  for (const { table, columns } of short) {
    const rows = await db.rows<Record<string, unknown>>(
      `select * from ${quoteName(catalog)}.main.${quoteName(table)} order by 1, 2`,
    );
    sheets.push({
      name: table.replace(/^final_/, ""),
      columns: columns.map(({ name }) => name),
      rows: rows.map((row) => columns.map(({ name }) => row[name])),
    });
  }
  await Deno.writeFile(file, workbook(sheets));
  return short.map(({ table }) => table);
}

/** Writes the graph of a `final` that is in use. */
export async function writeGraph(
  db: Database,
  file: string,
  format: GraphFormat,
  created: string,
): Promise<void> {
  const nodes = db.stream<GraphNode>(
    "select node_id as id, * exclude (node_id) from final_graph_nodes order by kind, node_id",
  );
  const edges = db.stream<GraphEdge>("select * from final_graph_edges order by source, target");
  const pieces = ReadableStream.from(graphDocument(format, created, nodes, edges));
  await Deno.writeFile(file, pieces.pipeThrough(new TextEncoderStream()));
}
