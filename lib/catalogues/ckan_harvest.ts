import type { DownloadRun } from "../downloads.ts";
import { messageOf, StageError } from "../errors.ts";
import { FatalFailure, PermanentFailure, TransientFailure } from "../failures.ts";
import type { Bar } from "../progress.ts";
import type { Entry } from "../sealed_runs.ts";
import type { AskedPage, CkanPortal, PortalState } from "./ckan.ts";
import { findGaps } from "./ckan_gaps.ts";
import { splitResults } from "./ckan_pages.ts";
import { describeRange, type IdRange, partition } from "./ckan_ranges.ts";
import { type Cursor, KeysetWalk, OffsetWalk, type Walk } from "./ckan_walks.ts";
import type { PageSize } from "./page_size.ts";

/**
 * Reads a whole portal into a download run: several ranges of ids at once where the portal allows
 * it, each page into the run as it came. Where a range goes on is in the journal alone.
 */

/** How a run reads its portal; stands in its journal as the entry `plan`. */
export interface HarvestPlan {
  isKeyset: boolean;
  /** Ranges of ids with an upper bound are honoured. */
  hasRanges: boolean;
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
  const { isKeyset, hasRanges } = await portal.probe();
  const several = hasRanges && download.concurrency > 1 && state.count > download.page_size;
  const pages = Math.ceil(state.count / download.page_size);
  const parts = several ? Math.min(2 * download.concurrency, pages) : 1;
  const ranges = partition(parts, portal.shard);
  return { isKeyset, hasRanges, ranges, state };
}

/** The pages of a run, in the order they came. */
export function pageEntries(entries: Iterable<Entry>): PageEntry[] {
  return [...entries].filter((entry): entry is PageEntry => typeof entry.page === "number");
}

export class Harvest {
  /** Ids that are in the run. */
  readonly seen = new Set<string>();
  /** Datasets that came, those that came again included. */
  rows = 0;
  /** Why ranges could not be read to their end. */
  readonly reasons: string[] = [];
  #last = new Map<number, PageEntry>();
  #stopped = false;

  constructor(
    readonly portal: CkanPortal,
    readonly run: DownloadRun,
    readonly plan: HarvestPlan,
    readonly size: PageSize,
    readonly now: () => Date,
  ) {
    for (const entry of pageEntries(run.entries())) this.#last.set(entry.range, entry);
  }

  /** Whether a range was read to its end. */
  isRead(range: number): boolean {
    return this.#last.get(range)?.next === null;
  }

  get isWhole(): boolean {
    return this.plan.ranges.every((_range, index) => this.isRead(index));
  }

  /** Learns the ids of the pages that an earlier start of this run has finished. */
  async recall(bar: Bar): Promise<void> {
    const decoder = new TextDecoder();
    for (const entry of pageEntries(this.run.entries())) {
      const bytes = await this.run.read(entry);
      const { bounds } = splitResults(bytes)!;
      for (let at = 0; at < bounds.length; at += 2) {
        const text = decoder.decode(bytes.subarray(bounds[at]!, bounds[at + 1]!));
        this.seen.add(JSON.parse(text).id);
      }
      this.rows += entry.came;
      this.size.came(entry.came, false);
      bar.advance(entry.came);
    }
  }

  /** Reads every range to its end, or gives the reason why not. */
  async readAll(concurrency: number, bar: Bar): Promise<void> {
    const left = this.plan.ranges.map((_range, index) => index).filter((it) => !this.isRead(it));
    const work = async () => {
      for (let range = left.shift(); range !== undefined; range = left.shift()) {
        if (this.#stopped) return;
        await this.#readOrSay(range, bar);
      }
    };
    const workers = Array.from({ length: Math.min(concurrency, left.length) }, work);
    for (const worker of await Promise.allSettled(workers)) {
      if (worker.status === "rejected") throw worker.reason;
    }
  }

  /**
   * Reads what was changed or added since the run began: it may lie behind the ranges' cursors.
   * Does nothing where the portal cannot be asked for that.
   */
  async catchUp(bar: Bar): Promise<void> {
    const { newest, count } = this.plan.state;
    if (newest === null) return;
    const walk = this.#walk(this.portal.range, `metadata_modified:[${solrTime(newest)} TO *]`);
    try {
      const changed = await this.portal.search({ ...walk.query(walk.start), rows: 1 });
      // a portal that does not honour the filter would give everything once more
      if (changed.count > Math.max(this.size.rows, count / 2)) return;
      await this.#read(this.plan.ranges.length, bar, walk);
    } catch (error) {
      if (!(error instanceof PermanentFailure || error instanceof TransientFailure)) throw error;
      this.reasons.push(`what changed during the harvest could not be read: ${error.message}`);
    }
  }

  /** Reads once more where the portal counts more than it gave. */
  async fillGaps(bar: Bar): Promise<void> {
    if (!this.plan.hasRanges) return;
    try {
      const pages = pageEntries(this.run.entries());
      for (const { range, after } of await findGaps(this.portal, this.plan.ranges, pages)) {
        const number = this.plan.ranges.length + 1;
        await this.#read(number, bar, new KeysetWalk(range, undefined, after), true);
      }
    } catch (error) {
      if (!(error instanceof PermanentFailure || error instanceof TransientFailure)) throw error;
      this.reasons.push(`what is missing could not be looked for: ${error.message}`);
    }
  }

  async #readOrSay(range: number, bar: Bar): Promise<void> {
    try {
      await this.#read(range, bar, this.#walk(this.plan.ranges[range]!));
    } catch (error) {
      if (error instanceof TransientFailure || error instanceof PermanentFailure) {
        this.reasons.push(
          `${describeRange(this.plan.ranges[range]!)} not read to the end: ${error.message}`,
        );
        return;
      }
      this.#stopped = true;
      if (!(error instanceof FatalFailure)) throw error;
      throw new StageError(
        `the portal refuses to go on (${
          messageOf(error)
        }): what came is kept, the same command goes on from there`,
      );
    }
  }

  #walk(range: IdRange, filter?: string): Walk {
    return this.plan.isKeyset ? new KeysetWalk(range, filter) : new OffsetWalk(filter);
  }

  /** Walks on from the last page of the range that is kept, or from the walk's beginning. */
  async #read(range: number, bar: Bar, walk: Walk, fromStart = false): Promise<void> {
    const last = this.#last.get(range);
    let number = last === undefined ? 0 : last.page + 1;
    let cursor = last === undefined || fromStart ? walk.start : last.next;
    // a page is written while the next one is on its way; a range's pages stand in order
    let writing: Promise<unknown> = Promise.resolve();
    try {
      while (cursor !== null && !this.#stopped) {
        const page: AskedPage = await this.portal.search(
          { ...walk.query(cursor), rows: this.size.rows },
          this.size,
        );
        const step = walk.after(cursor, page, this.seen, this.size);
        if (step.isKept) {
          await writing;
          writing = this.#keep(range, number++, cursor, page, step.next);
          writing.catch(() => {});
          bar.advance(this.#count(page));
        }
        cursor = step.next;
      }
    } finally {
      await writing;
    }
  }

  /** Gives the number of ids that were new. */
  #count(page: AskedPage): number {
    const before = this.seen.size;
    for (const id of page.ids) this.seen.add(id);
    this.rows += page.ids.length;
    return this.seen.size - before;
  }

  async #keep(
    range: number,
    number: number,
    cursor: Cursor,
    page: AskedPage,
    next: Cursor | null,
  ): Promise<void> {
    const details = {
      url: page.url,
      status: page.status,
      range,
      page: number,
      start: cursor.start,
      rows: page.rows,
      came: page.ids.length,
      count: page.count,
      first_id: page.ids[0] ?? null,
      last_id: page.ids.at(-1) ?? null,
      next,
    };
    const key = `range ${range} page ${number}`;
    const entry = await this.run.append(key, page.bytes, details, this.now());
    this.#last.set(range, entry as PageEntry);
  }
}

/** CKAN's times are UTC without a zone; Solr wants the zone. */
function solrTime(time: string): string {
  return /Z$|[+-]\d\d:?\d\d$/.test(time) ? time : `${time}Z`;
}
