import type { DownloadRun } from "../../storage/download_run.ts";
import { messageOf, StageError } from "../../cli/errors.ts";
import { FatalFailure, PermanentFailure, TransientFailure } from "../../http/failures.ts";
import type { Bar } from "../../cli/progress.ts";
import type { AskedPage, CkanPortal } from "./portal.ts";
import { factsOf } from "./answers.ts";
import { findGaps } from "./missing_pages.ts";
import { type HarvestPlan, pageEntries, type PageEntry } from "./plan.ts";
import { describeRange, type IdRange } from "./ranges.ts";
import { changedSince } from "./times.ts";
import { type Cursor, KeysetWalk, OffsetWalk, type Walk } from "./paginators.ts";
import type { PageSize } from "../page_size.ts";

/**
 * Reads a whole portal into a download run: several ranges of ids at once where the portal allows
 * it, each page into the run as it came. Where a range goes on is in the journal alone.
 */

/** The copy of a dataset that came last. */
export interface Came {
  /** `metadata_modified`, as the record has it. */
  modified: string | undefined;
  /** Key of the page in the run's journal. */
  page: string;
}

export class Harvest {
  /** The datasets that are in the run, by id. */
  readonly seen = new Map<string, Came>();
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
    for (const entry of pageEntries(this.run.entries())) {
      for (const { id, modified } of factsOf(await this.run.read(entry))) {
        this.seen.set(id, { modified, page: entry.key });
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
        const ids = this.plan.ranges[range]!;
        await this.#readOrSay(range, bar, this.#walk(ids), describeRange(ids));
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
    const walk = this.#walk(this.portal.range, changedSince(newest));
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

  /**
   * Reads what a filter leaves, as a range beside those of the plan: to its end, or on from where an
   * earlier start of this run left it, or gives the reason why not.
   */
  async readFiltered(range: number, bar: Bar, filter: string, what: string): Promise<void> {
    await this.#readOrSay(range, bar, this.#walk({ low: null, high: null }, filter), what);
  }

  async #readOrSay(range: number, bar: Bar, walk: Walk, what: string): Promise<void> {
    try {
      await this.#read(range, bar, walk);
    } catch (error) {
      if (error instanceof TransientFailure || error instanceof PermanentFailure) {
        this.reasons.push(`${what} not read to the end: ${error.message}`);
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
          const key = `range ${range} page ${number}`;
          await writing;
          writing = this.#keep(key, { range, page: number++ }, cursor, page, step.next);
          writing.catch(() => {});
          bar.advance(this.#count(page, key));
        }
        cursor = step.next;
      }
    } finally {
      await writing;
    }
  }

  /** Gives the number of ids that were new. */
  #count(page: AskedPage, key: string): number {
    const before = this.seen.size;
    page.ids.forEach((id, index) => {
      this.seen.set(id, { modified: page.modified[index], page: key });
    });
    this.rows += page.ids.length;
    return this.seen.size - before;
  }

  async #keep(
    key: string,
    place: { range: number; page: number },
    cursor: Cursor,
    page: AskedPage,
    next: Cursor | null,
  ): Promise<void> {
    const details = {
      url: page.url,
      status: page.status,
      ...place,
      start: cursor.start,
      rows: page.rows,
      came: page.ids.length,
      count: page.count,
      first_id: page.ids[0] ?? null,
      last_id: page.ids.at(-1) ?? null,
      next,
    };
    const entry = await this.run.append(key, page.bytes, details, this.now());
    this.#last.set(place.range, entry as PageEntry);
  }
}
