/**
 * How many rows to ask for: halved when an answer does not come in time, grown back after a run of
 * good pages, and never more than the portal is seen to give.
 */
export class PageSize {
  #rows: number;
  #limit: number;
  #good = 0;
  #lastShort = 0;
  #largest = 1;

  /** @param least rows below which it never goes: 1, or 2 where pages overlap by a row */
  constructor(wanted: number, readonly least = 1) {
    this.#limit = Math.max(wanted, least);
    this.#rows = this.#limit;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Rows of the largest page so far: so many rows of a request are certainly looked at. */
  get largest(): number {
    return this.#largest;
  }

  /** The answer to a request for so many rows did not come in time. */
  tooSlow(asked: number): void {
    this.#good = 0;
    // several requests that were under way together count once
    if (asked <= this.#rows) this.#rows = Math.max(this.least, Math.floor(asked / 2));
  }

  /** A page came. `isShort`: fewer rows than requested, although there are more. */
  received(rows: number, isShort: boolean): void {
    this.#largest = Math.max(this.#largest, rows);
    if (isShort && rows > 0 && rows === this.#lastShort) {
      // twice the same: the portal's own limit (`ckan.search.rows_max`), not rows that it hides
      this.#limit = Math.max(rows, this.least);
      this.#rows = Math.min(this.#rows, this.#limit);
    }
    this.#lastShort = isShort ? rows : 0;
    this.#good++;
    if (this.#good >= GOOD_PAGES && this.#rows < this.#limit) {
      this.#rows = Math.min(this.#limit, this.#rows * 2);
      this.#good = 0;
    }
  }
}

/** Good pages in a row after which more rows are requested again. */
const GOOD_PAGES = 16;
