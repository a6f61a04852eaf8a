import type { Entry } from "../../storage/sealed_run.ts";
import type { CkanPortal, Paging, PortalState } from "./portal.ts";
import { type IdRange, partition } from "./ranges.ts";
import type { Cursor } from "./paginators.ts";

/** How a harvest reads its portal, and what its journal holds of each page. */

/** How a run reads its portal; stands in its journal as the entry `plan`. */
export interface HarvestPlan extends Paging {
  ranges: IdRange[];
  /** What the portal held when the run began. */
  state: PortalState;
}

/** What a page's journal line holds beside what every line holds. */
export interface PageEntry extends Entry {
  url: string;
  status: number;
  /** Number of the range; behind those of the plan stand what changed and what was lacking. */
  range: number;
  /** Number of the page in its range, from 0. */
  page: number;
  /** `start` that was asked for. */
  start: number;
  /** Rows asked for, rows that came. */
  rows: number;
  came: number;
  /** `result.count` of the answer. */
  count: number;
  first_id: string | null;
  last_id: string | null;
  /** Where the range goes on; null at its end. */
  next: Cursor | null;
}

/** Chooses how to read the portal: as many ranges as keep the requests busy and the pages full. */
export async function planHarvest(
  portal: CkanPortal,
  state: PortalState,
  download: { page_size: number; concurrency: number },
): Promise<HarvestPlan> {
  const paging = await portal.probe();
  const several = paging.hasRanges && download.concurrency > 1 && state.count > download.page_size;
  const pages = Math.ceil(state.count / download.page_size);
  const parts = several ? Math.min(2 * download.concurrency, pages) : 1;
  const ranges = partition(parts, portal.shard);
  return { ...paging, ranges, state };
}

/** The pages of a run, in the order they came. */
export function pageEntries(entries: Iterable<Entry>): PageEntry[] {
  return [...entries].filter((entry): entry is PageEntry => typeof entry.page === "number");
}
