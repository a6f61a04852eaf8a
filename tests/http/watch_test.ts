import { assertEquals, assertRejects } from "@std/assert";
import { TransientFailure } from "../../lib/http/failures.ts";
import { HttpClient } from "../../lib/http/client.ts";

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
