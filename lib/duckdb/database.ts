/**
 * A thin layer over DuckDB: open, attach, run, query. All SQL but plumbing is in sql/.
 *
 * @module
 */
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import { ensureDir } from "@std/fs/ensure-dir";

/** Values that may be bound; never paste one into SQL. */
export type Values = DuckDBValue[] | Record<string, DuckDBValue>;

/**
 * Oldest storage format that all readers in use can open: DuckDB 1.2.2 to 1.5 read it, and so do
 * Metabase's driver and MotherDuck (see DECISIONS.md).
 */
const STORAGE_VERSION = "v1.2.0";
/** Enough for a million lines against half a million URLs; beyond it DuckDB spills to disk. */
const MEMORY_LIMIT = "1200MB";

/** One DuckDB process with one connection. Statements of one Database run one after another. */
export class Database {
  private constructor(
    readonly instance: DuckDBInstance,
    readonly connection: DuckDBConnection,
  ) {}

  /**
   * Opens a database in memory that spills to `scratch` when it grows past its limit; without a
   * scratch folder it writes nothing, and fails there. Files are attached to it by name.
   */
  static async open(scratch?: string, memoryLimit = MEMORY_LIMIT): Promise<Database> {
    if (scratch !== undefined) await ensureDir(scratch);
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: memoryLimit,
      // an empty name turns spilling off
      temp_directory: scratch ?? "",
      preserve_insertion_order: "false",
      // nothing is ever fetched while a query runs
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const database = new Database(instance, await instance.connect());
    await database.run("set timezone = 'UTC'");
    return database;
  }

  /** A further connection to the same files, for statements that run side by side; close each. */
  async connect(): Promise<Database> {
    const database = new Database(this.instance, await this.instance.connect());
    await database.run("set timezone = 'UTC'");
    return database;
  }

  /** Closes this connection alone. */
  disconnect(): void {
    this.connection.closeSync();
  }

  /** Attaches a database file that is being built. */
  async attachNew(file: string, name: string): Promise<void> {
    await this.run(
      `attach ${quoteText(file)} as ${quoteName(name)} (storage_version '${STORAGE_VERSION}')`,
    );
  }

  /** Attaches a snapshot, read-only. */
  async attach(file: string, name: string): Promise<void> {
    await this.run(`attach ${quoteText(file)} as ${quoteName(name)} (read_only)`);
  }

  /** Runs one or several statements and forgets their rows; values are bound by place or name. */
  async run(sql: string, values?: Values): Promise<void> {
    await this.connection.run(sql, values);
  }

  /** All rows of a select, as plain objects. Whole numbers that fit become numbers, times Dates. */
  async rows<Row = Record<string, unknown>>(sql: string, values?: Values): Promise<Row[]> {
    const reader = await this.connection.runAndReadAll(sql, values);
    return reader.getRowObjectsJS().map((row) => numbersOf(row)) as Row[];
  }

  /** The rows of a select in chunks of some thousands, for results that do not fit in memory. */
  async *stream<Row = Record<string, unknown>>(
    sql: string,
    values?: Values,
  ): AsyncGenerator<Row[]> {
    const result = await this.connection.stream(sql, values);
    for await (const rows of result.yieldRowObjectJs()) {
      yield rows.map((row) => numbersOf(row)) as Row[];
    }
  }

  /** The columns of a select in chunks of some thousand rows, for many values of few columns. */
  async *columns(sql: string): AsyncGenerator<unknown[][]> {
    const result = await this.connection.stream(sql);
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0;) {
      const columns = [];
      for (let at = 0; at < chunk.columnCount; at += 1) columns.push(chunk.getColumnValues(at));
      yield columns;
      chunk = await result.fetchChunk();
    }
  }

  /** The one row of a select that always has one. */
  async one<Row = Record<string, unknown>>(sql: string, values?: Values): Promise<Row> {
    const [row] = await this.rows<Row>(sql, values);
    if (row === undefined) throw new Error(`no row came from: ${sql}`);
    return row;
  }

  /** Closes connection and files. */
  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** `"name"`: an identifier that may hold anything. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `'text'`: for the few places of SQL where no value can be bound (file names in attach, copy). */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function numbersOf(row: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) row[name] = Number(value);
  }
  return row;
}
