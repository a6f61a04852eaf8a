import { DuckDBDataChunk, type DuckDBType, type DuckDBValue } from "@duckdb/node-api";
import type { Database } from "./duckdb.ts";

/** Rows that TypeScript made, on their way into a table: 2,048 at a time, as DuckDB holds them. */

const ROWS = 2048;

/** Appends rows to one table; what was added is there after `close`. */
export class RowAppender {
  #columns: DuckDBValue[][];

  private constructor(
    readonly appender: Awaited<ReturnType<Database["connection"]["createAppender"]>>,
    readonly types: DuckDBType[],
  ) {
    this.#columns = types.map(() => []);
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
    const chunk = DuckDBDataChunk.create(this.types, count);
    this.#columns.forEach((column, at) => chunk.setColumnValues(at, column));
    this.appender.appendDataChunk(chunk);
    this.#columns = this.types.map(() => []);
  }
}
