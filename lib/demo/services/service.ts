import { type Faults, pause, type Requests } from "./faults.ts";

/** What every service of the demo can be told. */
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
 * `closed` tells an answer that waits that it is in vain.
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
