import type { List } from "./list.ts";
import type { SiteData } from "./site_data.ts";

/** How a list is read: which rows, in which order, cut into pages; every value is bound. */

/** Rows on a page. */
export const PAGE_ROWS = 50;

/** The filters in force: name → value, as they stand in the address. */
export type Filters = Record<string, string>;

/** A value of a facet with the number of rows that have it. */
export interface FacetValue {
  value: string;
  label: string;
  count: number;
}

/** A page of a list. */
export interface ListPage {
  rows: Record<string, unknown>[];
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
  const isWhole = Object.keys(filters).length === 0;
  const rows = await data.rows(
    // positions count from 1 without a gap: what nothing narrows need not be sorted
    isWhole
      ? statement(list, filters, `position > ${first} and position <= ${first + pageRows}`)
      : statement(list, filters, conditions(list, filters), `limit ${pageRows} offset ${first}`),
    filters,
  );
  // a page that is not full tells the total by itself
  const isLast = rows.length < pageRows && (rows.length > 0 || page === 1);
  const total = isLast ? first + rows.length : await countRows(data, list, filters);
  return { rows, total, page, pages: Math.max(1, Math.ceil(total / pageRows)) };
}

async function countRows(data: SiteData, list: List, filters: Filters): Promise<number> {
  const [row] = await data.known<{ total: number }>(
    `select count(*) as total from ${list.source} where ${conditions(list, filters)}`,
    filters,
  );
  return row!.total;
}

/** All rows, in chunks; undefined where too many downloads run already. */
export function streamList(data: SiteData, list: List, filters: Filters) {
  const whole = { ...list, select: [list.select, list.selectForFiles].filter(Boolean).join(", ") };
  return data.stream(statement(whole, filters, conditions(list, filters)), filters);
}

/** The values of one facet among the rows that the filters leave, most frequent first. */
export function readFacet(data: SiteData, list: List, facet: string, filters: Filters) {
  const where = conditions(list, filters);
  const read = list.facets[facet]!.read;
  return data.known<FacetValue>(
    read ? read(`${list.source} where ${where}`) : `
      select ${facet} as value, ${facet} as label, count(*) as count
      from ${list.source} where ${where} and ${facet} is not null
      group by all order by count desc, value limit 12`,
    filters,
  );
}

/** First the rows are chosen by keys in memory, then these alone are fetched from the file. */
function statement(list: List, filters: Filters, where: string, limit = ""): string {
  return `
    with chosen as materialized (
      select * from ${list.source} where ${where} order by position ${limit}
    )
    select ${list.select}
    from ${list.table} as item
    inner join chosen on item.rowid = chosen.item_row
    ${list.joins(filters)}
    order by chosen.position`;
}

function conditions(list: List, filters: Filters): string {
  const parts = Object.keys(filters).map((name) => `(${list.filters[name]})`);
  return parts.length === 0 ? "true" : parts.join(" and ");
}
