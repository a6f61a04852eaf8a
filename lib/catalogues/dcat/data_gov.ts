import { relative } from "node:path";
import type { Config } from "../../pipeline/config.ts";
import type { DownloadRun } from "../../storage/download_run.ts";
import { StageError } from "../../cli/errors.ts";
import { FatalFailure, PermanentFailure, TransientFailure } from "../../http/failures.ts";
import type { HttpClient } from "../../http/client.ts";
import { type Bar, formatCount } from "../../cli/progress.ts";
import type { Entry } from "../../storage/sealed_run.ts";
import { openRun } from "../../pipeline/open_run.ts";
import type { Context } from "../../pipeline/stage.ts";
import type { Outcome } from "../../pipeline/run_log.ts";
import { catalogueClient } from "../client.ts";
import { type Budget, CursorRefused, type HitsPage, readHits } from "./data_gov_answers.ts";
import { idOf } from "./records.ts";
import { type Fields, fieldsOf } from "./json_values.ts";

/**
 * data.gov by its search API: page after page by an opaque cursor. Where a cursor has expired, the
 * search begins anew and what came is kept: a pass that goes through to its end has met everything.
 */

const KIND = "datasets";
const LARGEST_PAGE_BYTES = 64e6;
/** Passes of one run after which cursors are taken to expire faster than they can be followed. */
const MOST_PASSES = 5;
/** Rows of a pass beyond twice its datasets, after which the same is taken to come again for ever. */
const PATIENCE_ROWS = 10_000;

/** What an answer's journal line holds beside what every line holds. */
interface PageEntry extends Entry {
  pass: number;
  page: number;
  /** The cursor that was sent; null at the beginning of a pass. */
  after: string | null;
  /** The cursor that came; null at the end. */
  next: string | null;
  came: number;
}

/** Where a run stands; everything of it is in the journal. */
interface Position {
  pass: number;
  page: number;
  after: string | null;
  isAtEnd: boolean;
}

/** What a run asks for. */
export function identityOfDataGov({ site }: Config) {
  return { api: site.api, endpoint: site.package_search_endpoint_url };
}

/** Harvests data.gov, or goes on with the harvest that was not finished. */
export async function harvestDataGov(context: Context): Promise<Outcome> {
  const { config, env } = context;
  const client = catalogueClient(config, env, context, "x-api-key");
  const run = await openRun(context, KIND, identityOfDataGov(config));
  try {
    return await new Reading(context, client, run).harvest();
  } finally {
    run.close();
  }
}

class Reading {
  readonly #seen = new Set<string>();
  readonly #endpoint: string;
  #rows = 0;
  #budget: Budget | undefined;

  constructor(readonly context: Context, readonly client: HttpClient, readonly run: DownloadRun) {
    this.#endpoint = context.config.site.package_search_endpoint_url;
  }

  async harvest(): Promise<Outcome> {
    const bar = this.context.log.bar("Datasets", "datasets");
    let position = await this.#recall(bar);
    const reasons: string[] = [];
    let passes = 1;
    const cursors = new Set<string>();
    let rowsOfPass = 0;
    const idsOfPass = new Set<string>();
    while (!position.isAtEnd) {
      try {
        const page = await this.#ask(position.after);
        position = await this.#keep(position, page, bar);
        rowsOfPass += page.ids.length;
        for (const id of page.ids) idsOfPass.add(id);
        if (
          page.next !== null && cursors.has(page.next) ||
          rowsOfPass > 2 * idsOfPass.size + PATIENCE_ROWS
        ) throw new StageError(`"${this.#endpoint}" gives the same page again and again`);
        if (page.next !== null) cursors.add(page.next);
      } catch (error) {
        const isOver = error instanceof CursorRefused && passes >= MOST_PASSES;
        if (isOver || error instanceof TransientFailure && this.#seen.size > 0) {
          reasons.push(
            `not all pages came (${isOver ? `cursors expired ${passes} times` : error.message})`,
          );
          break;
        }
        if (!(error instanceof CursorRefused)) throw this.#explained(error);
        this.context.log.info(
          `The cursor is not taken any more (${error.message}): beginning anew, ${
            formatCount(this.#seen.size)
          } datasets are kept`,
        );
        passes += 1;
        cursors.clear();
        idsOfPass.clear();
        rowsOfPass = 0;
        position = { pass: position.pass + 1, page: 0, after: null, isAtEnd: false };
      }
    }
    bar.end();
    return await this.#seal(position, reasons);
  }

  /** Takes in what the run holds already, and finds where it stands. */
  async #recall(bar: Bar): Promise<Position> {
    let position: Position = { pass: 1, page: 0, after: null, isAtEnd: false };
    for (const entry of this.run.entries() as Iterable<PageEntry>) {
      const answer = JSON.parse(new TextDecoder().decode(await this.run.read(entry)));
      this.#take(
        (answer.results as Fields[]).map((hit) => idOf("data_gov", fieldsOf(hit)).id),
        bar,
      );
      position = behind(entry);
    }
    if (this.#rows > 0) {
      this.context.log.info(
        `Going on behind page ${position.page} of an earlier run, which has ${
          formatCount(this.#seen.size)
        } datasets`,
      );
    }
    return position;
  }

  #ask(after: string | null): Promise<HitsPage> {
    const url = new URL(this.#endpoint);
    // no "sort": by relevance all are equal without a query; by date of harvest those that are
    // harvested meanwhile would move from behind the cursor to before it
    url.searchParams.set("per_page", String(this.context.config.download.page_size));
    if (after !== null) url.searchParams.set("after", after);
    return this.client.requestBytes(
      url.href,
      (response, bytes) => readHits(response, bytes, this.client.effects.now(), after !== null),
      LARGEST_PAGE_BYTES,
    );
  }

  async #keep({ pass, page, after }: Position, answer: HitsPage, bar: Bar): Promise<Position> {
    const { bytes, ids, next, budget } = answer;
    const details = { pass, page, after, next, came: ids.length };
    const entry = await this.run.append(`${pass}/${page}`, bytes, details, this.context.now());
    if (this.#budget === undefined && budget.limit !== undefined) {
      this.context.log.info(`The key allows ${describe(budget)}`);
    }
    this.#budget = budget;
    this.#take(ids, bar);
    return behind(entry as PageEntry);
  }

  #take(ids: string[], bar: Bar): void {
    const before = this.#seen.size;
    for (const id of ids) this.#seen.add(id);
    this.#rows += ids.length;
    const note = this.#budget?.limit === undefined ? {} : { note: describe(this.#budget) };
    bar.advance(this.#seen.size - before, note);
  }

  async #seal({ pass }: Position, reasons: string[]): Promise<Outcome> {
    const { run, context } = this;
    if (this.#seen.size === 0) {
      throw new StageError(`"${this.#endpoint}" has no datasets at all: check the address`);
    }
    const counts = {
      datasets: this.#seen.size,
      duplicates: this.#rows - this.#seen.size,
      pages: run.size,
      passes: pass,
      requests: this.client.requests,
    };
    const complete = reasons.length === 0;
    await run.seal({ complete, reasons, counts }, context.now());
    const folder = relative(context.paths.root, run.folder);
    return {
      summary: `${formatCount(this.#seen.size)} datasets in ${context.paths.root}/${folder}`,
      reasons,
      counts,
      inputs: [],
      outputs: [`${folder}/manifest.json`],
    };
  }

  #explained(error: unknown): unknown {
    const asked = `"${this.#endpoint}"`;
    if (error instanceof TransientFailure) {
      return new StageError(
        `${asked} gives no usable answer after ${this.client.service.attempts} tries (${error.message}): run the same command again later`,
      );
    }
    if (error instanceof FatalFailure) {
      return new StageError(
        `${asked} refuses to answer (${error.message}): get a key at api.data.gov and name its variable with site.api_key_env`,
      );
    }
    if (error instanceof PermanentFailure) {
      return new StageError(
        `${asked} does not answer as data.gov's v4 search does (${error.message}): check ` +
          "site.package_search_endpoint_url, or try a smaller download.page_size",
      );
    }
    return error;
  }
}

function behind({ pass, page, next }: PageEntry): Position {
  return { pass, page: page + 1, after: next, isAtEnd: next === null };
}

function describe({ limit, remaining }: Budget): string {
  const left = remaining === undefined ? "" : `, ${formatCount(remaining)} are left`;
  return `${formatCount(limit!)} requests an hour${left}`;
}
