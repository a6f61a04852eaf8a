import { type CkanPortal, ID_AND_TIME } from "./portal.ts";
import { instantOf } from "./times.ts";
import { type Cursor, KeysetWalk, OffsetWalk, type Step } from "./paginators.ts";
import { PageSize } from "../page_size.ts";

/** A look at all datasets of a portal without their records: a hundred bytes of each. */

/** What the portal has. */
export interface Sweep {
  /** `metadata_modified` by id, as `instantOf` gives it. */
  times: Map<string, string | null>;
  /** What it says that it has. */
  count: number;
  requests: number;
  /** The most that it gave at once. */
  largest: number;
}

/** As many as CKAN gives at once. */
const ROWS = 1000;

/**
 * Looks at all datasets, a thousand a request.
 * @throws {PermanentFailure} where the portal refuses, and what `CkanPortal.search` throws.
 */
export async function sweep(portal: CkanPortal, isKeyset: boolean): Promise<Sweep> {
  const walk = isKeyset ? new KeysetWalk({ low: null, high: null }) : new OffsetWalk();
  const size = new PageSize(ROWS, isKeyset ? 1 : 2);
  const found: Sweep = { times: new Map(), count: 0, requests: 0, largest: 0 };
  for (let cursor: Cursor | null = walk.start; cursor !== null;) {
    const query = { ...walk.query(cursor), rows: size.rows, fields: ID_AND_TIME };
    const page = await portal.search(query, size);
    const step: Step = walk.after(cursor, page, found.times, size);
    found.requests += 1;
    found.largest = Math.max(found.largest, page.ids.length);
    // behind an id only the rest is counted
    if (!isKeyset || found.requests === 1) found.count = page.count;
    if (step.isKept) {
      page.ids.forEach((id, index) => found.times.set(id, instantOf(page.modified[index])));
    }
    cursor = step.next;
  }
  return found;
}
