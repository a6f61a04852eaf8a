/** An embedded code search that speaks Sourcegraph's stream API over real HTTP. */

import { CodeIndex } from "./line_index.ts";
import { type Answering, type CodeSearchFault, streamEvents } from "./search_stream.ts";
import { blockPage, pause, retryLater } from "./faults.ts";
import { type Service, type ServiceOptions, startService } from "./service.ts";
import type { DemoRepository } from "../code/repository.ts";

export type { CodeSearchFault };

export interface CodeSearchOptions extends ServiceOptions<CodeSearchFault> {
  readonly repositories: readonly DemoRepository[];
  /** The most matches (places, not files) any query gets, even with `count:all`; default 1,000,000. */
  readonly matchLimit?: number;
  /** Matches that can be gathered before the time is over; default: any number. */
  readonly timeoutMatches?: number;
  /** The limit of a query without `count:`; default 10,000. */
  readonly defaultCount?: number;
  /** Characters of the request's path and query above which the answer is 414; default 8,192. */
  readonly longestUrl?: number;
  /** Seconds in `Retry-After`; default 1. */
  readonly retryAfterSeconds?: number;
  /** How long a "slow" answer takes; default 120,000. */
  readonly slowMs?: number;
}

const ENCODER = new TextEncoder();

/** The events as a body; cut: the connection breaks half-way. */
function bodyOf(events: Iterable<string>, isCut: boolean): ReadableStream<Uint8Array> {
  async function* chunks() {
    if (!isCut) {
      for (const event of events) yield ENCODER.encode(event);
      return;
    }
    const whole = [...events].join("");
    yield ENCODER.encode(whole.slice(0, Math.floor(whole.length / 2)));
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw new Error("cut on purpose");
  }
  return ReadableStream.from(chunks());
}

/** Starts the code search on 127.0.0.1. */
export function startCodeSearch(options: CodeSearchOptions): Service {
  const index = new CodeIndex(options.repositories);
  const answering: Answering = {
    index,
    matchLimit: options.matchLimit ?? 1_000_000,
    timeoutMatches: options.timeoutMatches ?? Infinity,
    defaultCount: options.defaultCount ?? 10_000,
  };

  async function answer(
    request: Request,
    fault: CodeSearchFault | undefined,
    closed: AbortSignal,
  ): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname !== "/.api/search/stream") {
      return new Response("404 page not found\n", { status: 404 });
    }
    if (url.pathname.length + url.search.length > (options.longestUrl ?? 8192)) {
      return new Response("<html><head><title>414 Request-URI Too Large</title></head></html>", {
        status: 414,
        headers: { "content-type": "text/html" },
      });
    }
    const seconds = options.retryAfterSeconds ?? 1;
    switch (fault) {
      case "429-seconds":
      case "429-date":
        return retryLater(429, seconds, fault === "429-date");
      case "503":
        return new Response("upstream connect error\n", { status: 503 });
      case "html":
        return blockPage(200);
      case "slow":
        await pause(options.slowMs ?? 120_000, closed);
        break;
      default:
        break;
    }
    const events = streamEvents(url.searchParams, answering, fault);
    return new Response(bodyOf(events, fault === "cut"), {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-cache, no-transform",
        "x-trace": "demo",
      },
    });
  }

  return startService("code search", options, answer);
}
