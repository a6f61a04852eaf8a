/**
 * Reads a portal into a download run, page after page, each as it was received.
 *
 * Pages form sequences: a range of ids, a filter, the search for what is missing. A sequence has a
 * number in its run; of two copies of a dataset the one in the later sequence counts. Where a sequence
 * continues is in the journal alone, so that a killed run loses at most what was in flight.
 *
 * @module
 */

import { messageOf, StageError } from "../../cli/errors.ts";
import { type Bar, formatCount } from "../../cli/progress.ts";
import { FatalFailure, PermanentFailure, TransientFailure } from "../../http/failures.ts";
import type { DownloadRun } from "../../storage/download_run.ts";
import type { Entry } from "../../storage/sealed_run.ts";
import type { PageSize } from "../page_size.ts";
import { listDatasets } from "./answers.ts";
import type { Cursor, Paginator } from "./paginators.ts";
import type { CkanPortal, PortalPage } from "./portal.ts";

/** The copy of a dataset that was received last. */
export interface Received {
  /** `metadata_modified`, as the record has it. */
  modified: string | undefined;
  /** Organization and groups, as one text. */
  membership: string | undefined;
  /** Key of the page in the run's journal. */
  page: string;
}

/** What a page's journal line holds beside what every line holds. */
export interface PageEntry extends Entry {
  url: string;
  status: number;
  /** Number of the sequence that the page belongs to; named `range` in the journal. */
  range: number;
  /** Number of the page in its sequence, from 0. */
  page: number;
  /** `start` that was sent. */
  start: number;
  /** Rows requested, rows received. */
  rows: number;
  came: number;
  /** `result.count` of the answer. */
  count: number;
  first_id: string | null;
  last_id: string | null;
  /** Where the sequence continues; null at its end. */
  next: Cursor | null;
}

/** The pages of a run, in the order in which they were received. */
export function pageEntries(entries: Iterable<Entry>): PageEntry[] {
  return [...entries].filter((entry): entry is PageEntry => typeof entry.page === "number");
}

export class PageReader {
  /** The datasets received, by id. */
  readonly seen = new Map<string, Received>();
  /** Datasets received, repetitions included. */
  rows = 0;
  /** Why sequences could not be read to their end. */
  readonly reasons: string[] = [];
  readonly #last = new Map<number, PageEntry>();
  readonly #faults = { unread: 0, mended: 0 };
  #stopped = false;

  constructor(
    readonly portal: CkanPortal,
    readonly run: DownloadRun,
    readonly size: PageSize,
    readonly now: () => Date,
  ) {
    for (const entry of pageEntries(run.entries())) this.#last.set(entry.range, entry);
  }

  /** Whether a sequence was read to its end. */
  isRead(sequence: number): boolean {
    return this.#last.get(sequence)?.next === null;
  }

  /** Whether a sequence that could not be read makes it pointless to begin another. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Learns the ids of the pages that an earlier start of this run has kept. */
  async recall(bar: Bar): Promise<void> {
    for (const entry of pageEntries(this.run.entries())) {
      if (entry.file === undefined) continue;
      for (const { id, modified, membership } of listDatasets(await this.run.read(entry))) {
        this.seen.set(id, { modified, membership, page: entry.key });
      }
      this.#countFaults(entry.unread as number | undefined ?? 0, entry.is_mended === true);
      this.rows += entry.came;
      this.size.received(entry.came, false);
      bar.advance(entry.came);
    }
  }

  /** `read()`, where a failure becomes the reason why `what` is not complete. */
  async tryToRead(
    sequence: number,
    paginator: Paginator,
    what: string,
    bar: Bar,
  ): Promise<void> {
    try {
      await this.read(sequence, paginator, bar);
    } catch (error) {
      if (isPassable(error)) {
        this.reasons.push(`${what} not read to the end: ${error.message}`);
        return;
      }
      this.#stopped = true;
      if (!(error instanceof FatalFailure)) throw error;
      throw new StageError(
        `the portal refuses to continue (${
          messageOf(error)
        }): the pages received so far are kept, the same command continues from there`,
      );
    }
  }

  /**
   * Reads a sequence to its end, from its last page that is kept.
   * @param fromStart begins again, behind the pages that the sequence has already
   * @throws {TransientFailure}, {PermanentFailure}, {FatalFailure}
   */
  async read(sequence: number, paginator: Paginator, bar: Bar, fromStart = false): Promise<void> {
    const last = this.#last.get(sequence);
    let number = last === undefined ? 0 : last.page + 1;
    let cursor = last === undefined || fromStart ? paginator.start : last.next;
    // a page is written while the next one is on its way; the pages of a sequence are in order
    let writing: Promise<unknown> = Promise.resolve();
    try {
      while (cursor !== null && !this.#stopped) {
        const page: PortalPage = await this.portal.search(
          { ...paginator.query(cursor), rows: this.size.rows },
          this.size,
        );
        const step = paginator.step(cursor, page, this.seen, this.size);
        if (step.isKept) {
          const key = `range ${sequence} page ${number}`;
          await writing;
          writing = this.#keep(key, sequence, number++, cursor, page, step.next);
          writing.catch(() => {});
          bar.advance(this.#count(page, key));
        }
        cursor = step.next;
      }
    } finally {
      await writing;
    }
  }

  /** Why what was received is not all there was, though it was read to its end. */
  get faults(): string[] {
    const { unread, mended } = this.#faults;
    return [
      ...(unread > 0 ? [`${formatCount(unread)} records have no id and are left out`] : []),
      ...(mended > 0 ? [`the JSON of ${formatCount(mended)} pages was broken and was mended`] : []),
    ];
  }

  #countFaults(unread: number, isMended: boolean): void {
    this.#faults.unread += unread;
    if (isMended) this.#faults.mended++;
  }

  /** Gives the number of ids that were new. */
  #count(page: PortalPage, key: string): number {
    const before = this.seen.size;
    page.ids.forEach((id, index) => {
      this.seen.set(id, {
        modified: page.modified[index],
        membership: page.membership[index],
        page: key,
      });
    });
    this.rows += page.ids.length;
    this.#countFaults(page.unread, page.isMended);
    return this.seen.size - before;
  }

  async #keep(
    key: string,
    sequence: number,
    number: number,
    cursor: Cursor,
    page: PortalPage,
    next: Cursor | null,
  ): Promise<void> {
    const details = {
      url: page.url,
      status: page.status,
      range: sequence,
      page: number,
      start: cursor.start,
      rows: page.rows,
      came: page.ids.length,
      count: page.count,
      first_id: page.ids[0] ?? null,
      last_id: page.ids.at(-1) ?? null,
      next,
      ...(page.unread > 0 ? { unread: page.unread } : {}),
      ...(page.isMended ? { is_mended: true } : {}),
    };
    // an empty page only shows where the portal ends
    const body = page.ids.length + page.unread > 0 ? page.bytes : null;
    const entry = await this.run.append(key, body, details, this.now());
    this.#last.set(sequence, entry as PageEntry);
  }
}

/** Whether a failure leaves the rest of a harvest as it is. */
export function isPassable(error: unknown): error is TransientFailure | PermanentFailure {
  return error instanceof TransientFailure || error instanceof PermanentFailure;
}
