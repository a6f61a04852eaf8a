import type { Table, Things } from "./things.ts";

/** The filters in force: name → value, as they stand in the address. */
export type Filters = Record<string, string>;

/** A row as it is shown or written to a file. */
export type Row = Record<string, unknown>;

/** A list of rows: a page of its own, a table on other pages, a CSV and a JSON file. */
export interface List {
  name: string;
  heading: string;
  /** One row, for "3 datasets". */
  one: string;
  /** What a row is and what is counted, for the head of the page. */
  about: string;
  /** Which rows there are, and what they can be narrowed by. */
  table: (things: Things) => Table;
  /** Columns that a page counts the rows by; the others only narrow them. */
  facets: Record<string, string>;
  /** What of a row is held in memory. */
  known?: (things: Things, row: number) => Row;
  /** Where the rest of the row stands, and what of it pages show; nothing where memory has it all. */
  file: string;
  select?: string;
  /** What is read beside it for files. */
  selectForFiles?: string;
  /** A list that makes sense only for one thing names the filter that it cannot go without. */
  needs?: string;
  /** All its rows, where they are no rows of a table. */
  compute?: (things: Things, filters: Filters) => Row[];
  /** Rows on a page where they are taller than others; default 50. */
  pageRows?: number;
  /** It carries numbers of the package index, whose licence goes with them. */
  hasPackageData?: boolean;
}
