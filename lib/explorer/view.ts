/**
 * What a page function gets: the site's tables in memory, the addresses of its pages, and a way to
 * read rows of the snapshot. The server reads at once; the publisher collects what hundreds of pages
 * ask for and reads it with one query.
 * @module
 */
import type { Links } from "./links.ts";
import { NotFound } from "./responses.ts";
import type { SiteData } from "./site_data.ts";

/** A row of the snapshot. */
// deno-lint-ignore no-explicit-any
export type SnapshotRow = Record<string, any>;

/** Rows of a table of the snapshot by their row number. */
export type RowReader = (
  table: string,
  columns: string,
  rowNumbers: number[],
) => Promise<Map<number, SnapshotRow>>;

/** What pages are made from. */
export interface View {
  data: SiteData;
  links: Links;
  read: RowReader;
  /** Rows of a section of a page about one entry. */
  sectionRows: number;
  /** Leaves out what other pages and the tables have: for entries that share a file with many others. */
  isBrief?: boolean;
}

/** The query that reads rows by their number. */
export function rowsQuery(table: string, columns: string, rowNumbers: number[]): string {
  // whole numbers of our own: bound values would keep DuckDB from skipping what is out of range
  const smallest = rowNumbers.reduce((one, other) => Math.min(one, other));
  const largest = rowNumbers.reduce((one, other) => Math.max(one, other));
  return `select item.rowid as item_row, ${columns}
    from final.${table} as item
    inner join (values ${rowNumbers.map((number) => `(${number})`).join()}) as chosen (item_row)
      on item.rowid = chosen.item_row
    where item.rowid between ${smallest} and ${largest}`;
}

/** Reads rows with a function that runs a query. */
export function rowReader(rows: SiteData["rows"]): RowReader {
  return async (table, columns, rowNumbers) => {
    if (rowNumbers.length === 0) return new Map();
    const found = await rows<SnapshotRow>(rowsQuery(table, columns, rowNumbers));
    return new Map(found.map(({ item_row, ...row }) => [item_row as number, row]));
  };
}

/** One row. @throws {NotFound} where it is not there. */
export async function readRow(
  view: View,
  table: string,
  columns: string,
  rowNumber: number,
): Promise<SnapshotRow> {
  const row = (await view.read(table, columns, [rowNumber])).get(rowNumber);
  if (row === undefined) throw new NotFound();
  return row;
}
