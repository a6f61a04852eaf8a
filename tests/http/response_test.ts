import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { gzipSync } from "node:zlib";
import { PermanentFailure, TransientFailure } from "../../lib/http/failures.ts";
import { HttpClient, type ServiceOptions } from "../../lib/http/client.ts";
import { parseJson } from "../../lib/http/response.ts";

/** A server that sends so many bytes in pieces of odd sizes. */
function sending(bytes: number, pauseMs = 0) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    let sent = 0;
    return new Response(
      new ReadableStream({
        async pull(controller) {
          if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
          const piece = new Uint8Array(Math.min(70_001, bytes - sent)).fill(sent % 251);
          sent += piece.length;
          if (piece.length > 0) controller.enqueue(piece);
          if (sent >= bytes) controller.close();
        },
      }),
    );
  });
  const log = { info: () => {}, warn: () => {} };
  const client = new HttpClient({
    name: "test",
    timeoutSeconds: 0.4,
    attempts: 1,
    requestsPerSecond: 1000,
    concurrency: 1,
    headers: {},
  }, {
    fetch,
    now: () => new Date(),
    random: Math.random,
    signal: new AbortController().signal,
    log,
  });
  const ask = (most = 1e7) =>
    client.requestBytes(
      `http://127.0.0.1:${server.addr.port}`,
      (_response, body) => body.slice(),
      most,
    );
  return { ask, close: () => server.shutdown() };
}

Deno.test("requestBytes() gives every byte of answers of any size", async () => {
  for (const size of [0, 1, 65_535, 65_536, 65_537, 3_000_000]) {
    const { ask, close } = sending(size);
    for (let time = 0; time < 2; time += 1) {
      const body = await ask();
      assertEquals(body.length, size);
      for (let at = 0; at < size; at += 70_001) assertEquals(body[at], at % 251);
    }
    await close();
  }
});

Deno.test("requestBytes() takes an answer that is too large for one that came too late", async () => {
  const { ask, close } = sending(2_000_000);
  const thrown = await assertRejects(() => ask(1e6), TransientFailure);
  assertEquals((thrown as TransientFailure).more.timedOut, true);
  await close();
});

Deno.test("requestBytes() ends when the pieces stop coming, not when they come slowly", async () => {
  const slow = sending(500_000, 100);
  assertEquals((await slow.ask()).length, 500_000);
  await slow.close();
  const stopped = sending(500_000, 700);
  const thrown = await assertRejects(() => stopped.ask(), TransientFailure);
  assertEquals((thrown as TransientFailure).more.timedOut, true);
  await stopped.close();
});

const QUIET = { info: () => {}, warn: () => {} };
const EFFECTS = {
  fetch,
  now: () => new Date(),
  random: Math.random,
  signal: new AbortController().signal,
  log: QUIET,
  waitFactor: 0.01,
};

/** A client and a server for the time of a test. */
async function withServer(
  handler: (request: Request) => Response,
  options: Partial<ServiceOptions>,
  test: (client: HttpClient, url: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  const client = new HttpClient({
    ...{ name: "test", timeoutSeconds: 5, attempts: 3, requestsPerSecond: 1000, concurrency: 1 },
    headers: { authorization: "Bearer secret", "x-api-key": "secret", "user-agent": "test" },
    ...options,
  }, EFFECTS);
  try {
    await test(client, `http://127.0.0.1:${server.addr.port}/`);
  } finally {
    await server.shutdown();
  }
}

Deno.test("request() refuses what unpacks to more than its limit, in little memory and without trying again", async () => {
  // 300 MB of zeros are 300 kB packed
  const bomb = gzipSync(new Uint8Array(3e8));
  const answer = () =>
    new Response(new Uint8Array(bomb), { headers: { "content-encoding": "gzip" } });
  await withServer(answer, { limits: { bytes: 10e6 } }, async (client, url) => {
    const before = Deno.memoryUsage().rss;
    const error = await assertRejects(
      () => client.request(url, (response) => response.text()),
      TransientFailure,
      "a response of more than 10 MB",
    );
    assertEquals(error.more.timedOut, true);
    assertEquals(client.requests, 1);
    assert(Deno.memoryUsage().rss - before < 150e6);
  });
});

Deno.test("request() believes a header that announces too much", async () => {
  const answer = () => new Response("x".repeat(2000));
  await withServer(answer, { limits: { bytes: 1000 } }, async (client, url) => {
    const status = (response: Response) => Promise.resolve(response.status);
    await assertRejects(() => client.request(url, status), TransientFailure, "more than 0.001 MB");
  });
});

Deno.test("request() ends an answer that trickles for ever", async () => {
  const answer = () => {
    let timer: ReturnType<typeof setInterval>;
    return new Response(
      new ReadableStream({
        start(controller) {
          timer = setInterval(() => controller.enqueue(new Uint8Array(10)), 20);
        },
        cancel: () => clearInterval(timer),
      }),
    );
  };
  await withServer(answer, { attempts: 1, limits: { seconds: 0.3 } }, async (client, url) => {
    const error = await assertRejects(
      () => client.request(url, (response) => response.text()),
      TransientFailure,
      "no complete answer within 0.3 s",
    );
    assertEquals(error.more.timedOut, true);
  });
});

Deno.test("request() sends keys to the origin that they are meant for, and to no other", async () => {
  const seen: Record<string, string>[] = [];
  const other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    seen.push(Object.fromEntries(request.headers));
    return new Response("there");
  });
  const answer = (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/away") {
      return new Response(null, {
        status: 307,
        headers: { location: `http://user:secret@127.0.0.1:${other.addr.port}/` },
      });
    }
    if (pathname === "/within") {
      return new Response(null, { status: 302, headers: { location: "/here" } });
    }
    if (pathname === "/file") {
      return new Response(null, { status: 302, headers: { location: "file:///etc/passwd" } });
    }
    if (pathname === "/round") {
      return new Response(null, { status: 302, headers: { location: "/round" } });
    }
    seen.push(Object.fromEntries(request.headers));
    return new Response("here");
  };
  await withServer(answer, {}, async (client, url) => {
    const text = (path: string) => client.request(`${url}${path}`, (response) => response.text());
    assertEquals(await text("within"), "here");
    assertEquals(await text("away"), "there");
    assertEquals([seen[0]!.authorization, seen[0]!["x-api-key"]], ["Bearer secret", "secret"]);
    assertEquals(JSON.stringify(seen[1]).includes("secret"), false);
    assertEquals(seen[1]!["user-agent"], "test");
    await assertRejects(() => text("file"), PermanentFailure, 'of the kind "file:"');
    await assertRejects(() => text("round"), PermanentFailure, "redirects without end");
  });
  await other.shutdown();
});

Deno.test("pieces() continues after a cut, and counts a piece that came as a success", async () => {
  await withServer(() => new Response(), { attempts: 2 }, async (client) => {
    let received = 0;
    const open = async function* () {
      for (let left = 2; left > 0; left--) {
        if (received === 6) return;
        await Promise.resolve();
        received += 1;
        yield received;
      }
      throw new TransientFailure("cut");
    };
    const pieces = [];
    for await (const piece of client.pieces(open)) pieces.push(piece);
    assertEquals(pieces, [1, 2, 3, 4, 5, 6]);
    assertEquals(client.requests, 4);
  });
});

Deno.test("parseJson() refuses what nests too deep, before it takes the memory", () => {
  assertEquals(parseJson(`{"a":[1,"]${"[".repeat(20_000)}"]}`).a[0], 1);
  const before = Deno.memoryUsage().rss;
  assertThrows(() => parseJson("[".repeat(6e6)), SyntaxError, "nests deeper than 200");
  assertThrows(() => parseJson(`${'{"a":'.repeat(3000)}1${"}".repeat(3000)}`), SyntaxError);
  assert(Deno.memoryUsage().rss - before < 100e6);
});
