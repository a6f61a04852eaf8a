/**
 * A harvest of what changed since another one.
 *
 * The ids and times of all datasets are listed first: what differs from the parent is requested,
 * however wrong the portal's clock may be, and what is no longer listed was deleted. The portal's times
 * are only compared with its own. Two of its servers may disagree on the time, so an hour more than is
 * needed is requested where that costs nothing.
 *
 * @module
 */

import { type Bar, formatCount } from "../../cli/progress.ts";
import { FatalFailure, PermanentFailure } from "../../http/failures.ts";
import { beginRun, resumeRun } from "../../pipeline/open_run.ts";
import type { Outcome } from "../../pipeline/run_log.ts";
import type { Context } from "../../pipeline/stage.ts";
import type { DownloadRun } from "../../storage/download_run.ts";
import { KIND } from "../catalogue.ts";
import { PageSize } from "../page_size.ts";
import { datasetsOf, nothingNew, sealHarvest } from "../seal.ts";
import { chooseQueries, listsOf, MOST_IDS } from "./change_queries.ts";
import { reasonsOf } from "./full_harvest.ts";
import { entriesOf, keepIndex, type Parent } from "./harvest_index.ts";
import { isPassable, pageEntries, PageReader } from "./page_reader.ts";
import { type Cursor, KeysetPaginator, OffsetPaginator, type Step } from "./paginators.ts";
import { type CkanPortal, LISTED_FIELDS, type PortalState } from "./portal.ts";
import { changedSince, filterOfIds, instantOf, isInstant } from "./solr.ts";

/** Edits of different servers of a portal may carry times that far apart. */
const OVERLAP_MS = 3600_000;
/** A full harvest is preferred to more than twice its requests; so many of its requests are for no page. */
const OTHER_REQUESTS = 10;
/** As many as CKAN returns at once. */
const LISTED_ROWS = 1000;

/** All datasets of a portal, without their records. */
interface Listing {
  /** `metadata_modified` by id, as `instantOf` gives it. */
  times: Map<string, string | null>;
  /** Organization and groups by id, as one text. */
  memberships: Map<string, string | null>;
  /** What the portal counts. */
  count: number;
  requests: number;
  /** The most that was received at once. */
  largest: number;
}

/**
 * Harvests what changed since the parent, or resumes doing so, or reports that nothing did; undefined
 * where a full harvest is needed: the portal cannot list ids, or too much changed.
 */
export async function harvestChanges(
  context: Context,
  portal: CkanPortal,
  parent: Parent,
  identity: Record<string, unknown>,
): Promise<Outcome | undefined> {
  const harvest = new IncrementalHarvest(context, portal, parent, {
    ...identity,
    parent: parent.run.name,
  });
  try {
    return await harvest.harvest();
  } finally {
    harvest.close();
  }
}

class IncrementalHarvest {
  /** Undefined as long as there is nothing to keep. */
  #pages: PageReader | undefined;
  /** Datasets received with another time than the parent has, and datasets deleted. */
  readonly #counts = { changed: 0, removed: 0 };
  #sequences = 0;

  constructor(
    readonly context: Context,
    readonly portal: CkanPortal,
    /** Its index is made what the portal has. */
    readonly parent: Parent,
    readonly identity: Record<string, unknown>,
  ) {}

  async harvest(): Promise<Outcome | undefined> {
    await this.#resume();
    const first = await this.#listAll();
    if (first === undefined || !await this.#fetch(first)) return await this.#giveUp();
    const end = this.#pages === undefined
      ? { count: first.count, newest: this.#newest }
      : await this.#catchUp(first);
    if (end === "full") return await this.#giveUp();
    if (this.#isNothingNew(end)) {
      await this.#pages?.run.discard();
      return nothingNew(
        this.context,
        this.parent.run,
        `${datasetsOf(first.count)}, newest change ${this.#newest}, as in`,
      );
    }
    const pages = this.#pages ?? this.#openPages(await this.#begin());
    return await this.#seal(pages, first, end);
  }

  /** A full harvest follows: what was received is in it. */
  async #giveUp(): Promise<undefined> {
    await this.#pages?.run.discard();
    return undefined;
  }

  close(): void {
    this.#pages?.run.close();
  }

  get #reasons(): string[] {
    return this.#pages?.reasons ?? [];
  }

  /** The newest time among the datasets of the index. */
  get #newest(): string | null {
    let newest: string | null = null;
    for (const { modified } of this.parent.index.values()) {
      if (isInstant(modified) && (newest === null || modified > newest)) newest = modified;
    }
    return newest;
  }

  /** Resumes a run that was not finished, where there is one: first with the query that was under way. */
  async #resume(): Promise<void> {
    const run = await resumeRun(this.context, KIND, this.identity);
    if (run === undefined) return;
    const pages = this.#openPages(run);
    const bar = this.context.log.bar("Datasets", "datasets");
    await pages.recall(bar);
    for (let entry; (entry = run.get(keyOf(this.#sequences))) !== undefined;) {
      const sequence = this.#sequences++;
      if (run.get(keyOf(this.#sequences)) === undefined && !pages.isRead(sequence)) {
        const paginator = this.#paginator(entry.filter as string);
        await pages.tryToRead(sequence, paginator, "what had changed was", bar);
      }
    }
    this.#merge(pages);
    bar.end();
  }

  /** The ids and times of all datasets; undefined where the portal cannot list them. */
  async #listAll(): Promise<Listing | undefined> {
    try {
      const { isKeyset } = this.parent.paging;
      let listing = await listDatasetIds(this.portal, isKeyset, true);
      if (listing.times.size < this.parent.index.size && listing.requests === 1) {
        // before anything counts as deleted, the end of the list is asked for
        listing = await listDatasetIds(this.portal, isKeyset);
      }
      if (listing.count === 0) throw this.portal.empty();
      return listing;
    } catch (error) {
      if (!(error instanceof PermanentFailure)) throw this.portal.explained(error);
      this.context.log.info(`Full harvest: the portal cannot list ids alone (${error.message})`);
      return undefined;
    }
  }

  /**
   * Makes the index what was listed; false where a full harvest is needed: it is cheaper, or the portal
   * lists what its filters do not return.
   */
  async #fetch(listing: Listing): Promise<boolean> {
    const { times, count, requests, largest } = listing;
    const { index } = this.parent;
    const { log, config } = this.context;
    // a portal that needed several answers returns no more at once
    const pageSize = Math.min(config.download.page_size, requests > 1 ? largest : Infinity);
    const wanted = new Map([...times].filter(([id]) => this.#differs(id, listing)));
    const gone = [...index.keys()].filter((id) => !times.has(id));
    // a portal that counts more than it lists may have them all the same
    for (const id of gone) times.size < count ? wanted.set(id, null) : this.#remove(id);
    log.info(
      `Checked ${datasetsOf(times.size)}: ${formatCount(wanted.size)} to fetch, ${
        formatCount(this.#counts.removed)
      } deleted since ${this.parent.run.name}`,
    );
    if (wanted.size === 0) return true;
    const queries = chooseQueries(wanted, times.values(), this.#overlap(), pageSize);
    if (queries.requests > 2 * (count / pageSize + OTHER_REQUESTS)) {
      log.info("Full harvest: it takes fewer requests than what changed");
      return false;
    }
    const pages = this.#pages ?? this.#openPages(await this.#begin());
    const received = new Set<string>();
    const bar = log.bar("Datasets", "datasets", wanted.size);
    const query = async (filter: string, what: string) => {
      const before = pages.reasons.length;
      for (const id of await this.#query(pages, filter, what, bar)) received.add(id);
      return pages.reasons.length === before;
    };
    const { since, lists } = queries;
    let isWhole = since === undefined ||
      await query(changedSince(since), `changes since ${since} were`);
    const listed = new Set(lists.flat());
    // a filter by time that the portal does not honour: what it should have returned is asked for by id
    const unreturned = isWhole
      ? [...wanted.keys()].filter((id) => !received.has(id) && !listed.has(id))
      : [];
    for (const ids of [...lists, ...listsOf(unreturned.sort(), Math.min(pageSize, MOST_IDS))]) {
      isWhole = await query(filterOfIds(ids), `${ids.length} datasets from "${ids[0]}" on were`) &&
        isWhole;
    }
    bar.end();
    return !isWhole || await this.#judgeUnreturned([...wanted.keys()], received);
  }

  /** What two lists have is never deleted; false where the portal lists it and does not return it. */
  async #judgeUnreturned(wanted: string[], received: ReadonlySet<string>): Promise<boolean> {
    const missing = wanted.filter((id) => !received.has(id));
    if (missing.length === 0) return true;
    const again = await listDatasetIds(this.portal, this.parent.paging.isKeyset);
    const hidden = missing.filter((id) => again.times.has(id));
    for (const id of missing) if (!again.times.has(id)) this.#remove(id);
    // a full harvest did not return them either
    const { index, run } = this.parent;
    const wereMissing = hidden.length <= (run.seal.counts.missing ?? 0);
    if (hidden.length === 0 || wereMissing && !hidden.some((id) => index.has(id))) return true;
    this.context.log.info(
      `Full harvest: the portal lists ${
        datasetsOf(hidden.length)
      } that its filters do not return, ` +
        `e.g. "${hidden[0]}"`,
    );
    return false;
  }

  /** Whether a dataset is to be fetched: new, edited, or moved to another organization or group. */
  #differs(id: string, { times, memberships }: Listing): boolean {
    const known = this.parent.index.get(id);
    if (known === undefined || known.modified !== times.get(id)) return true;
    return this.parent.paging.hasMembership === true && known.membership !== undefined &&
      known.membership !== memberships.get(id);
  }

  /** Reads what changed during the harvest; gives what the portal holds then, where it reports that. */
  async #catchUp(first: Listing): Promise<PortalState | "full" | undefined> {
    try {
      // where one request lists everything, the count alone costs as much and shows less
      if (first.requests === 1 && this.#reasons.length === 0) return await this.#listAgain();
      const end = await this.portal.state();
      const isBehind = () => this.#isNewer(end) || this.#hasMoved(first, end);
      if (this.#reasons.length > 0 || !isBehind()) return end;
      const newest = this.#newest;
      if (newest !== null && this.#isNewer(end)) {
        const bar = this.context.log.bar("Changed meanwhile", "datasets");
        const what = "what changed during the harvest was";
        await this.#query(this.#pages!, changedSince(newest), what, bar);
        bar.end();
      }
      return isBehind() ? await this.#listAgain() : end;
    } catch (error) {
      if (error instanceof FatalFailure) throw this.portal.explained(error);
      if (isPassable(error)) return undefined;
      throw error;
    }
  }

  async #listAgain(): Promise<PortalState | "full"> {
    const again = await listDatasetIds(this.portal, this.parent.paging.isKeyset, true);
    if (!await this.#fetch(again)) return "full";
    return { count: again.count, newest: this.#newest };
  }

  /** Whether the parent has all there is. */
  #isNothingNew(end: PortalState | undefined): boolean {
    const { changed, removed } = this.#counts;
    const isComplete = end?.count === this.parent.index.size;
    return this.parent.isNewest && changed + removed + this.#reasons.length === 0 &&
      isComplete === this.parent.run.seal.complete;
  }

  #begin(): Promise<DownloadRun> {
    return beginRun(this.context, KIND, this.identity);
  }

  #openPages(run: DownloadRun): PageReader {
    const { page_size } = this.context.config.download;
    const size = new PageSize(page_size, this.parent.paging.isKeyset ? 1 : 2);
    return this.#pages = new PageReader(this.portal, run, size, this.context.now);
  }

  /** Reads what a filter leaves; gives the ids received. */
  async #query(pages: PageReader, filter: string, what: string, bar: Bar): Promise<string[]> {
    const sequence = this.#sequences++;
    await pages.run.append(keyOf(sequence), null, { filter }, this.context.now());
    await pages.tryToRead(sequence, this.#paginator(filter), what, bar);
    return this.#merge(pages);
  }

  /** What a query has to return is known, so its last page need not be proven to be the last. */
  #paginator(filter: string): KeysetPaginator | OffsetPaginator {
    return this.parent.paging.isKeyset
      ? new KeysetPaginator({ low: null, high: null }, filter, null, true)
      : new OffsetPaginator(filter, true);
  }

  /** Takes what was received into the index; gives its ids. */
  #merge(pages: PageReader): string[] {
    const { index } = this.parent;
    const ids: string[] = [];
    for (const [id, entry] of entriesOf(pages)) {
      const known = index.get(id);
      const isSame = known?.modified === entry.modified &&
        (known.membership === undefined || known.membership === entry.membership);
      if (!isSame) this.#counts.changed++;
      index.set(id, entry);
      ids.push(id);
    }
    // each query knows its own datasets only: paging by offset sees by them what is new to it
    pages.seen.clear();
    return ids;
  }

  #remove(id: string): void {
    if (this.parent.index.delete(id)) this.#counts.removed++;
  }

  #overlap(): string | undefined {
    const newest = this.#newest;
    return newest === null ? undefined : new Date(Date.parse(newest) - OVERLAP_MS).toISOString();
  }

  #isNewer(end: PortalState): boolean {
    const instant = instantOf(end.newest ?? undefined);
    return isInstant(instant) && instant > (this.#newest ?? "");
  }

  /** Whether something was added or deleted since the listing that is not known yet. */
  #hasMoved(first: Listing, end: PortalState): boolean {
    return end.count !== this.parent.index.size && end.count !== first.count;
  }

  /** Seals the run: with those before it, it is a full harvest. */
  async #seal(
    pages: PageReader,
    first: Listing,
    end: PortalState | undefined,
  ): Promise<Outcome> {
    const { context, parent } = this;
    const datasets = parent.index.size;
    const atEnd = end?.count ?? first.count;
    const counts = {
      at_start: first.count,
      at_end: atEnd,
      datasets,
      ...this.#counts,
      duplicates: 0,
      missing: Math.max(0, atEnd - datasets),
      gone: Math.max(0, datasets - atEnd),
      pages: pageEntries(pages.run.entries()).length,
      requests: this.portal.http.requests,
    };
    await keepIndex(pages.run, parent.index, context.now());
    return await sealHarvest(context, pages.run, {
      received: `${formatCount(counts.changed)} datasets new or changed, ${
        formatCount(counts.removed)
      } deleted, ${formatCount(datasets)} with those of ${parent.run.name},`,
      reasons: reasonsOf([...pages.reasons, ...pages.faults], end, counts),
      counts,
      isWhole: pages.reasons.length === 0,
      details: {
        is_whole: pages.reasons.length === 0,
        parent: parent.run.name,
        paging: parent.paging,
        full_at: parent.fullAt,
        state: null,
      },
    });
  }
}

function keyOf(sequence: number): string {
  return `walk ${sequence}`;
}

/**
 * Lists all datasets, a thousand per request and about a hundred bytes each.
 * @throws {PermanentFailure} where the portal refuses, and what `CkanPortal.search` throws
 */
async function listDatasetIds(
  portal: CkanPortal,
  isKeyset: boolean,
  trustsFirstPage = false,
): Promise<Listing> {
  const paginator = isKeyset
    ? new KeysetPaginator({ low: null, high: null }, undefined, null, trustsFirstPage)
    : new OffsetPaginator(undefined, trustsFirstPage);
  const size = new PageSize(LISTED_ROWS, isKeyset ? 1 : 2);
  const listing: Listing = {
    times: new Map(),
    memberships: new Map(),
    count: 0,
    requests: 0,
    largest: 0,
  };
  for (let cursor: Cursor | null = paginator.start; cursor !== null;) {
    const query = { ...paginator.query(cursor), rows: size.rows, fields: LISTED_FIELDS };
    const page = await portal.search(query, size);
    const step: Step = paginator.step(cursor, page, listing.times, size);
    listing.requests++;
    listing.largest = Math.max(listing.largest, page.ids.length);
    // behind an id only the rest is counted
    if (!isKeyset || listing.requests === 1) listing.count = page.count;
    if (step.isKept) {
      page.ids.forEach((id, index) => {
        listing.times.set(id, instantOf(page.modified[index]));
        listing.memberships.set(id, page.membership[index] ?? null);
      });
    }
    cursor = step.next;
  }
  return listing;
}
