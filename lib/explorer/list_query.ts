/**
 * How a list is read: which rows the filters leave, cut into pages, and how many rows have each value
 * of a facet.
 * @module
 */
import type { Column, Rows } from "./columns.ts";
import type { Filters, List, Row } from "./lists.ts";
import { BadRequest, quoted } from "./responses.ts";
import type { SiteData } from "./site_data.ts";
import { type RowReader, rowReader, type View } from "./view.ts";

/** Rows per page. */
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
  { data, read }: View,
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
    const rows = list.compute(data.tables, filters);
    return { rows: rows.slice(first, first + pageRows), ...pageOf(rows.length) };
  }
  const { size } = list.table(data.tables);
  const chosen = filterRows(data, list, filters);
  const rows = slice(chosen, size, first, first + pageRows);
  return {
    rows: await readRows(data, list, rows, list.columns ?? "", read),
    ...pageOf(chosen?.length ?? size),
  };
}

/** All rows in chunks; undefined where too many downloads are running. */
export function streamList(
  data: SiteData,
  list: List,
  filters: Filters,
): AsyncGenerator<Row[]> | undefined {
  if (list.compute) return single(list.compute(data.tables, filters));
  const { size } = list.table(data.tables);
  const chosen = filterRows(data, list, filters);
  const columns = [list.columns, list.fileColumns].filter(Boolean).join(", ");
  return data.download(async function* (rowsOf) {
    for (let first = 0; first < (chosen?.length ?? size); first += CHUNK_ROWS) {
      const rows = slice(chosen, size, first, first + CHUNK_ROWS);
      yield await readRows(data, list, rows, columns, rowReader(rowsOf));
    }
  });
}

/** The values of each facet among the rows that the filters leave, most frequent first. */
export function readFacets(
  data: SiteData,
  list: List,
  filters: Filters,
): Record<string, FacetValue[]> {
  const table = list.table(data.tables);
  const facets = Object.keys(list.facets).filter((name) => filters[name] === undefined);
  const read = () => {
    const rows = filterRows(data, list, filters);
    return Object.fromEntries(facets.map((name) => {
      const column = table.columns[name]!;
      return [name, mostFrequent(column.counts(rows), column)];
    }));
  };
  return data.remember(`facets of ${list.name} ${JSON.stringify(filters)}`, read);
}

/**
 * The filters of an address.
 * @throws {BadRequest} for an unknown name, and for a value that cannot be one.
 */
export function readFilters(
  data: SiteData,
  list: List,
  query: URLSearchParams,
  others: string[] = [],
): Filters {
  const filters: Filters = {};
  const { columns } = list.table(data.tables);
  for (const [name, value] of query) {
    if (others.includes(name)) continue;
    if (!Object.hasOwn(columns, name)) {
      throw new BadRequest(
        `unknown filter ${quoted(name)} of ${list.heading.toLowerCase()}: expected one of ${
          Object.keys(columns).join(", ")
        }`,
      );
    }
    // deno-lint-ignore no-control-regex
    if (value.length > 2000 || /[\u0000-\u0008\u000b-\u001f]/.test(value)) {
      throw new BadRequest(`the value of ${name} is too long or has control characters`);
    }
    if (value !== "") filters[name] = value;
  }
  if (list.requiredFilter !== undefined && filters[list.requiredFilter] === undefined) {
    throw new BadRequest(`${list.heading.toLowerCase()} needs ${list.requiredFilter}`);
  }
  return filters;
}

/** The rows that the filters leave; undefined is all of them. */
export function filterRows({ tables }: SiteData, list: List, filters: Filters): Rows {
  const table = list.table(tables);
  let rows: Rows;
  // the rows of one dataset or repository are indexed, so these filters go first
  const names = Object.keys(filters).sort((one, other) =>
    Number(isForeignKey(other)) - Number(isForeignKey(one))
  );
  for (const name of names) {
    const column = table.columns[name]!;
    const code = column.dictionary.codeOf(filters[name]!);
    rows = code === undefined ? new Uint32Array() : column.narrow(rows, code);
  }
  return rows;
}

/** Complete rows: columns from memory, and the others from the snapshot. */
export async function readRows(
  { tables }: SiteData,
  list: List,
  rows: Uint32Array,
  columns: string,
  read: RowReader,
): Promise<Row[]> {
  const { itemRow } = list.table(tables);
  const inMemory = (row: number) => list.memoryColumns?.(tables, row) ?? {};
  if (columns === "" || rows.length === 0) return Array.from(rows, inMemory);
  const items = Array.from(rows, (row) => itemRow[row]!);
  const found = await read(list.source, columns, items);
  return Array.from(rows, (row, at) => ({ ...found.get(items[at]!), ...inMemory(row) }));
}

function isForeignKey(filter: string): boolean {
  return filter.endsWith("_id") || filter === "repository";
}

function slice(chosen: Rows, size: number, first: number, end: number): Uint32Array {
  if (chosen !== undefined) return chosen.subarray(first, end);
  return Uint32Array.from(
    { length: Math.max(0, Math.min(end, size) - first) },
    (_, at) => first + at,
  );
}

function mostFrequent(counts: Uint32Array, { dictionary }: Column): FacetValue[] {
  const codes: number[] = [];
  for (const [code, count] of counts.entries()) if (count > 0) codes.push(code);
  // of many values most have few rows: sorting them all would take longer than counting
  const least = codes.length <= 200
    ? 0
    : Float64Array.from(codes, (code) => counts[code]!).sort().at(-MOST_VALUES)!;
  return codes
    .filter((code) => counts[code]! >= least)
    .map((code) => ({
      value: dictionary.valueOf(code),
      label: dictionary.labelOf(code),
      count: counts[code]!,
    }))
    .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
    .slice(0, MOST_VALUES);
}

async function* single(rows: Row[]) {
  yield await Promise.resolve(rows);
}
