/** What can go wrong on the network, classed once: try again, give this one up, stop at all. */

/** It may go well the next time: time-outs, cut connections, 429, 5xx, block pages. */
export class TransientFailure extends Error {
  override name = "TransientFailure";

  constructor(message: string, readonly more: { waitSeconds?: number; timedOut?: boolean } = {}) {
    super(message);
  }
}

/** This request will never go well; others may. */
export class PermanentFailure extends Error {
  override name = "PermanentFailure";
}

/** No request to this service will go well: wrong key, wrong address. */
export class FatalFailure extends Error {
  override name = "FatalFailure";
}

/** Seconds that a `Retry-After` asks for, in either form; undefined where there is none. */
export function retryAfterSeconds(headers: Headers, now: Date): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now.getTime()) / 1000);
}

/** The failure that an HTTP status means where the service says nothing more about it. */
export function failureOfStatus(response: Response, now: Date, detail = ""): Error {
  const { status } = response;
  const sentence = `HTTP ${status}${detail && `: ${detail.slice(0, 200)}`}`;
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return new TransientFailure(sentence, {
      waitSeconds: retryAfterSeconds(response.headers, now),
      timedOut: status === 504 || status === 408,
    });
  }
  if (status === 401) return new FatalFailure(sentence);
  return new PermanentFailure(sentence);
}

/** What Deno's fetch says when the network, and not the program, is at fault (read from Deno 2.9). */
const NETWORK_FAULT =
  /^fetch failed$|sending request|reading a body|response body|from connection|connection (closed|reset|refused|aborted)|(unexpected|end of) (eof|file)|corrupt|invalid (gzip|deflate|brotli)/i;

/**
 * Whether the network is at fault. fetch and its body readers throw TypeError, but so does a
 * program that takes an answer for something else: that is no reason to try again.
 */
export function isNetworkFault(error: unknown): boolean {
  return error instanceof Deno.errors.Http || error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.UnexpectedEof || error instanceof Deno.errors.Interrupted ||
    (error instanceof Error && !(error instanceof SyntaxError) &&
      NETWORK_FAULT.test(error.message));
}
