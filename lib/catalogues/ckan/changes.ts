import type { DownloadRun } from "../../storage/download_run.ts";
import { beginRun, resumeRun } from "../../pipeline/open_run.ts";
import { FatalFailure, PermanentFailure, TransientFailure } from "../../http/failures.ts";
import { type Bar, formatCount } from "../../cli/progress.ts";
import type { Context } from "../../pipeline/stage.ts";
import type { CkanPortal, PortalState } from "./portal.ts";
import { Harvest } from "./harvest.ts";
import { broughtBy } from "./harvest_index.ts";
import type { Parent } from "./parent.ts";
import { filterOfIds, questionsFor } from "./change_queries.ts";
import { type Sweep, sweep } from "./list_ids.ts";
import { changedSince, instantOf, isInstant } from "./times.ts";
import { PageSize } from "../page_size.ts";

/** Makes what the harvests before hold what the portal has: looks, asks for what differs, forgets. */

const KIND = "datasets";
/** Edits of different servers of a portal may carry times that far apart. */
const OVERLAP_MS = 3600_000;
/** A whole harvest is preferred to more than twice its requests; so many are for no page. */
const OTHER_REQUESTS = 10;

export class Changes {
  /** Undefined as long as there is nothing to keep. */
  reading: Harvest | undefined;
  /** Datasets that came with another time than the parent has, and that went. */
  readonly counts = { changed: 0, removed: 0 };
  #walks = 0;

  constructor(
    readonly context: Context,
    readonly portal: CkanPortal,
    readonly parent: Parent,
    readonly identity: Record<string, unknown>,
  ) {}

  get reasons(): string[] {
    return this.reading?.reasons ?? [];
  }

  /** The newest time among the datasets that are held. */
  get newest(): string | null {
    let newest: string | null = null;
    for (const { modified } of this.parent.held.values()) {
      if (isInstant(modified) && (newest === null || modified > newest)) newest = modified;
    }
    return newest;
  }

  /** Goes on with a run that was not finished, where there is one: first with what was under way. */
  async takeUp(): Promise<void> {
    const run = await resumeRun(this.context, KIND, this.identity);
    if (run === undefined) return;
    this.#read(run);
    const bar = this.context.log.bar("Datasets", "datasets");
    await this.reading!.recall(bar);
    for (let entry; (entry = run.get(keyOf(this.#walks))) !== undefined;) {
      const range = this.#walks++;
      if (run.get(keyOf(this.#walks)) === undefined && !this.reading!.isRead(range)) {
        await this.reading!.readFiltered(
          range,
          bar,
          entry.filter as string,
          "what had changed was",
        );
      }
    }
    this.#absorb();
    bar.end();
  }

  /** Looks at all datasets; undefined where the portal refuses. */
  async look(): Promise<Sweep | undefined> {
    try {
      const found = await sweep(this.portal, this.parent.paging.isKeyset);
      if (found.count === 0) throw this.portal.empty();
      return found;
    } catch (error) {
      if (!(error instanceof PermanentFailure)) throw this.portal.explained(error);
      this.context.log.info(`Everything is asked for: no look at ids alone (${error.message})`);
      return undefined;
    }
  }

  /** Makes what is held what the look has found; false where a whole harvest is cheaper. */
  async fetch({ times, count, requests, largest }: Sweep): Promise<boolean> {
    const { held } = this.parent;
    const { log, config } = this.context;
    // a portal that needed several answers gives no more at once
    const pageSize = Math.min(config.download.page_size, requests > 1 ? largest : Infinity);
    const overlap = this.#overlap();
    const wanted = new Map([...times].filter(([id, time]) => held.get(id)?.modified !== time));
    const gone = [...held.keys()].filter((id) => !times.has(id));
    // a portal that counts more than it lists may have them all the same
    for (const id of gone) times.size < count ? wanted.set(id, null) : this.#remove(id);
    log.info(
      `Looked at ${formatCount(times.size)} datasets: ${formatCount(wanted.size)} to ask for, ${
        formatCount(this.counts.removed)
      } gone since ${this.parent.run.name}`,
    );
    if (wanted.size === 0) return true;
    const questions = questionsFor(wanted, times.values(), overlap, pageSize);
    if (questions.requests > 2 * (count / pageSize + OTHER_REQUESTS)) {
      log.info("Everything is asked for: that takes fewer requests than what changed");
      return false;
    }
    await this.begin();
    const came = new Set<string>();
    const bar = log.bar("Datasets", "datasets", wanted.size);
    const ask = async (filter: string, what: string) => {
      const before = this.reasons.length;
      for (const id of await this.#ask(filter, what, bar)) came.add(id);
      return this.reasons.length === before;
    };
    const { since, lists } = questions;
    let isWhole = since === undefined ||
      await ask(changedSince(since), `changes since ${since} were`);
    for (const ids of lists) {
      isWhole = await ask(filterOfIds(ids), `${ids.length} datasets from "${ids[0]}" on were`) &&
        isWhole;
    }
    bar.end();
    // what was listed and is not given any more: deleted meanwhile, or hidden
    for (const id of wanted.keys()) if (isWhole && !came.has(id)) this.#remove(id);
    return true;
  }

  /** Reads what changed during the harvest; gives what the portal holds then, where it says so. */
  async catchUp(first: Sweep): Promise<PortalState | undefined> {
    try {
      // where one request looks at everything, asking for the count costs as much and tells less
      if (first.requests === 1 && this.reasons.length === 0) return await this.#lookAgain();
      const end = await this.portal.state();
      const isBehind = () => this.#isNewer(end) || this.#hasMoved(first, end);
      if (this.reasons.length > 0 || !isBehind()) return end;
      const { newest } = this;
      if (newest !== null && this.#isNewer(end)) {
        const bar = this.context.log.bar("Changed meanwhile", "datasets");
        await this.#ask(changedSince(newest), "what changed during the harvest was", bar);
        bar.end();
      }
      return isBehind() ? await this.#lookAgain() : end;
    } catch (error) {
      if (error instanceof FatalFailure) throw this.portal.explained(error);
      if (error instanceof TransientFailure || error instanceof PermanentFailure) return undefined;
      throw error;
    }
  }

  async #lookAgain(): Promise<PortalState> {
    const again = await sweep(this.portal, this.parent.paging.isKeyset);
    await this.fetch(again);
    return { count: again.count, newest: this.newest };
  }

  /** Whether the parent says all there is to say. */
  isNothing(end: PortalState | undefined): boolean {
    const { changed, removed } = this.counts;
    const isComplete = end !== undefined && end.count <= this.parent.held.size;
    return this.parent.isNewest && changed + removed + this.reasons.length === 0 &&
      isComplete === this.parent.run.seal.complete;
  }

  async begin(): Promise<void> {
    if (this.reading !== undefined) return;
    this.#read(await beginRun(this.context, KIND, this.identity));
  }

  async discard(): Promise<void> {
    await this.reading?.run.discard();
  }

  #read(run: DownloadRun): void {
    const { paging } = this.parent;
    const size = new PageSize(this.context.config.download.page_size, paging.isKeyset ? 1 : 2);
    const plan = { ...paging, ranges: [], state: { count: 0, newest: null } };
    this.reading = new Harvest(this.portal, run, plan, size, this.context.now);
  }

  /** Gives the ids that came. */
  async #ask(filter: string, what: string, bar: Bar): Promise<string[]> {
    const range = this.#walks++;
    const { run } = this.reading!;
    await run.append(keyOf(range), null, { filter }, this.context.now());
    await this.reading!.readFiltered(range, bar, filter, what);
    return this.#absorb();
  }

  #absorb(): string[] {
    const { held } = this.parent;
    const { seen } = this.reading!;
    const ids = [...seen.keys()];
    for (const [id, copy] of broughtBy(this.reading!)) {
      if (held.get(id)?.modified !== copy.modified) this.counts.changed += 1;
      held.set(id, copy);
    }
    // each walk knows its own datasets only: those by offset find their place by what is new to them
    seen.clear();
    return ids;
  }

  #remove(id: string): void {
    if (this.parent.held.delete(id)) this.counts.removed += 1;
  }

  #overlap(): string | undefined {
    const { newest } = this;
    return newest === null ? undefined : new Date(Date.parse(newest) - OVERLAP_MS).toISOString();
  }

  #isNewer(end: PortalState): boolean {
    const instant = instantOf(end.newest ?? undefined);
    return isInstant(instant) && instant > (this.newest ?? "");
  }

  /** Whether something came or went since the look that is not known yet. */
  #hasMoved(first: Sweep, end: PortalState): boolean {
    return end.count !== this.parent.held.size && end.count !== first.count;
  }
}

function keyOf(range: number): string {
  return `walk ${range}`;
}
