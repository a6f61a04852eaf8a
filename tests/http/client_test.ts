import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  failureOfStatus,
  FatalFailure,
  PermanentFailure,
  retryAfterSeconds,
  TransientFailure,
} from "../../lib/http/failures.ts";
import { type Effects, HttpClient, pause, type ServiceOptions } from "../../lib/http/client.ts";

const QUIET = { info() {}, warn() {} };

function clientOf(options: Partial<ServiceOptions> = {}, effects: Partial<Effects> = {}) {
  return new HttpClient({
    name: "Test service",
    timeoutSeconds: 5,
    attempts: 3,
    requestsPerSecond: 1000,
    concurrency: 4,
    headers: { "user-agent": "test" },
    ...options,
  }, {
    fetch,
    now: () => new Date(),
    random: Math.random,
    signal: new AbortController().signal,
    log: QUIET,
    waitFactor: 0.1,
    ...effects,
  });
}

/** A server on 127.0.0.1 for the time of a test; `handler` gets the number of the request from 1. */
async function serving(
  handler: (number: number, request: Request) => Response | Promise<Response>,
  test: (url: string, requests: () => number) => Promise<void>,
): Promise<void> {
  let number = 0;
  const stop = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: stop.signal, onListen() {} },
    (request) => handler(++number, request),
  );
  try {
    await test(`http://127.0.0.1:${server.addr.port}/`, () => number);
  } finally {
    stop.abort();
    await server.finished;
  }
}

/** A server that speaks raw bytes, for answers that no HTTP library would send. */
async function servingBytes(
  answers: string[],
  test: (url: string) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = (async () => {
    for (const answer of answers) {
      const connection = await listener.accept();
      await connection.read(new Uint8Array(4096));
      await connection.write(new TextEncoder().encode(answer));
      connection.close();
    }
  })();
  try {
    await test(`http://127.0.0.1:${listener.addr.port}/`);
    await accepting;
  } finally {
    listener.close();
  }
}

async function readText(response: Response): Promise<string> {
  if (!response.ok) throw failureOfStatus(response, new Date(), await response.text());
  return await response.text();
}

function bodyOf(pieces: string[], gapMs: number, end = true): Response {
  let timer: ReturnType<typeof setTimeout>;
  return new Response(
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      async start(controller) {
        for (const piece of pieces) {
          controller.enqueue(new TextEncoder().encode(piece));
          await new Promise((resolve) => timer = setTimeout(resolve, gapMs));
        }
        if (end) controller.close();
      },
      cancel: () => clearTimeout(timer),
    }),
  );
}

Deno.test("request() sends headers and gives what read makes of the answer", () =>
  serving(
    (_, request) =>
      new Response(`${request.headers.get("user-agent")} ${request.headers.get("x")}`),
    async (url) => {
      assertEquals(await clientOf().request(url, readText, { headers: { x: "y" } }), "test y");
    },
  ));

Deno.test("request() tries again when the service fails for a moment, and gives the next target the reason", () =>
  serving(
    (number) => number === 1 ? new Response("busy", { status: 503 }) : new Response("fine"),
    async (url, requests) => {
      const lines: string[] = [];
      const client = clientOf({}, { log: { ...QUIET, info: (line) => lines.push(line) } });
      const previous: (string | undefined)[] = [];
      const target = (failure?: TransientFailure) => {
        previous.push(failure?.message);
        return url;
      };
      assertEquals(await client.request(target, readText), "fine");
      assertEquals([requests(), client.requests], [2, 2]);
      assertEquals(previous, [undefined, "HTTP 503: busy"]);
      assertEquals(lines, ["Test service: HTTP 503: busy; trying again (1 of 3)"]);
    },
  ));

Deno.test("request() gives up after the last attempt", () =>
  serving(() => new Response("", { status: 502 }), async (url, requests) => {
    await assertRejects(
      () => clientOf({ attempts: 2 }).request(url, readText),
      TransientFailure,
      "HTTP 502",
    );
    assertEquals(requests(), 2);
  }));

for (const [status, kind] of [[404, PermanentFailure], [401, FatalFailure]] as const) {
  Deno.test(`request() does not try again when the status is ${status}`, () =>
    serving(() => new Response("no", { status }), async (url, requests) => {
      await assertRejects(() => clientOf().request(url, readText), kind, `HTTP ${status}: no`);
      assertEquals(requests(), 1);
    }));
}

Deno.test("request() does not try again when the program itself is at fault", () =>
  serving(() => new Response("{}"), async (url, requests) => {
    await assertRejects(
      () =>
        clientOf().request(url, async (response) => {
          const answer = await response.json();
          return answer.result.results.length;
        }),
      TypeError,
    );
    assertEquals(requests(), 1);
  }));

for (
  const [form, header, leastMs] of [
    ["seconds", () => "1", 1000],
    ["a date", () => new Date(Date.now() + 2000).toUTCString(), 1000],
  ] as const
) {
  Deno.test(`request() pauses every request when Retry-After gives ${form}`, () => {
    const times: number[] = [];
    return serving((number) => {
      times.push(performance.now());
      if (number > 1) return new Response("fine");
      return new Response("slow down", { status: 429, headers: { "retry-after": header() } });
    }, async (url) => {
      const client = clientOf();
      const delayed = client.request(url, readText);
      await pause(100, client.effects.signal);
      const others = [client.request(url, readText), client.request(url, readText)];
      assertEquals(await Promise.all([delayed, ...others]), ["fine", "fine", "fine"]);
      const [first, ...rest] = times;
      for (const time of rest) assert(time - first! >= leastMs - 20, `${time - first!} ms`);
    });
  });
}

Deno.test("request() stops at once when the service asks to wait for hours", () =>
  serving(
    () => new Response("", { status: 429, headers: { "retry-after": "86400" } }),
    async (url, requests) => {
      await assertRejects(
        () => clientOf().request(url, readText),
        FatalFailure,
        "Test service asks to wait 24 hours",
      );
      assertEquals(requests(), 1);
    },
  ));

Deno.test("retryAfterSeconds() reads both forms and nothing else", () => {
  const now = new Date("2026-11-24T03:00:00Z");
  const read = (text: string) => retryAfterSeconds(new Headers({ "retry-after": text }), now);
  assertEquals(read("120"), 120);
  assertEquals(read("Tue, 24 Nov 2026 03:02:00 GMT"), 120);
  assertEquals(read("Tue, 24 Nov 2026 02:00:00 GMT"), 0);
  assertEquals(read("soon"), undefined);
  assertEquals(retryAfterSeconds(new Headers(), now), undefined);
});

Deno.test("request() tries again when no answer begins within the time limit", () =>
  serving(
    (number) =>
      number === 1
        ? new Promise((resolve) => setTimeout(() => resolve(new Response("late")), 600))
        : new Response("fine"),
    async (url) => {
      assertEquals(await clientOf({ timeoutSeconds: 0.3 }).request(url, readText), "fine");
      // the server's late answer must not outlive the test
      await pause(400, new AbortController().signal);
    },
  ));

Deno.test("request() waits for a body that is slow but comes", () =>
  serving(() => bodyOf(["a", "b", "c", "d", "e", "f"], 120), async (url, requests) => {
    assertEquals(await clientOf({ timeoutSeconds: 0.4 }).request(url, readText), "abcdef");
    assertEquals(requests(), 1);
  }));

Deno.test("request() distinguishes a body that stops in the middle from a complete one", () =>
  serving(() => bodyOf(["half"], 1, false), async (url) => {
    const failure = await assertRejects(
      () => clientOf({ timeoutSeconds: 0.3, attempts: 1 }).request(url, readText),
      TransientFailure,
      "no answer within 0.3 s",
    );
    assertEquals(failure.more.timedOut, true);
  }));

Deno.test("request() tries again when the connection is cut in the body, in the head, or not made", async () => {
  const whole = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nfine";
  const head = "HTTP/1.1 200 OK\r\ncontent-length: 400\r\nconnection: close\r\n\r\nhal";
  const chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n";
  const noGzip =
    "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\nconnection: close\r\n\r\nnope";
  await servingBytes([head, chunked, noGzip, "HTTP/1.1 2", whole], async (url) => {
    // the backoff is not what is tested here: one try a request
    const client = clientOf({ attempts: 1 });
    for (const _ of [head, chunked, noGzip, "HTTP/1.1 2"]) {
      await assertRejects(() => client.request(url, readText), TransientFailure);
    }
    assertEquals(await client.request(url, readText), "fine");
  });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const failure = await assertRejects(
    () => clientOf({ attempts: 1 }).request(`http://127.0.0.1:${port}/`, readText),
    TransientFailure,
  );
  assert(failure.message.startsWith("fetch failed ("), failure.message);
});

Deno.test("request() keeps to the number of requests in flight", async () => {
  let inFlight = 0;
  let most = 0;
  await serving(async () => {
    most = Math.max(most, ++inFlight);
    await new Promise((resolve) => setTimeout(resolve, 30));
    inFlight -= 1;
    return new Response("fine");
  }, async (url, requests) => {
    const client = clientOf({ concurrency: 2 });
    await Promise.all(Array.from({ length: 7 }, () => client.request(url, readText)));
    assertEquals([requests(), most], [7, 2]);
  });
});

Deno.test("request() keeps to the pace", () =>
  serving(() => new Response("fine"), async (url) => {
    const client = clientOf({ requestsPerSecond: 20, concurrency: 8 }, { waitFactor: 1 });
    const start = performance.now();
    await Promise.all(Array.from({ length: 6 }, () => client.request(url, readText)));
    const elapsed = performance.now() - start;
    assert(elapsed >= 240, `${elapsed} ms for 6 requests at 20 a second`);
  }));

Deno.test("request() stops at once, waiting or reading, when the run is stopped", () =>
  serving(
    (number) =>
      number === 1
        ? new Response("", { status: 503, headers: { "retry-after": "60" } })
        : bodyOf(["half"], 1, false),
    async (url) => {
      const controller = new AbortController();
      const client = clientOf({ timeoutSeconds: 60 }, { signal: controller.signal });
      const waiting = client.request(url, readText);
      const reading = clientOf({ timeoutSeconds: 60 }, { signal: controller.signal })
        .request(url, readText);
      setTimeout(() => controller.abort(new RangeError("stopped")), 150);
      const start = performance.now();
      await assertRejects(() => waiting, RangeError, "stopped");
      await assertRejects(() => reading, RangeError, "stopped");
      assert(performance.now() - start < 1500);
    },
  ));

Deno.test("request() lets go of a body that read did not want to the end", async () => {
  let letGo = () => {};
  const cancelled = new Promise<void>((resolve) => letGo = resolve);
  await serving(() =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
        cancel: () => letGo(),
      }),
      { status: 404 },
    ), async (url) => {
    const client = clientOf();
    await assertRejects(
      () => client.request(url, (answer) => Promise.reject(failureOfStatus(answer, new Date()))),
      PermanentFailure,
      "HTTP 404",
    );
    await cancelled;
  });
});

Deno.test("HttpClient shares the pace out among the shards of a stage, and leaves each a request in flight", async () => {
  const times: number[] = [];
  const client = clientOf({ requestsPerSecond: 80 }, { sharers: 8, waitFactor: 1 });
  assertEquals(client.service.concurrency, 1);
  await serving(() => {
    times.push(performance.now());
    return new Response("x");
  }, async (url) => {
    for (let number = 0; number < 3; number++) await client.request(url, readText);
  });
  // ten a second are left of eighty; the clock of the pace counts whole milliseconds
  assert(times[2]! - times[0]! > 190, `${times[2]! - times[0]!} ms`);
});

Deno.test("hold() never ends a longer pause", async () => {
  await serving(() => new Response("too early"), async (url, requests) => {
    const client = clientOf({}, { signal: AbortSignal.timeout(100) });
    client.hold(3600);
    client.hold(0);
    await assertRejects(() => client.request(url, (response) => response.text()));
    assertEquals(requests(), 0);
  });
});

Deno.test("failureOfStatus() retries 425, and asks for less after 504", () => {
  const failure = (status: number) => failureOfStatus(new Response(null, { status }), new Date());
  assert(failure(425) instanceof TransientFailure);
  assertEquals((failure(504) as TransientFailure).more.timedOut, true);
  assertEquals((failure(503) as TransientFailure).more.timedOut, false);
});
