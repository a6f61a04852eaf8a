/**
 * What all services of the demo share: a server on 127.0.0.1 that counts its requests, and faults
 * planned by the number of a request, so that a test knows beforehand which one fails and how.
 * @module
 */
import { Random } from "../random.ts";

/** What every service of the demo can be reported. */
export interface ServiceOptions<Fault extends string> {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Milliseconds before every answer; default 0. */
  readonly latencyMs?: number;
  readonly faults?: Faults<Fault>;
}

/** A running service of the demo. */
export interface Service {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly requests: Requests;
  /** Ends it; what still waits for its answer gets a 500. */
  close(): Promise<void>;
}

/**
 * Starts a service on 127.0.0.1 that counts its requests and answers some of them wrongly.
 * `closed` aborts an answer that still waits.
 */
export function startService<Fault extends string>(
  name: string,
  options: ServiceOptions<Fault>,
  answer: (
    request: Request,
    fault: Fault | undefined,
    closed: AbortSignal,
  ) => Response | Promise<Response>,
): Service {
  const requests: Requests = { count: 0, log: [] };
  const closing = new AbortController();
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: options.port ?? 0,
      onListen: () => {},
      onError: (error) => new Response(`Internal Server Error: ${error}\n`, { status: 500 }),
    },
    async (request) => {
      const number = ++requests.count;
      const path = request.url.replace(/^https?:\/\/[^/]+/, "");
      const fault = options.faults?.(number, path);
      if (options.latencyMs) await pause(options.latencyMs, closing.signal);
      const response = await answer(request, fault, closing.signal);
      requests.log.push({ number, path, status: response.status, fault });
      return response;
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    async close() {
      closing.abort(new Error(`the demo ${name} is closed`));
      await server.shutdown();
    },
  };
}

/**
 * The fault of a request, or undefined; requests are numbered from 1 in the order they arrive,
 * `path` is path and query as asked.
 */
export type Faults<Kind extends string> = (request: number, path: string) => Kind | undefined;

/** The given faults at the given request numbers. */
export function faultsAt<Kind extends string>(
  plan: Readonly<Record<number, Kind>>,
): (request: number) => Kind | undefined {
  return (request) => plan[request];
}

/** Faults at a rate from 0 to 1, spread by the seed over the kinds. */
export function faultsByRate<Kind extends string>(
  rate: number,
  kinds: readonly Kind[],
  seed = 1,
): (request: number) => Kind | undefined {
  return (request) => {
    const random = new Random(seed, "fault", request);
    return random.chance(rate) ? random.pick(kinds) : undefined;
  };
}

/** One request as a demo service saw it. */
export interface RequestEntry {
  readonly number: number;
  /** Path and query as asked. */
  readonly path: string;
  readonly status: number;
  readonly fault: string | undefined;
}

/** What a demo service was asked; `count` includes the requests that still wait for their answer. */
export interface Requests {
  count: number;
  readonly log: RequestEntry[];
}

/** An HTML page as firewalls in front of portals give it. */
export function blockPage(status: number): Response {
  return new Response(
    "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. " +
      "Please consult with your administrator.</body></html>",
    { status, headers: { "content-type": "text/html; charset=utf-8" } },
  );
}

/** 429 or 503 with `Retry-After`, in seconds or (rounded up) as an HTTP date. */
export function retryLater(status: 429 | 503, seconds: number, asDate = false): Response {
  const at = new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000).toUTCString();
  return new Response("Too many requests\n", {
    status,
    headers: { "content-type": "text/plain", "retry-after": asDate ? at : String(seconds) },
  });
}

/** The first half of the body, then the connection breaks. */
export function cutAnswer(body: Uint8Array, headers: Record<string, string>): Response {
  const half = body.slice(0, Math.floor(body.length / 2));
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      controller.enqueue(half);
      await new Promise((resolve) => setTimeout(resolve, 5));
      controller.error(new Error("cut on purpose"));
    },
  });
  return new Response(stream, { status: 200, headers });
}

/** Waits, unless the service is closed before: then rejects at once. */
export function pause(milliseconds: number, closed: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (closed.aborted) return reject(closed.reason);
    const onClose = () => {
      clearTimeout(timer);
      reject(closed.reason);
    };
    const timer = setTimeout(() => {
      closed.removeEventListener("abort", onClose);
      resolve();
    }, milliseconds);
    closed.addEventListener("abort", onClose, { once: true });
  });
}
