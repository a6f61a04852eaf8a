/**
 * A CKAN portal over its `package_search`: GET only, and only parameters that every version knows.
 *
 * @module
 */

import type { Environment } from "../../cli/environment.ts";
import { StageError } from "../../cli/errors.ts";
import type { Effects, HttpClient } from "../../http/client.ts";
import { PermanentFailure, type TransientFailure } from "../../http/failures.ts";
import type { Config } from "../../pipeline/config.ts";
import type { Shard } from "../../storage/shards.ts";
import { catalogueClient, explainFailure, keyAdvice } from "../client.ts";
import type { PageSize } from "../page_size.ts";
import { type Page, readPage } from "./answers.ts";
import { filterOf, type IdRange, instantOf, isInstant, rangeOf } from "./solr.ts";

/** One search; `sort` is always given, for CKAN's default moves datasets about. */
export interface Query {
  sort: string;
  rows: number;
  start?: number;
  /** Solr filter query. */
  filter?: string;
  /** The only fields to give of each dataset. */
  fields?: readonly string[];
}

/** A page with the address it was requested from. */
export interface PortalPage extends Page {
  url: string;
  /** Rows requested in the attempt that succeeded. */
  rows: number;
}

/** What the portal holds at a moment. */
export interface PortalState {
  count: number;
  /** The newest `metadata_modified`; null where the portal does not say. */
  newest: string | null;
}

/** How the portal can be read to its end without losing anything. */
export interface Paging {
  /** Ranges of ids are honoured: pages begin behind the last id. Otherwise by offset. */
  isKeyset: boolean;
  /** Ranges with an upper bound are honoured too, so that several can be read at once. */
  hasRanges: boolean;
  /**
   * It returns single fields (`fl`), and the times as the records have them: a later harvest can
   * request what changed.
   */
  hasFields: boolean;
  /** The organization and groups of a list are those of the records, so that they can be compared. */
  hasMembership?: boolean;
}

/**
 * What is requested of each dataset when all are listed. A dataset that is moved to another
 * organization, or put into a group, keeps its `metadata_modified`.
 */
export const LISTED_FIELDS = ["id", "metadata_modified", "organization", "groups"];

const BY_ID = "id asc";
const ADVICE = {
  mismatch: "does not look like CKAN's package_search",
  check:
    "check site.package_search_endpoint_url, which ends with /api/3/action/package_search on most portals",
  key: "set site.api_key_env in the config to the name of the variable that holds your key",
};
/** A page larger than this is requested again with fewer rows: memory stays flat. */
const LARGEST_PAGE_BYTES = 64e6;

export class CkanPortal {
  readonly http: HttpClient;
  readonly endpoint: string;
  /** The shard to whose ids all is limited that is counted and read. */
  shard?: Shard;
  #paging?: Paging;

  constructor(readonly config: Config, env: Environment, effects: Effects) {
    this.endpoint = config.site.package_search_endpoint_url;
    this.http = catalogueClient(config, env, effects, "authorization");
  }

  /** One page of a search. With a page size, it learns from time-outs and asks for less. */
  async search(query: Query, size?: PageSize): Promise<PortalPage> {
    let rows = query.rows;
    let url = "";
    const target = (previous?: TransientFailure) => {
      if (size !== undefined) {
        if (previous?.more.timedOut) size.tooSlow(rows);
        rows = size.rows;
      }
      return url = this.address({ ...query, rows });
    };
    const page = await this.http.requestBytes(
      target,
      (response, bytes) => readPage(response, bytes, this.http.effects.now()),
      LARGEST_PAGE_BYTES,
    );
    return { ...page, url, rows };
  }

  /** The ids that are read here. */
  get range(): IdRange {
    return this.shard === undefined ? { low: null, high: null } : rangeOf(this.shard);
  }

  /** Count and newest change, in one request of one row. */
  async state(): Promise<PortalState> {
    const filter = filterOf(this.range, null);
    const page = await this.search({ sort: "metadata_modified desc", rows: 1, filter });
    return { count: page.count, newest: page.modified[0] ?? null };
  }

  /** `state()` as the first request of a run: a failure becomes a sentence on what to do. */
  firstState(): Promise<PortalState> {
    return this.orExplain(() => this.state());
  }

  /** Makes requests without which there is no harvest: a failure becomes a sentence on what to do. */
  async orExplain<Result>(request: () => Promise<Result>): Promise<Result> {
    try {
      return await request();
    } catch (error) {
      throw this.explained(error);
    }
  }

  /**
   * Finds out with four rows a request how the portal can be paged. No version of CKAN promises
   * ranges of ids, and plugins rewrite queries, so a filter is tried before it is trusted.
   */
  async probe(): Promise<Paging> {
    return this.#paging ??= await this.#probe();
  }

  async #probe(): Promise<Paging> {
    const first = await this.search({ sort: BY_ID, rows: 4, start: 0 });
    return { ...await this.#tryRanges(first), ...await this.#tryFields(first) };
  }

  /** The address of a search. Any key beside CKAN's own makes it answer 400. */
  address({ sort, rows, start, filter, fields }: Query): string {
    const url = new URL(this.endpoint);
    const own = url.searchParams.getAll("fq").filter((query) => query.trim() !== "");
    if (filter !== undefined && own.length > 0) {
      // the user's filter stays: parentheses keep an OR in it from taking ours along
      url.searchParams.set("fq", [...own.map((query) => `(${query})`), filter].join(" "));
    } else if (filter !== undefined) url.searchParams.set("fq", filter);
    if (this.config.site.include_private) url.searchParams.set("include_private", "true");
    if (fields !== undefined) url.searchParams.set("fl", fields.join(","));
    url.searchParams.set("sort", sort);
    url.searchParams.set("rows", String(rows));
    if (start !== undefined) url.searchParams.set("start", String(start));
    url.searchParams.set("facet", "false");
    return url.href;
  }

  /** The error of a portal that answers and is empty. */
  empty(): StageError {
    return new StageError(
      `"${this.endpoint}" has no datasets at all: check that it is the portal you mean, and whether it wants a key`,
    );
  }

  /** A failure as a sentence on what to do; other errors stay as they are. */
  explained(error: unknown): unknown {
    return explainFailure(error, this.endpoint, this.http.service.attempts, {
      ...ADVICE,
      key: keyAdvice(this.config, ADVICE.key),
    });
  }

  async #tryRanges(first: Page): Promise<Pick<Paging, "isKeyset" | "hasRanges">> {
    const middle = Math.floor(first.ids.length / 2) - 1;
    if (middle < 0) return { isKeyset: false, hasRanges: false };
    const isSame = (page: Page, ids: string[], count: number) =>
      page.count === count && page.ids.length > 0 && ids.length > 0 &&
      page.ids.slice(0, ids.length).join("\n") === ids.join("\n");
    const last = first.ids[middle]!;
    const behind = await this.#tried({ filter: filterOf({ low: null, high: null }, last)! });
    const isKeyset = behind !== undefined &&
      isSame(behind, first.ids.slice(middle + 1), first.count - middle - 1);
    if (!isKeyset) return { isKeyset, hasRanges: false };
    const high = first.ids[middle + 1]!;
    const before = await this.#tried({ filter: filterOf({ low: null, high }, null)! });
    const hasRanges = before !== undefined &&
      isSame(before, first.ids.slice(0, middle + 1), middle + 1);
    return { isKeyset, hasRanges };
  }

  /** A time in another spelling than the record's would make every dataset look changed. */
  async #tryFields(first: Page): Promise<Pick<Paging, "hasFields" | "hasMembership">> {
    const page = await this.#tried({ fields: LISTED_FIELDS });
    if (page === undefined || page.ids.length === 0) return { hasFields: false };
    const facts = ({ ids, modified }: Page) =>
      JSON.stringify(ids.map((id, index) => [id, instantOf(modified[index])]));
    // Solr leaves out fields that a dataset does not have
    const isShort = page.keys <= LISTED_FIELDS.length && first.keys > page.keys;
    const hasFields = isShort && facts(page) === facts(first) &&
      page.modified.every((time) => isInstant(instantOf(time)));
    const hasMembership = page.membership.some((member) => member !== undefined) &&
      JSON.stringify(page.membership) === JSON.stringify(first.membership);
    return { hasFields, hasMembership };
  }

  /**
   * A search that a portal may refuse; undefined where it does. A 409 also comes while a search core
   * loads: it is a refusal only if a plain search works and the same search fails again.
   */
  async #tried(query: Pick<Query, "filter" | "fields">): Promise<Page | undefined> {
    const url = this.address({ sort: BY_ID, rows: 4, ...query });
    const request = () =>
      this.http.requestBytes(url, (response, bytes) => {
        if (response.status === 409) throw new PermanentFailure("HTTP 409");
        return readPage(response, bytes, this.http.effects.now());
      }, LARGEST_PAGE_BYTES);
    try {
      try {
        return await request();
      } catch (error) {
        if (!(error instanceof PermanentFailure) || error.message !== "HTTP 409") throw error;
        await this.search({ sort: BY_ID, rows: 4, start: 0 });
        return await request();
      }
    } catch (error) {
      if (error instanceof PermanentFailure) return undefined;
      throw error;
    }
  }
}
