import { type Column, type Rows } from "./columns.ts";
import type { Filters, List, Row } from "./list.ts";
import type { SiteData } from "./site_data.ts";
import type { Table } from "./things.ts";

/** How a list is read: which rows, cut into pages, with what is counted of them. */

/** Rows on a page. */
export const PAGE_ROWS = 50;
/** Values of a facet that are shown. */
const MOST_VALUES = 12;
/** Rows of a file that are read at once. */
const CHUNK_ROWS = 4000;

/** A value of a facet with the number of rows that have it. */
export interface FacetValue {
  value: string;
  label: string;
  count: number;
}

/** A page of a list. */
export interface ListPage {
  rows: Row[];
  total: number;
  page: number;
  pages: number;
}

/** Reads one page, counted from 1. */
export async function readPage(
  data: SiteData,
  list: List,
  filters: Filters,
  page = 1,
  pageRows = list.pageRows ?? PAGE_ROWS,
): Promise<ListPage> {
  const first = (page - 1) * pageRows;
  const pageOf = (total: number) => ({
    total,
    page,
    pages: Math.max(1, Math.ceil(total / pageRows)),
  });
  if (list.compute) {
    const rows = list.compute(data.things, filters);
    return { rows: rows.slice(first, first + pageRows), ...pageOf(rows.length) };
  }
  const { size } = list.table(data.things);
  const chosen = choose(data, list, filters);
  const rows = part(chosen, size, first, first + pageRows);
  return { rows: await readRows(data, list, rows), ...pageOf(chosen?.length ?? size) };
}

/** All rows, in chunks; undefined where too many downloads run already. */
export function streamList(
  data: SiteData,
  list: List,
  filters: Filters,
): AsyncGenerator<Row[]> | undefined {
  if (list.compute) return only(list.compute(data.things, filters));
  const { size } = list.table(data.things);
  const chosen = choose(data, list, filters);
  return data.download(async function* (read) {
    for (let first = 0; first < (chosen?.length ?? size); first += CHUNK_ROWS) {
      const rows = part(chosen, size, first, first + CHUNK_ROWS);
      yield await readRows(data, list, rows, read);
    }
  });
}

/** The values of each facet among the rows that the filters leave, most frequent first. */
export function readFacets(
  data: SiteData,
  list: List,
  filters: Filters,
): Record<string, FacetValue[]> {
  const read = () => {
    const table = list.table(data.things);
    const rows = choose(data, list, filters);
    const facets = Object.keys(list.facets).filter((name) => filters[name] === undefined);
    return Object.fromEntries(facets.map((name) => {
      const column = columnOf(table, name);
      return [name, topOf(column.counts(rows), column)];
    }));
  };
  return data.remember(`facets of ${list.name} ${JSON.stringify(filters)}`, read);
}

/** The rows that the filters leave; undefined is all of them. */
function choose({ things }: SiteData, list: List, filters: Filters): Rows {
  const table = list.table(things);
  let rows: Rows;
  // what belongs to one thing is known without a pass over all rows, so it goes first
  const names = Object.keys(filters).sort((one, other) =>
    Number(isLink(other)) - Number(isLink(one))
  );
  for (const name of names) {
    const column = columnOf(table, name);
    const code = column.names.codeOf(filters[name]!);
    rows = code === undefined ? new Uint32Array() : column.narrow(rows, code);
  }
  return rows;
}

/** Whole rows: what memory has, and the rest from the snapshot, where one query finds all. */
async function readRows(
  data: SiteData,
  list: List,
  rows: Uint32Array,
  readForFile?: SiteData["rows"],
): Promise<Row[]> {
  const select = [list.select, readForFile && list.selectForFiles].filter(Boolean).join(", ");
  const { itemRow } = list.table(data.things);
  const known = (row: number) => list.known?.(data.things, row) ?? {};
  if (select === "" || rows.length === 0) return Array.from(rows, known);
  const items = Array.from(rows, (row) => itemRow[row]!);
  // whole numbers of our own: values bound would keep DuckDB from passing over what is outside
  const found = await (readForFile ?? data.rows.bind(data))<Row & { item_row: number }>(
    `select item.rowid as item_row, ${select}
     from final.${list.file} as item
     inner join (values ${items.map((item) => `(${item})`).join()}) as chosen (item_row)
       on item.rowid = chosen.item_row
     where item.rowid between ${smallest(items)} and ${largest(items)}`,
  );
  const byItem = new Map(found.map(({ item_row, ...row }) => [item_row, row]));
  return Array.from(rows, (row, at) => ({ ...byItem.get(items[at]!), ...known(row) }));
}

function columnOf(table: Table, name: string): Column {
  return table.columns[name]!;
}

function isLink(filter: string): boolean {
  return filter.endsWith("_id") || filter === "repository";
}

function part(chosen: Rows, size: number, first: number, end: number): Uint32Array {
  if (chosen !== undefined) return chosen.subarray(first, end);
  return Uint32Array.from(
    { length: Math.max(0, Math.min(end, size) - first) },
    (_, at) => first + at,
  );
}

function topOf(counts: Uint32Array, { names }: Column): FacetValue[] {
  const codes: number[] = [];
  for (const [code, count] of counts.entries()) if (count > 0) codes.push(code);
  // of many values most have few rows: sorting them all would take longer than counting
  const least = codes.length <= 200
    ? 0
    : Float64Array.from(codes, (code) => counts[code]!).sort().at(-MOST_VALUES)!;
  return codes
    .filter((code) => counts[code]! >= least)
    .map((code) => ({
      value: names.valueOf(code),
      label: names.labelOf(code),
      count: counts[code]!,
    }))
    .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
    .slice(0, MOST_VALUES);
}

function smallest(numbers: number[]): number {
  return numbers.reduce((one, other) => Math.min(one, other));
}

function largest(numbers: number[]): number {
  return numbers.reduce((one, other) => Math.max(one, other));
}

async function* only(rows: Row[]) {
  yield await Promise.resolve(rows);
}
