/**
 * The client of Sourcegraph's stream API. Public code may be searched without a token.
 * @module
 */
import {
  failureOfStatus,
  FatalFailure,
  PermanentFailure,
  TransientFailure,
} from "../../http/failures.ts";
import { HttpClient } from "../../http/client.ts";
import { type Attempt, queryWithRetries } from "../query_with_retries.ts";
import type { Backend, BackendSetup, FilePlace } from "../backend.ts";
import { describeBody, readBody } from "../response_body.ts";
import { type PlanLimits, type PlannedQuery, planQueries, splitQuery } from "../plan/plan.ts";
import { searchForms } from "../plan/search_terms.ts";
import { LARGEST_PROGRAM } from "../program_mentions.ts";
import { judgeStream, type StreamState } from "./sourcegraph_stream.ts";

/** A GET address is refused (HTTP 414) somewhere above 8,000 characters. */
const LIMITS: PlanLimits = { maxTermsPerQuery: 100, maxEncodedLength: 6000 };

/** The code search of a Sourcegraph. */
export function sourcegraph(setup: BackendSetup): Backend {
  const forms = searchForms(setup.index);
  const token = setup.env("SOURCEGRAPH_TOKEN");
  const client = new HttpClient({
    ...setup.service,
    name: "code search",
    headers: {
      ...setup.service.headers,
      accept: "text/event-stream",
      ...(token === undefined ? {} : { authorization: `token ${token}` }),
    },
  }, setup.effects);
  return {
    name: "sourcegraph",
    unit: "queries",
    requestsPerSecond: setup.service.requestsPerSecond,
    plan: () => Promise.resolve(planQueries(forms, LIMITS)),
    split: (query) => splitQuery(query, forms, LIMITS),
    search(query, patience) {
      const sent = sourcegraphQuery(query.terms, query.kind);
      return queryWithRetries(
        client,
        sent,
        { target: streamAddress(setup.endpointUrl, sent) },
        (response) => readAnswer(response, client.effects.now()),
        {
          patience,
          canSplit: splitQuery(query, forms, LIMITS).every(({ kind }) => kind === "lines"),
        },
      );
    },
    readFile: (place) =>
      client.request(
        rawAddress(setup.endpointUrl, place),
        (response) => readRawFile(response, client.effects.now()),
        { headers: { accept: "text/plain" } },
      ),
  };
}

/** A file as it is, or why there is none. */
async function readRawFile(response: Response, now: Date): Promise<Uint8Array> {
  if (response.status === 404) {
    throw new PermanentFailure(`HTTP 404: ${await describeBody(response)}`);
  }
  if (response.status !== 200) throw await failureOf(response, now);
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("text/html")) {
    throw new TransientFailure(`no file but a page: ${await describeBody(response)}`);
  }
  const { body, isCut } = await readBody(response, LARGEST_PROGRAM);
  if (isCut) throw new PermanentFailure(`larger than ${LARGEST_PROGRAM} bytes`);
  return body;
}

/** The address of a file's text. */
export function rawAddress(endpointUrl: string, { repository, commit, path }: FilePlace): string {
  const encoded = (text: string) => text.split("/").map(encodeURIComponent).join("/");
  const revision = commit === null ? "" : `@${encodeURIComponent(commit)}`;
  return `${endpointUrl.replace(/\/+$/, "")}/${encoded(repository)}${revision}/-/raw/${
    encoded(path)
  }`;
}

/** Reads one answer; whatever is no stream is thrown as a failure of its class. */
async function readAnswer(response: Response, now: Date): Promise<Attempt> {
  const type = response.headers.get("content-type") ?? "";
  if (response.status !== 200) throw await failureOf(response, now);
  if (!type.startsWith("text/event-stream")) {
    const page = await describeBody(response);
    throw new TransientFailure(`no stream of events but ${type || "an untold type"}: ${page}`);
  }
  const { body, isCut } = await readBody(response);
  let state: StreamState;
  try {
    state = judgeStream(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new TransientFailure(`an event that cannot be read: ${error.message}`);
  }
  const attempt = (outcome: Attempt["outcome"], reason: string | null): Attempt => ({
    outcome,
    reason,
    body,
    matches: state.matches,
    more: state.excluded.length > 0 ? { excluded: state.excluded } : {},
  });
  if (isCut) return attempt("limited", `answer larger than ${Math.floor(body.length / 1e6)} MB`);
  if (state.alert !== null) return attempt("refused", `alert: ${state.alert}`);
  if (state.error !== null) return attempt("broken", `error event: ${state.error}`);
  if (!state.isWhole) return attempt("broken", 'the stream ended without a "done" event');
  if (state.limits.length > 0) {
    return attempt("limited", [...state.limits, ...state.gaps].join(", "));
  }
  if (state.gaps.length > 0) {
    const isSlow = state.gaps.every((gap) => /^shard-time(?:d)?out\b/.test(gap));
    return attempt(isSlow ? "slow" : "gap", state.gaps.join(", "));
  }
  return attempt("complete", null);
}

async function failureOf(response: Response, now: Date): Promise<Error> {
  const page = await describeBody(response);
  switch (response.status) {
    case 401:
      return new FatalFailure(`HTTP 401: ${page}: check SOURCEGRAPH_TOKEN`);
    case 403:
      // a service that says when to come back does not refuse for good
      if (response.headers.has("retry-after")) {
        return failureOfStatus(
          new Response(null, { status: 429, headers: response.headers }),
          now,
          page,
        );
      }
      return new FatalFailure(
        `HTTP 403: ${page}: the service refuses these requests, set SOURCEGRAPH_TOKEN or try again later`,
      );
    case 404:
      return new FatalFailure(`HTTP 404: ${page}: check code_search.endpoint_url`);
    default:
      return failureOfStatus(response, now, page);
  }
}

/**
 * A query for any of the terms, as they are. Three things go wrong silently without it: without
 * `patternType:keyword` the quotes are part of the pattern; without parentheses the filters hold
 * only for their own side of an `OR`; without `count:all` the answer ends at a limit that changes.
 */
export function sourcegraphQuery(terms: string[], kind: PlannedQuery["kind"]): string {
  const pattern = terms.map(quoted).join(" OR ");
  const type = kind === "lines" ? "type:file" : "select:repo";
  return `(${pattern}) ${type} fork:yes archived:yes count:all timeout:60s patternType:keyword`;
}

/**
 * The address of a query's stream. The API's own pattern type is not the product's: it is said
 * here too. `display` and `max-line-len` stay away, as both cut what comes back.
 */
export function streamAddress(endpointUrl: string, query: string): string {
  const parameters = new URLSearchParams({
    q: query,
    v: "V3",
    t: "keyword",
    sm: "0",
    cm: "true",
    cl: "0",
  });
  return `${endpointUrl.replace(/\/+$/, "")}/.api/search/stream?${parameters}`;
}

/** As Sourcegraph's own `Delimit` does it: nothing but the backslash and the quote is escaped. */
function quoted(term: string): string {
  return `"${term.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
