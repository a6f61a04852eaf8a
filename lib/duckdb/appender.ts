/**
 * Rows that TypeScript made, on their way into a table: 2,048 at a time, as DuckDB holds them.
 *
 * @module
 */
import { DuckDBDataChunk, type DuckDBType, type DuckDBValue } from "@duckdb/node-api";
import type { Database } from "./database.ts";

const ROWS = 2048;

/** Appends rows to one table; what was added is there after `close`. */
export class RowAppender {
  #columns: DuckDBValue[][];
  /** One for all rows: what a chunk holds outside the heap is given back only when it is collected. */
  #chunk: DuckDBDataChunk;

  private constructor(
    readonly appender: Awaited<ReturnType<Database["connection"]["createAppender"]>>,
    readonly types: DuckDBType[],
  ) {
    this.#columns = types.map(() => []);
    this.#chunk = DuckDBDataChunk.create(types);
  }

  /** Opens a table of an attached database; columns come in the table's order. */
  static async open(
    db: Database,
    table: { catalog: string; name: string },
  ): Promise<RowAppender> {
    const appender = await db.connection.createAppender(table.name, "main", table.catalog);
    const types = Array.from({ length: appender.columnCount }, (_, at) => appender.columnType(at));
    return new RowAppender(appender, types);
  }

  add(...values: DuckDBValue[]): void {
    this.#columns.forEach((column, at) => column.push(values[at] ?? null));
    if (this.#columns[0]!.length === ROWS) this.#flush();
  }

  close(): void {
    this.#flush();
    this.appender.closeSync();
  }

  #flush(): void {
    const count = this.#columns[0]!.length;
    if (count === 0) return;
    this.#chunk.reset();
    this.#chunk.rowCount = count;
    this.#columns.forEach((column, at) => this.#chunk.setColumnValues(at, column));
    this.appender.appendDataChunk(this.#chunk);
    this.#columns = this.types.map(() => []);
  }
}
