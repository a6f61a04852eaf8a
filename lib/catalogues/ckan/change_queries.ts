/**
 * How to request the datasets that changed in as few requests as possible.
 *
 * @module
 */

import { isInstant, quoted } from "./solr.ts";

/** What to request: everything changed since a time, and the rest by lists of ids. */
export interface ChangeQueries {
  since?: string;
  lists: string[][];
  /** Requests that this takes. */
  requests: number;
}

/** So many records cost as much as a request. */
const RECORDS_PER_REQUEST = 50;
/** What may be received again for the overlap, in requests. */
const MOST_OVERLAP_WEIGHT = 1;
/** Servers before CKAN take addresses of 4,096 bytes at least; in one, an id of CKAN has 46. */
export const MOST_IDS = 50;
const MOST_CHARACTERS = 2500;

/**
 * Chooses the queries. Datasets are requested by time as far back as that is cheaper than by id: those
 * that carry an old time (an import, a clock that is wrong) would bring along all in between.
 * @param wanted time by id
 * @param times of all datasets of the portal
 * @param overlap goes back to this time where that takes no additional request: times may be coarser
 * than edits are apart
 */
export function chooseQueries(
  wanted: ReadonlyMap<string, string | null>,
  times: Iterable<string | null>,
  overlap: string | undefined,
  pageSize: number,
): ChangeQueries {
  const listSize = Math.min(pageSize, MOST_IDS);
  const timed = [...wanted].filter((one): one is [string, string] => isInstant(one[1]))
    .sort(([, one], [, other]) => one < other ? 1 : -1);
  const all = [...times].filter(isInstant).sort().reverse();
  const untimed = wanted.size - timed.length;
  const cost = (since: string, reached: number, left: number) => {
    while (reached < all.length && all[reached]! >= since) reached++;
    const requests = Math.ceil(reached / pageSize) + Math.ceil(left / listSize);
    return { reached, requests, weight: requests + (reached + left) / RECORDS_PER_REQUEST };
  };
  const byId = Math.ceil(wanted.size / listSize);
  let best: { since?: string; requests: number; weight: number } = {
    requests: byId,
    weight: byId + wanted.size / RECORDS_PER_REQUEST,
  };
  let reached = 0;
  timed.forEach(([, since], index) => {
    const found = cost(since, reached, untimed + timed.length - index - 1);
    reached = found.reached;
    if (found.weight <= best.weight) best = { ...found, since };
  });
  if (best.since !== undefined && overlap !== undefined && overlap < best.since) {
    const left = untimed + timed.filter(([, time]) => time < overlap).length;
    const found = cost(overlap, 0, left);
    if (found.requests <= best.requests && found.weight <= best.weight + MOST_OVERLAP_WEIGHT) {
      best = { ...found, since: overlap };
    }
  }
  const { since, requests } = best;
  const isReached = (time: string | null) =>
    since !== undefined && isInstant(time) && time >= since;
  const ids = [...wanted].filter(([, time]) => !isReached(time)).map(([id]) => id).sort();
  return { ...(since === undefined ? {} : { since }), lists: listsOf(ids, listSize), requests };
}

/** Ids in lists that fit into an address. */
export function listsOf(ids: string[], most: number): string[][] {
  const lists: string[][] = [];
  let length = 0;
  for (const id of ids) {
    const characters = encodeURIComponent(quoted(id)).length + 4;
    const last = lists.at(-1);
    if (last === undefined || last.length >= most || length + characters > MOST_CHARACTERS) {
      lists.push([id]);
      length = characters;
    } else {
      last.push(id);
      length += characters;
    }
  }
  return lists;
}
