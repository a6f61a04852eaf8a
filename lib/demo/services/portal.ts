/**
 * An embedded CKAN portal: `package_search` over real HTTP, with the faults of real portals.
 * @module
 */
import type { DemoDataset } from "../city/datasets.ts";
import {
  blockPage,
  cutAnswer,
  pause,
  retryLater,
  type Service,
  type ServiceOptions,
  startService,
} from "./service.ts";
import { type Answer, packageSearch } from "./package_search.ts";
import { PageFiles } from "./page_files.ts";
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

export interface PortalOptions extends ServiceOptions<PortalFault> {
  /** How many datasets of the city, or the datasets themselves. */
  readonly datasets: number | readonly DemoDataset[];
  readonly seed?: number;
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
  /** False: answers are never compressed; default true, when the client accepts gzip. */
  readonly gzip?: boolean;
  /** A folder in which pages are kept once they are made, for portals that do not fit in memory. */
  readonly pagesFolder?: string;
}

export interface DemoPortal extends Service {
  readonly endpointUrl: string;
  /** Change the catalogue while it is read; unknown or known ids, as the case may be, throw. */
  remove(id: string): void;
  touch(id: string): void;
  insert(dataset: DemoDataset): void;
}

const KEPT_CHARACTERS = 64e6;
const ENCODER = new TextEncoder();

async function gzipped(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The address of a request; the parameters of a POST, as ckanapi sends them, become part of it. */
async function addressOf(request: Request): Promise<URL> {
  const url = new URL(request.url);
  if (request.method === "POST") {
    for (const [name, value] of Object.entries(await request.json())) {
      url.searchParams.set(name, typeof value === "string" ? value : JSON.stringify(value));
    }
  }
  return url;
}

/** Starts the portal on 127.0.0.1. */
export function startPortal(options: PortalOptions): DemoPortal {
  const store = new PortalStore({
    datasets: options.datasets,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    keptCharacters: options.pagesFolder === undefined ? KEPT_CHARACTERS : 0,
  });
  const pages = options.pagesFolder === undefined ? undefined : new PageFiles(options.pagesFolder);

  async function encode(answer: Answer, wantsGzip: boolean) {
    const plain = ENCODER.encode(answer.text());
    return wantsGzip ? await gzipped(plain) : plain;
  }

  async function answer(
    request: Request,
    fault: PortalFault | undefined,
    closed: AbortSignal,
  ): Promise<Response> {
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
        await pause(options.slowMs ?? 120_000, closed);
        break;
      default:
        break;
    }
    const url = await addressOf(request);
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
    if (fault === "cut") return cutAnswer(await encode(found, wantsGzip), headers);
    const make = () => encode(found, wantsGzip);
    const key = `${store.version} ${wantsGzip} ${found.status} ${url.pathname}${url.search}`;
    const body = pages === undefined ? await make() : await pages.open(key, make);
    return new Response(body, { status: found.status, headers });
  }

  const service = startService("portal", options, answer);
  const { url } = service;
  return {
    ...service,
    endpointUrl: `${url}/api/3/action/package_search`,
    remove: (id) => store.remove(id),
    touch: (id) => store.touch(id),
    insert: (dataset) => store.insert(dataset),
  };
}
