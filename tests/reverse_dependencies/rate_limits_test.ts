/**
 * What the limits of code hosts and of the package index mean, by status and headers.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { FatalFailure, PermanentFailure, TransientFailure } from "../../lib/http/failures.ts";
import {
  failureOfHost,
  obeyHeaders,
  QuotaSpent,
  secondsUntilReset,
} from "../../lib/reverse_dependencies/rate_limits.ts";
import { clientOf } from "../helpers/hosts.ts";

const NOW = new Date(1_000_000);

function failure(status: number, headers: Record<string, string>, message = "", patience?: number) {
  const content = JSON.stringify({ message });
  return failureOfHost(new Response(null, { status, headers }), content, NOW, patience);
}

Deno.test("secondsUntilReset() is never negative, and undefined while something is left", () => {
  const left = (remaining: string, reset: string) =>
    secondsUntilReset(
      new Headers({ "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset }),
      NOW,
    );
  assertEquals([left("0", "1060"), left("0", "900"), left("1", "1060")], [60, 0, undefined]);
});

Deno.test("failureOfHost() waits for 403 with Retry-After, a secondary limit, or a spent allowance", () => {
  const waits = [
    failure(403, { "retry-after": "7" }),
    failure(403, {}, "You have exceeded a secondary rate limit"),
    failure(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1030" }),
    failure(429, {}),
  ].map((one) => {
    assert(one instanceof TransientFailure);
    return one.more.waitSeconds;
  });
  assertEquals(waits, [7, 60, 30, undefined]);
});

Deno.test("failureOfHost() says that the allowance is spent when the wait is longer than wanted", () => {
  const spent = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1300" };
  assert(failure(403, spent, "", 120) instanceof QuotaSpent);
  assert(failure(403, spent, "", 400) instanceof TransientFailure);
});

Deno.test("failureOfHost() takes 403 and 404 without any limit for answers", () => {
  assert(!(failure(403, {}, "Forbidden") instanceof TransientFailure));
  assert(failure(404, {}) instanceof PermanentFailure);
  assert(!(failure(404, {}) instanceof FatalFailure));
});

Deno.test("obeyHeaders() sends nothing more until the reset when the last request was allowed", async () => {
  const sent: number[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    sent.push(Date.now());
    return new Response("x");
  });
  const client = clientOf(1);
  const get = () =>
    client.request(`http://127.0.0.1:${server.addr.port}/`, (response) => response.text());
  const reset = (Date.now() + 300) / 1000;
  obeyHeaders(
    client,
    new Headers({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) }),
  );
  await get();
  assert(sent[0]! >= 1000 * reset - 50, "the request was sent before the reset");
  await server.shutdown();
});
