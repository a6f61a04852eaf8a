/**
 * data.gov by its v4 search API: page after page by an opaque cursor.
 *
 * Where a cursor has expired, the search starts again and what was received is kept: a pass that
 * reaches the end has met everything. The answers are those documented in GSA/resources.data.gov,
 * pages/catalog-api.md (2026), and of api.data.gov in front of it, which counts requests.
 *
 * @module
 */

import { parseJson } from "../../http/response.ts";
import { StageError } from "../../cli/errors.ts";
import { type Bar, formatCount } from "../../cli/progress.ts";
import type { HttpClient } from "../../http/client.ts";
import {
  failureOfStatus,
  FatalFailure,
  PermanentFailure,
  retryAfterSeconds,
  TransientFailure,
} from "../../http/failures.ts";
import type { Config } from "../../pipeline/config.ts";
import { openRun } from "../../pipeline/open_run.ts";
import type { Outcome } from "../../pipeline/run_log.ts";
import type { Context } from "../../pipeline/stage.ts";
import type { DownloadRun } from "../../storage/download_run.ts";
import { type Entry, sealedEntries } from "../../storage/sealed_run.ts";
import { type Catalogue, KIND } from "../catalogue.ts";
import { catalogueClient, explainFailure, keyAdvice } from "../client.ts";
import { readPages } from "../kept_pages.ts";
import { datasetsOf, sealEmpty, sealHarvest } from "../seal.ts";
import { type Fields, fieldsOf, textOf } from "./json_values.ts";
import { idOf, packagesOf } from "./records.ts";

export const dataGov: Catalogue = {
  harvest,
  harvestShard: (context, shard) =>
    shard.index > 0 ? sealEmpty(context, identityOf(context.config), shard) : harvest(context),
  async *records(context, run) {
    const entries = (await sealedEntries(run)).filter(({ file }) => file !== undefined);
    yield* packagesOf("data_gov", readPages(context, run, entries));
  },
  isConverted: true,
};

const LARGEST_PAGE_BYTES = 64e6;
/** Passes of one run after which cursors are assumed to expire faster than they can be followed. */
const MOST_PASSES = 5;
/** Rows of a pass beyond twice its datasets, after which the same page is assumed to repeat for ever. */
const PATIENCE_ROWS = 10_000;

const ADVICE = {
  mismatch: "does not answer as data.gov's v4 search does",
  check: "check site.package_search_endpoint_url, or try a smaller download.page_size",
  key: "get a key at api.data.gov and name its variable with site.api_key_env",
};

/** What an answer's journal line holds beside what every line holds. */
interface PageEntry extends Entry {
  pass: number;
  page: number;
  /** The cursor that was sent; null at the start of a pass. */
  after: string | null;
  /** The cursor received; null at the end. */
  next: string | null;
  came: number;
}

/** Where a run is; everything of it is in the journal. */
interface Position {
  pass: number;
  page: number;
  after: string | null;
  isAtEnd: boolean;
}

/** What a run requests. */
function identityOf({ site }: Config) {
  return { api: site.api, endpoint: site.package_search_endpoint_url };
}

/** Harvests data.gov, or resumes the harvest that was not finished. */
async function harvest(context: Context): Promise<Outcome> {
  const { config, env } = context;
  const client = catalogueClient(config, env, context, "x-api-key");
  const run = await openRun(context, KIND, identityOf(config));
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
        const page = await this.#request(position.after);
        position = await this.#keep(position, page, bar);
        rowsOfPass += page.ids.length;
        for (const id of page.ids) idsOfPass.add(id);
        if (
          page.next !== null && cursors.has(page.next) ||
          rowsOfPass > 2 * idsOfPass.size + PATIENCE_ROWS
        ) throw new StageError(`"${this.#endpoint}" returns the same page again and again`);
        if (page.next !== null) cursors.add(page.next);
      } catch (error) {
        const isOver = error instanceof CursorRefused && passes >= MOST_PASSES;
        if (isOver || error instanceof TransientFailure && this.#seen.size > 0) {
          reasons.push(
            `not all pages were received (${
              isOver ? `cursors expired ${passes} times` : error.message
            })`,
          );
          break;
        }
        if (!(error instanceof CursorRefused)) throw this.#explained(error);
        this.context.log.info(
          `The cursor is no longer accepted (${error.message}): starting again, ${
            datasetsOf(this.#seen.size)
          } are kept`,
        );
        passes++;
        cursors.clear();
        idsOfPass.clear();
        rowsOfPass = 0;
        position = { pass: position.pass + 1, page: 0, after: null, isAtEnd: false };
      }
    }
    bar.end();
    return await this.#seal(position, reasons);
  }

  /** Learns what the run has already, and where it continues. */
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
        `Resuming after page ${position.page} of an earlier run, which has ${
          datasetsOf(this.#seen.size)
        }`,
      );
    }
    return position;
  }

  #request(after: string | null): Promise<HitsPage> {
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
    if (this.#seen.size === 0) {
      throw new StageError(`"${this.#endpoint}" has no datasets at all: check the address`);
    }
    return await sealHarvest(this.context, this.run, {
      received: datasetsOf(this.#seen.size),
      reasons,
      counts: {
        datasets: this.#seen.size,
        duplicates: this.#rows - this.#seen.size,
        pages: this.run.size,
        passes: pass,
        requests: this.client.requests,
      },
      details: {},
    });
  }

  #explained(error: unknown): unknown {
    return explainFailure(error, this.#endpoint, this.client.service.attempts, {
      ...ADVICE,
      key: keyAdvice(this.context.config, ADVICE.key),
    });
  }
}

function behind({ pass, page, next }: PageEntry): Position {
  return { pass, page: page + 1, after: next, isAtEnd: next === null };
}

function describe({ limit, remaining }: Budget): string {
  const left = remaining === undefined ? "" : `, ${formatCount(remaining)} left`;
  return `${formatCount(limit!)} requests per hour${left}`;
}

/** One good answer. */
export interface HitsPage {
  /** The body as it came. */
  bytes: Uint8Array;
  ids: string[];
  /** The next cursor; null on the last page. */
  next: string | null;
  budget: Budget;
}

/** What the key still allows in this hour; undefined where the answer does not report it. */
export interface Budget {
  limit: number | undefined;
  remaining: number | undefined;
}

/** The cursor that was sent is not accepted any longer. */
export class CursorRefused extends PermanentFailure {}

/** The block ends by itself within an hour; without a `Retry-After` the request is repeated at this interval. */
const LOOK_AGAIN_SECONDS = 900;

/**
 * @param hasCursor whether the request continued an earlier answer
 * @throws {CursorRefused}, {FatalFailure} where the key is at fault, {TransientFailure} for what passes
 */
export function readHits(
  response: Response,
  bytes: Uint8Array,
  now: Date,
  hasCursor: boolean,
): HitsPage {
  if (response.status !== 200) throw failureOf(response, bytes, now, hasCursor);
  const text = new TextDecoder().decode(bytes);
  if (text.trimStart().startsWith("<")) {
    throw new TransientFailure("an HTML page came instead of JSON");
  }
  const { results, after } = fieldsOf(parse(text));
  if (!Array.isArray(results)) {
    throw new PermanentFailure('the answer has no list "results"');
  }
  const ids = results.map((hit) => idOf("data_gov", fieldsOf(hit)).id);
  return { bytes, ids, next: textOf(after), budget: budgetOf(response.headers) };
}

function failureOf(response: Response, bytes: Uint8Array, now: Date, hasCursor: boolean): Error {
  const { status, headers } = response;
  const { code, message } = errorOf(bytes);
  if (/^API_KEY_/.test(code)) return new FatalFailure(`${code}: ${message}`);
  if (status === 429 || status === 403) {
    return new TransientFailure(`the requests of this hour are used up (HTTP ${status})`, {
      waitSeconds: retryAfterSeconds(headers, now) ?? LOOK_AGAIN_SECONDS,
    });
  }
  if (hasCursor && [400, 404, 410, 422].includes(status)) {
    return new CursorRefused(`HTTP ${status}: ${message}`);
  }
  return failureOfStatus(response, now, message);
}

/** The error of api.data.gov (`error.code`), of the catalogue (`error`), or of its checks (`detail`). */
function errorOf(bytes: Uint8Array): { code: string; message: string } {
  let answer: unknown;
  try {
    answer = parseJson(new TextDecoder().decode(bytes.subarray(0, 1e5)));
  } catch {
    return { code: "", message: "" };
  }
  const { error, message, detail } = fieldsOf(answer);
  const inner = fieldsOf(error);
  return {
    code: textOf(inner.code) ?? "",
    message: textOf(inner.message) ?? textOf(error) ??
      (detail === undefined ? textOf(message) ?? "" : JSON.stringify(detail)),
  };
}

/** JSON that is cut or broken may come whole the next time. */
function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new TransientFailure(`the JSON of the answer is broken (${(error as Error).message})`);
  }
}

function budgetOf(headers: Headers): Budget {
  const number = (name: string) => {
    const value = headers.get(name);
    return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
  };
  return { limit: number("x-ratelimit-limit"), remaining: number("x-ratelimit-remaining") };
}
