/**
 * A full harvest of a CKAN portal: several ranges of ids at once where the portal supports it, then
 * what changed meanwhile, then what the portal counts and did not return.
 *
 * @module
 */

import { StageError } from "../../cli/errors.ts";
import { type Bar, formatCount } from "../../cli/progress.ts";
import { beginRun } from "../../pipeline/open_run.ts";
import type { Outcome } from "../../pipeline/run_log.ts";
import type { Context } from "../../pipeline/stage.ts";
import type { DownloadRun } from "../../storage/download_run.ts";
import { KIND } from "../catalogue.ts";
import { PageSize } from "../page_size.ts";
import { countReason } from "../plausibility.ts";
import { datasetsOf, sealHarvest } from "../seal.ts";
import { entriesOf, keepIndex } from "./harvest_index.ts";
import { findGaps } from "./missing_pages.ts";
import { isPassable, pageEntries, PageReader } from "./page_reader.ts";
import { KeysetPaginator, OffsetPaginator, type Paginator } from "./paginators.ts";
import type { CkanPortal, Paging, PortalState } from "./portal.ts";
import { changedSince, describeRange, type IdRange, partition } from "./solr.ts";

/** How a run reads its portal; kept when the run begins, so that it is resumed in the same way. */
export interface HarvestPlan extends Paging {
  ranges: IdRange[];
  /** What the portal held when the run began. */
  state: PortalState;
}

/** The plan of a run; undefined where it has none. Earlier versions kept it in the journal. */
export function planOf(run: DownloadRun): HarvestPlan | undefined {
  return (run.details.plan ?? run.get("plan")?.plan) as HarvestPlan | undefined;
}

/** Whether a run can be resumed: it has a plan, and something of it was not read yet. */
export function isResumable(run: DownloadRun): boolean {
  return planOf(run) !== undefined && run.previousSeal?.details.is_whole !== true;
}

/** Begins a run that reads the portal from its beginning; a failure becomes a sentence. */
export async function beginFullHarvest(
  context: Context,
  portal: CkanPortal,
  identity: Record<string, unknown>,
  state: PortalState,
): Promise<DownloadRun> {
  const plan = await portal.orExplain(() => planHarvest(portal, state, context.config.download));
  return await beginRun(context, KIND, identity, { plan });
}

/** Chooses how to read the portal: as many ranges as keep the requests busy and the pages full. */
async function planHarvest(
  portal: CkanPortal,
  state: PortalState,
  download: { page_size: number; concurrency: number },
): Promise<HarvestPlan> {
  const paging = await portal.probe();
  const several = paging.hasRanges && download.concurrency > 1 && state.count > download.page_size;
  const pages = Math.ceil(state.count / download.page_size);
  const parts = several ? Math.min(2 * download.concurrency, pages) : 1;
  return { ...paging, ranges: partition(parts, portal.shard), state };
}

/** Reads a run to its end and seals it. */
export async function readFullHarvest(
  context: Context,
  portal: CkanPortal,
  run: DownloadRun,
): Promise<Outcome> {
  return await new FullHarvest(context, portal, run).read();
}

class FullHarvest {
  readonly plan: HarvestPlan;
  readonly pages: PageReader;

  constructor(readonly context: Context, readonly portal: CkanPortal, readonly run: DownloadRun) {
    this.plan = planOf(run)!;
    const { page_size } = context.config.download;
    const size = new PageSize(page_size, this.plan.isKeyset ? 1 : 2);
    this.pages = new PageReader(portal, run, size, context.now);
  }

  get isWhole(): boolean {
    return this.plan.ranges.every((_range, index) => this.pages.isRead(index));
  }

  async read(): Promise<Outcome> {
    const { plan, pages, context: { log, config } } = this;
    log.info(
      `Reading ${datasetsOf(plan.state.count)} of ${config.site.title} by ${
        plan.isKeyset ? "id" : "offset"
      }${plan.ranges.length > 1 ? ` in ${plan.ranges.length} ranges` : ""}`,
    );
    const bar = log.bar("Datasets", "datasets", plan.state.count);
    await pages.recall(bar);
    await this.#readRanges(bar);
    const end = await this.#stateAtEnd();
    if (end !== undefined && this.isWhole) {
      const hasChanged = end.newest !== plan.state.newest || end.count > pages.seen.size;
      if (hasChanged) await this.#catchUp(bar);
      if (end.count > pages.seen.size) await this.#fillGaps(bar);
    }
    bar.end();
    return await this.#seal(end);
  }

  /** Reads every range to its end, or keeps the reason why not. */
  async #readRanges(bar: Bar): Promise<void> {
    const { ranges } = this.plan;
    const left = [...ranges.keys()].filter((number) => !this.pages.isRead(number));
    const work = async () => {
      for (let number = left.shift(); number !== undefined; number = left.shift()) {
        if (this.pages.isStopped) return;
        const range = ranges[number]!;
        await this.pages.tryToRead(number, this.#paginator(range), describeRange(range), bar);
      }
    };
    const { concurrency } = this.context.config.download;
    const workers = Array.from({ length: Math.min(concurrency, left.length) }, work);
    for (const worker of await Promise.allSettled(workers)) {
      if (worker.status === "rejected") throw worker.reason;
    }
  }

  /**
   * Reads what was changed or added since the run began: it may be behind the ranges' cursors. Does
   * nothing where the portal cannot give that.
   */
  async #catchUp(bar: Bar): Promise<void> {
    const { newest, count } = this.plan.state;
    if (newest === null) return;
    const paginator = this.#paginator(this.portal.range, changedSince(newest));
    try {
      const changed = await this.portal.search({ ...paginator.query(paginator.start), rows: 1 });
      if (changed.count === 0) {
        // at least the newest dataset of the start matches, unless the filter is not honoured
        this.pages.reasons.push(
          "what changed during the harvest could not be read: the portal's filter by time finds nothing",
        );
        return;
      }
      // a portal that does not honour the filter would return everything once more
      if (changed.count > Math.max(this.pages.size.rows, count / 2)) return;
      await this.pages.read(this.plan.ranges.length, paginator, bar);
    } catch (error) {
      if (!isPassable(error)) throw error;
      this.pages.reasons.push(
        `what changed during the harvest could not be read: ${error.message}`,
      );
    }
  }

  /** Reads once more where the portal counts more than it returned. */
  async #fillGaps(bar: Bar): Promise<void> {
    const { hasRanges, ranges } = this.plan;
    if (!hasRanges) return;
    try {
      const pages = pageEntries(this.run.entries());
      for (const { range, after } of await findGaps(this.portal, ranges, pages)) {
        const paginator = new KeysetPaginator(range, undefined, after);
        await this.pages.read(ranges.length + 1, paginator, bar, true);
      }
    } catch (error) {
      if (!isPassable(error)) throw error;
      this.pages.reasons.push(`what is missing could not be searched for: ${error.message}`);
    }
  }

  #paginator(range: IdRange, filter?: string): Paginator {
    return this.plan.isKeyset ? new KeysetPaginator(range, filter) : new OffsetPaginator(filter);
  }

  /** Undefined where the portal does not answer any longer: what was received is kept all the same. */
  async #stateAtEnd(): Promise<PortalState | undefined> {
    try {
      return await this.portal.state();
    } catch (error) {
      if (isPassable(error)) return undefined;
      throw error;
    }
  }

  async #seal(end: PortalState | undefined): Promise<Outcome> {
    const { context, run, plan, pages } = this;
    if (pages.seen.size === 0) {
      throw new StageError(
        `no page was received (${pages.reasons.join("; ")}): run the same command again later`,
      );
    }
    const atEnd = end?.count ?? plan.state.count;
    const counts = {
      at_start: plan.state.count,
      at_end: atEnd,
      datasets: pages.seen.size,
      duplicates: pages.rows - pages.seen.size,
      missing: Math.max(0, atEnd - pages.seen.size),
      gone: Math.max(0, pages.seen.size - atEnd),
      pages: pageEntries(run.entries()).length,
      requests: this.portal.http.requests,
    };
    context.log.info(describeCounts(counts));
    await keepIndex(run, entriesOf(pages), context.now());
    const { isKeyset, hasRanges, hasFields, hasMembership } = plan;
    return await sealHarvest(context, run, {
      received: datasetsOf(pages.seen.size),
      reasons: reasonsOf([...pages.reasons, ...pages.faults], end, counts),
      counts,
      isWhole: this.isWhole,
      details: {
        is_whole: this.isWhole,
        paging: { isKeyset, hasRanges, hasFields, hasMembership },
        full_at: context.now().toISOString(),
      },
    });
  }
}

/** Why a harvest is not complete: what could not be read, and what the portal counts besides. */
export function reasonsOf(
  known: string[],
  end: PortalState | undefined,
  { at_start, at_end, datasets }: { at_start: number; at_end: number; datasets: number },
): string[] {
  const reasons = [...known];
  if (end === undefined) {
    reasons.push("the portal did not report at the end how many datasets it has");
  }
  // what was deleted meanwhile was counted at the start
  const counted = datasets > at_end ? Math.max(at_start, at_end) : at_end;
  const reason = datasets > at_end && datasets <= counted
    ? undefined
    : countReason(datasets, counted);
  if (reason !== undefined) reasons.push(reason);
  return reasons;
}

function describeCounts(
  { at_start, at_end, datasets, duplicates, missing, gone }: Record<
    "at_start" | "at_end" | "datasets" | "duplicates" | "missing" | "gone",
    number
  >,
): string {
  return [
    `The portal counted ${datasetsOf(at_start)} at the start, ${formatCount(at_end)} at the end`,
    `${formatCount(datasets)} received`,
    `${formatCount(duplicates)} duplicates`,
    `${formatCount(missing)} missing`,
    ...(gone > 0 ? [`${formatCount(gone)} deleted meanwhile`] : []),
  ].join(" · ");
}
