/**
 * The two ways from page to page that lose nothing while the portal changes. Both advance by what was
 * received, not by what was requested: portals clamp `rows` silently, and hide datasets that they
 * count.
 *
 * @module
 */

import { StageError } from "../../cli/errors.ts";
import { PermanentFailure } from "../../http/failures.ts";
import type { PageSize } from "../page_size.ts";
import type { PortalPage, Query } from "./portal.ts";
import { filterOf, type IdRange } from "./solr.ts";

/** Where a sequence of pages continues; kept in the journal. */
export interface Cursor {
  /** The portal's own last row; null at the beginning of a range, and by offset. */
  after: string | null;
  start: number;
  /** The first row must be one that is known, or something before it was deleted. */
  mustKnow?: boolean;
}

export interface Step {
  next: Cursor | null;
  /** False where the page only showed that rows have moved: it is read again from further back. */
  isKept: boolean;
}

/** The ids received so far. */
export interface Known {
  has(id: string): boolean;
  readonly size: number;
}

/**
 * Whether a page shows by itself that it is the last: fewer rows than asked for, and than another page
 * had. A portal that clamps its pages and caps its count shows nothing by a page that is as long as
 * all others.
 */
function isShort(came: number, page: PortalPage, size: PageSize): boolean {
  return came < page.rows && came < size.largest;
}

export interface Paginator {
  readonly start: Cursor;
  query(cursor: Cursor): Omit<Query, "rows">;
  /**
   * What follows on a page. `seen` does not know the page's ids yet.
   * @throws {StageError} where the same page repeats for ever, {PermanentFailure} where only empty
   * pages follow
   */
  step(cursor: Cursor, page: PortalPage, seen: Known, size: PageSize): Step;
}

const BY_ID = "id asc";
/** Empty pages in a row, of a portal that counts more datasets, after which it is given up. */
const MOST_EMPTY_PAGES = 50;
/** Rows that an empty page certainly covers where no page has shown the portal's own limit. */
const LEAST_STEP = 10;

/** By ids: what follows the last one. Changes elsewhere cannot shift it. */
export class KeysetPaginator implements Paginator {
  readonly start: Cursor;
  #empty = 0;
  #rows = 0;

  /** @param trustsFirstPage takes a first page with all rows that are counted for all there are */
  constructor(
    readonly range: IdRange,
    readonly filter?: string,
    after: string | null = null,
    readonly trustsFirstPage = false,
  ) {
    this.start = { after, start: 0 };
  }

  query({ after, start }: Cursor): Omit<Query, "rows"> {
    const filter = [filterOf(this.range, after), this.filter].filter(Boolean).join(" ");
    return { sort: BY_ID, start, ...(filter ? { filter } : {}) };
  }

  step(cursor: Cursor, page: PortalPage, seen: Known, size: PageSize): Step {
    const came = page.ids.length + page.unread;
    const left = page.count - cursor.start;
    size.received(came, came < page.rows && left > came);
    this.#rows += came;
    const last = page.ids.at(-1);
    if (last !== undefined && last === cursor.after || this.#rows > 2 * (seen.size + came) + 1000) {
      throw samePageAgain();
    }
    const isFirst = cursor.after === null && cursor.start === 0;
    const isEnd = came === 0 || isShort(came, page, size) ||
      isFirst && this.trustsFirstPage && came < page.rows;
    if (left <= came && isEnd) return { next: null, isKept: true };
    if (last !== undefined) {
      this.#empty = 0;
      return { next: { after: last, start: 0 }, isKept: true };
    }
    // rows that the portal counts and hides
    this.#empty++;
    if (this.#empty > MOST_EMPTY_PAGES) throw onlyEmpty(left);
    const start = cursor.start + Math.min(page.rows, Math.max(size.largest, LEAST_STEP));
    const next = start < page.count ? { after: cursor.after, start } : null;
    return { next, isKept: true };
  }
}

/**
 * By offset over ids in order, with an overlap of one row: where the first row of a page is not
 * known, something before it was deleted and rows have moved to pages that were read already.
 */
export class OffsetPaginator implements Paginator {
  readonly start: Cursor = { after: null, start: 0 };
  #empty = 0;
  #back = 1;
  #stepsBack = 0;
  #same = 0;
  #previous = "";

  /** @param trustsFirstPage as of `KeysetPaginator` */
  constructor(readonly filter?: string, readonly trustsFirstPage = false) {}

  query({ start }: Cursor): Omit<Query, "rows"> {
    return { sort: BY_ID, start, ...(this.filter ? { filter: this.filter } : {}) };
  }

  step(cursor: Cursor, page: PortalPage, seen: Known, size: PageSize): Step {
    const { ids, count } = page;
    const came = ids.length + page.unread;
    size.received(came, came < page.rows && count - cursor.start > came);
    if (
      cursor.mustKnow &&
      (came === 0 ? count <= cursor.start : ids[0] !== undefined && !seen.has(ids[0]))
    ) {
      return this.#stepBack(cursor);
    }
    this.#back = 1;
    const fresh = ids.some((id) => !seen.has(id));
    this.#guard(ids, fresh);
    this.#empty = came === 0 ? this.#empty + 1 : 0;
    if (this.#empty > MOST_EMPTY_PAGES) throw onlyEmpty(count - cursor.start);
    // without anything new, as far as the page certainly reached: the portal hides the rows there
    const looked = Math.min(
      page.rows,
      came === 0 ? Math.max(size.largest, LEAST_STEP) : size.largest,
    );
    const position = cursor.start + (fresh ? came : Math.max(came, looked));
    // the same page once more does not show the end: the next one must differ
    const isEnd = came === 0 || isShort(came, page, size) || !fresh && seen.size >= count ||
      cursor.start === 0 && this.trustsFirstPage && came < page.rows;
    if (position >= count && isEnd && (this.#same === 0 || seen.size >= count)) {
      return { next: null, isKept: true };
    }
    const overlaps = fresh && size.largest > 1;
    const next = overlaps
      ? { after: null, start: position - 1, mustKnow: true }
      : { after: null, start: position };
    return { next, isKept: true };
  }

  #stepBack(cursor: Cursor): Step {
    this.#stepsBack++;
    if (this.#stepsBack > 1000) throw samePageAgain();
    this.#back *= 4;
    const start = Math.max(0, cursor.start - this.#back);
    return {
      next: { after: null, start, ...(start > 0 ? { mustKnow: true } : {}) },
      isKept: false,
    };
  }

  /** Three times the same rows and nothing new: `start` is not honoured. */
  #guard(ids: string[], fresh: boolean): void {
    const page = ids.join("\n");
    this.#same = !fresh && page !== "" && page === this.#previous ? this.#same + 1 : 0;
    this.#previous = page;
    if (this.#same >= 2) throw samePageAgain();
  }
}

function samePageAgain(): StageError {
  return new StageError(
    "the portal returns the same page again and again, whatever is requested, so it cannot be read to " +
      "its end: contact its operators, or check whether a cache is in front of it",
  );
}

function onlyEmpty(left: number): PermanentFailure {
  return new PermanentFailure(
    `the portal counts ${left} more datasets but returns only empty pages`,
  );
}
