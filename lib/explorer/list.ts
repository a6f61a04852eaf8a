import type { Facet } from "./facets.ts";

/** A list of rows: a page of its own, a table on other pages, a CSV and a JSON file. */
export interface List {
  name: string;
  heading: string;
  /** One row, for "3 datasets". */
  one: string;
  /** What a row is and what is counted, for the head of the page. */
  about: string;
  /** Where rows are chosen: a table of sql/explorer/ with `position` and `item_row`. */
  source: string;
  /** Where the rows themselves stand, called `item`. */
  table: string;
  joins: (filters: Record<string, string>) => string;
  select: string;
  /** What is read beside it for files: each column of the snapshot costs a page milliseconds. */
  selectForFiles?: string;
  /** Name of a filter → condition on the source, with the value bound by that name. */
  filters: Record<string, string>;
  /** A list that makes sense only for one thing names the filter that it cannot go without. */
  needs?: string;
  /** Rows on a page where they are taller than others; default 50. */
  pageRows?: number;
  facets: Record<string, Facet>;
}
