/**
 * Where a harvest lacks datasets: the portal is asked how many it has between two ids that a page began
 * and ended with. Index servers that are overloaded return a part of an answer without saying so.
 *
 * @module
 */

import type { PageEntry } from "./page_reader.ts";
import type { CkanPortal } from "./portal.ts";
import { filterOf, type IdRange } from "./solr.ts";

/** A part of a range that one page covered: behind `after`, in `range`. */
export interface Gap {
  range: IdRange;
  after: string | null;
}

interface Stretch extends Gap {
  came: number;
}

/** Requests after which to stop: a portal that hides datasets everywhere is not read twice. */
const MOST_REQUESTS = 100;

/** The parts of the ranges in which the portal counts more than came. */
export async function findGaps(
  portal: CkanPortal,
  ranges: IdRange[],
  pages: PageEntry[],
): Promise<Gap[]> {
  const gaps: Gap[] = [];
  let requests = 0;
  const narrow = async (stretches: Stretch[]): Promise<void> => {
    const [first] = stretches;
    if (first === undefined || ++requests > MOST_REQUESTS) return;
    const gap = { range: stretches.at(-1)!.range, after: first.after };
    const filter = filterOf(gap.range, gap.after);
    const { count } = await portal.search({
      sort: "id asc",
      rows: 0,
      ...(filter ? { filter } : {}),
    });
    if (count <= stretches.reduce((sum, { came }) => sum + came, 0)) return;
    if (stretches.length === 1) {
      gaps.push(gap);
      return;
    }
    const half = Math.ceil(stretches.length / 2);
    await narrow(stretches.slice(0, half));
    await narrow(stretches.slice(half));
  };
  for (const [index, range] of ranges.entries()) {
    await narrow(stretchesOf(range, pages.filter((page) => page.range === index)));
  }
  return gaps;
}

/** What each page of a range covered; the last one reaches to the range's end. */
function stretchesOf(range: IdRange, pages: PageEntry[]): Stretch[] {
  const stretches: Stretch[] = [];
  let after: string | null = null;
  for (const { last_id, came } of pages) {
    if (last_id === null) continue;
    stretches.push({ range: { ...range, last: last_id }, after, came });
    after = last_id;
  }
  const end = stretches.at(-1);
  if (end === undefined) return [{ range, after: null, came: 0 }];
  end.range = range;
  return stretches;
}
