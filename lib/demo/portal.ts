/** An embedded CKAN portal: `package_search` over real HTTP, with the faults of real portals. */

import type { DemoDataset } from "./city.ts";
import { blockPage, cutAnswer, type Faults, pause, type Requests, retryLater } from "./faults.ts";
import { type Answer, packageSearch } from "./package_search.ts";
import { PortalStore } from "./portal_store.ts";

/** What can happen to a request instead of its answer. */
export type PortalFault =
  | "429-seconds"
  | "429-date"
  | "503"
  | "html-200"
  | "html-403"
  | "success-false"
  | "cut"
  | "slow"
  | "truncated";

export interface PortalOptions {
  /** How many datasets of the city, or the datasets themselves. */
  readonly datasets: number | readonly DemoDataset[];
  readonly seed?: number;
  readonly faults?: Faults<PortalFault>;
  /** Seconds in `Retry-After`; default 1. */
  readonly retryAfterSeconds?: number;
  /** How long a "slow" answer takes; default 120,000. */
  readonly slowMs?: number;
  /** The most rows a page has, whatever is asked (`ckan.search.rows_max`); default 1000. */
  readonly clamp?: number;
  /** False: ranges of ids in `fq` are ignored; default true. */
  readonly keyset?: boolean;
  /** True: `start` is ignored, so that the same page comes for ever. */
  readonly ignoreStart?: boolean;
  /** Milliseconds before every answer; default 0. */
  readonly latencyMs?: number;
  /** False: answers are never compressed; default true, when the client accepts gzip. */
  readonly gzip?: boolean;
  /** True: all JSON is made before the first request and kept, with every page sent. */
  readonly prerender?: boolean;
  /** Default 0: any free port. */
  readonly port?: number;
}

export interface DemoPortal {
  readonly url: string;
  readonly endpointUrl: string;
  readonly requests: Requests;
  /** Change the catalogue while it is read; unknown or known ids, as the case may be, throw. */
  remove(id: string): void;
  touch(id: string): void;
  insert(dataset: DemoDataset): void;
  close(): Promise<void>;
}

const KEPT_CHARACTERS = 64e6;
const ENCODER = new TextEncoder();

async function gzipped(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Starts the portal on 127.0.0.1. */
export function startPortal(options: PortalOptions): DemoPortal {
  const isKeptWhole = options.prerender === true;
  const store = new PortalStore({
    datasets: options.datasets,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    keptCharacters: isKeptWhole ? Infinity : KEPT_CHARACTERS,
  });
  if (isKeptWhole) store.renderAll();
  const requests: Requests = { count: 0, log: [] };
  const closing = new AbortController();
  const pages = new Map<string, Uint8Array<ArrayBuffer>>();

  async function encode(answer: Answer, wantsGzip: boolean, key: string) {
    const cacheKey = `${store.version} ${wantsGzip} ${key}`;
    const kept = pages.get(cacheKey);
    if (kept !== undefined) return kept;
    const plain = ENCODER.encode(answer.text());
    const body = wantsGzip ? await gzipped(plain) : plain;
    if (isKeptWhole) pages.set(cacheKey, body);
    return body;
  }

  async function answer(request: Request, fault: PortalFault | undefined): Promise<Response> {
    if (options.latencyMs) await pause(options.latencyMs, closing.signal);
    const seconds = options.retryAfterSeconds ?? 1;
    switch (fault) {
      case "429-seconds":
      case "429-date":
        return retryLater(429, seconds, fault === "429-date");
      case "503":
        return new Response("Service Unavailable\n", { status: 503 });
      case "html-200":
        return blockPage(200);
      case "html-403":
        return blockPage(403);
      case "slow":
        await pause(options.slowMs ?? 120_000, closing.signal);
        break;
      default:
        break;
    }
    const url = new URL(request.url);
    const found = packageSearch(url, store, {
      clamp: options.clamp ?? 1000,
      keyset: options.keyset ?? true,
      ignoreStart: options.ignoreStart ?? false,
      refuses: fault === "success-false",
    });
    const wantsGzip = options.gzip !== false &&
      /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
    const headers: Record<string, string> = {
      "content-type": found.contentType,
      // Without this Deno.serve compresses by itself.
      "cache-control": "no-cache, no-transform",
      ...(wantsGzip ? { "content-encoding": "gzip", vary: "accept-encoding" } : {}),
    };
    if (fault === "truncated") {
      const text = found.text();
      const half = ENCODER.encode(text.slice(0, Math.floor(text.length / 2)));
      return new Response(wantsGzip ? await gzipped(half) : half, { headers });
    }
    const key = `${found.status} ${fault === "success-false"} ${url.pathname}${url.search}`;
    const body = await encode(found, wantsGzip, key);
    if (fault === "cut") return cutAnswer(body, headers);
    return new Response(body, { status: found.status, headers });
  }

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: options.port ?? 0, onListen: () => {}, onError: refused },
    async (request) => {
      const number = ++requests.count;
      const path = request.url.replace(/^https?:\/\/[^/]+/, "");
      const fault = options.faults?.(number, path);
      const response = await answer(request, fault);
      requests.log.push({ number, path, status: response.status, fault });
      return response;
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    url,
    endpointUrl: `${url}/api/3/action/package_search`,
    requests,
    remove: (id) => store.remove(id),
    touch: (id) => store.touch(id),
    insert: (dataset) => store.insert(dataset),
    async close() {
      closing.abort(new Error("the demo portal is closed"));
      await server.shutdown();
    },
  };
}

/** What a request gets that still waits when the portal closes, or that broke the demo's own code. */
function refused(error: unknown): Response {
  return new Response(`Internal Server Error: ${error}\n`, { status: 500 });
}
