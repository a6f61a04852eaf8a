/**
 * Reading a response within limits. Whoever answers may be hostile or broken: a response that stops
 * coming, trickles for hours, unpacks to gigabytes or nests a million brackets ends as a failure
 * with its reason, and never as a process out of memory. All clients read through here.
 *
 * @module
 */
import { TransientFailure } from "./failures.ts";

/** What one response may take. */
export interface ResponseLimits {
  /** Bytes of the body, unpacked; where the header says how many come packed, those too. */
  bytes: number;
  /** Seconds from the request to the last byte. */
  seconds: number;
}

/** A response beyond its limit of bytes: a smaller one has to be requested. */
export class TooLarge extends TransientFailure {
  constructor(most: number) {
    super(`a response of more than ${most / 1e6} MB`, { timedOut: true });
  }
}

/**
 * Aborts when nothing has come for `idleSeconds`, when `totalSeconds` are over, or when the run is
 * stopped.
 */
export class Watch {
  /** Why it was aborted, where a time limit was the reason. */
  expired: string | undefined;
  #controller = new AbortController();
  #idle: ReturnType<typeof setTimeout> | undefined;
  #total: ReturnType<typeof setTimeout>;
  #stop: () => void;

  constructor(readonly idleSeconds: number, totalSeconds: number, readonly outer: AbortSignal) {
    this.#stop = () => this.#controller.abort(outer.reason);
    outer.addEventListener("abort", this.#stop, { once: true });
    this.#total = setTimeout(
      () => this.#expire(`no complete answer within ${totalSeconds} s`),
      totalSeconds * 1000,
    );
    this.touch();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something has come: the idle time begins again. */
  touch(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(
      () => this.#expire(`no answer within ${this.idleSeconds} s`),
      this.idleSeconds * 1000,
    );
  }

  /** Also releases a body that was not read to its end. */
  end(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#total);
    this.outer.removeEventListener("abort", this.#stop);
    this.#controller.abort();
  }

  #expire(reason: string): void {
    this.expired ??= reason;
    this.#controller.abort(new Error(reason));
  }
}

/** @throws {TooLarge} where the header already says that more comes than may. */
export function checkLength(response: Response, most: number): void {
  if (Number(response.headers.get("content-length")) > most) throw new TooLarge(most);
}

/** The same response; its body ends with a failure beyond `most` bytes, and each piece restarts the idle time. */
export function limited(response: Response, watch: Watch, most: number): Response {
  checkLength(response, most);
  if (response.body === null) return response;
  let length = 0;
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(piece, controller) {
        watch.touch();
        length += piece.length;
        if (length > most) controller.error(new TooLarge(most));
        else controller.enqueue(piece);
      },
    }),
  );
  const { status, statusText, headers } = response;
  const copy = new Response(body, { status, statusText, headers });
  Object.defineProperty(copy, "url", { value: response.url });
  return copy;
}

/** So much has to come within the idle time, or the rest of the response. */
const LEAST_BYTES = 1 << 16;

/**
 * The body in one piece. Read in large pieces into one buffer: each wait for the network costs as
 * much as 60 kB, each copy as much as the transfer.
 * @param expected bytes that the body will probably have
 * @throws {TooLarge}
 */
export async function wholeBody(
  response: Response,
  watch: Watch,
  most: number,
  expected: number,
): Promise<Uint8Array> {
  checkLength(response, most);
  let buffer = new Uint8Array(Math.max(LEAST_BYTES, expected));
  let length = 0;
  const reader = response.body?.getReader({ mode: "byob" });
  for (let end = reader === undefined; !end;) {
    if (length === buffer.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(buffer);
      buffer = larger;
    }
    const free = buffer.subarray(length);
    // the buffer goes to the stream and comes back with what was read
    const read = await reader!.read(free, { min: Math.min(LEAST_BYTES, free.length) });
    watch.touch();
    end = read.done;
    if (read.value === undefined) break;
    buffer = new Uint8Array(read.value.buffer);
    length += read.value.length;
    if (length > most) {
      await reader!.cancel();
      throw new TooLarge(most);
    }
  }
  return buffer.subarray(0, length);
}

/** No service of this project nests deeper than 20. */
const MOST_DEPTH = 200;
/** Whatever a shorter text nests, its parser stays small. */
const HARMLESS_LENGTH = 10_000;

/**
 * `JSON.parse` for text from elsewhere: 6 MB of brackets take it more than a gigabyte.
 * @throws {SyntaxError} also where it nests too deep.
 */
// deno-lint-ignore no-explicit-any
export function parseJson(text: string): any {
  checkDepth(text);
  return JSON.parse(text);
}

/** @throws {SyntaxError} for JSON that nests too deep to be parsed in a small memory. */
export function checkDepth(text: string): void {
  if (text.length > HARMLESS_LENGTH && nestsTooDeep(text)) {
    throw new SyntaxError(`JSON that nests deeper than ${MOST_DEPTH}`);
  }
}

function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === 92) at += 1;
      else if (code === 34) isInString = false;
    } else if (code === 34) isInString = true;
    else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > MOST_DEPTH) return true;
    } else if (code === 93 || code === 125) depth -= 1;
  }
  return false;
}
