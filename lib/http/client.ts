/**
 * Requests that finish by themselves: limits of time and size, retry with backoff and jitter, pacing,
 * and `Retry-After` that pauses every request to the service. Failures are classed here, once. A
 * redirect to another origin is followed without the headers that were meant for this one.
 *
 * @module
 */
import pRetry from "p-retry";
import type { Environment } from "../cli/environment.ts";
import { messageOf } from "../cli/errors.ts";
import { FatalFailure, isNetworkFault, PermanentFailure, TransientFailure } from "./failures.ts";
import { limited, type ResponseLimits, TooLarge, Watch, wholeBody } from "./response.ts";

/** How a service is to be treated; the numbers come from the config. */
export interface ServiceOptions {
  /** How the service is called in messages. */
  name: string;
  /** Seconds until the answer begins, and between two pieces of it. */
  timeoutSeconds: number;
  /** Tries per request, the first included. */
  attempts: number;
  requestsPerSecond: number;
  /** Requests that may be sent at the start without keeping the pace; default 0. */
  burst?: number;
  /** Requests in flight. */
  concurrency: number;
  /** Sent with every request, but to no other origin. */
  headers: Record<string, string>;
  /** What one response may take; default 68 MB, and ten times `timeoutSeconds` or ten minutes. */
  limits?: Partial<ResponseLimits>;
  /** A wait longer than this is a refusal; default six hours. */
  longestWaitSeconds?: number;
  /** Classes the errors of another client; by default all but the three failures are faults. */
  classify?(error: unknown, now: Date): unknown;
}

/** What `fetch` takes, with other limits for this response. */
export type RequestOptions = RequestInit & { limits?: Partial<ResponseLimits> };

/** Network, clock, randomness, signal and log, as the context of the stage gives them. */
export interface Effects {
  fetch: typeof fetch;
  now(): Date;
  /** In [0, 1). */
  random(): number;
  signal: AbortSignal;
  log: { info(line: string): void; warn(line: string): void };
  /** Processes among which each service's pace is shared out: the shards of a stage; default 1. */
  sharers?: number;
  /**
   * Waits between requests and between tries are multiplied by it, those that a service asks for
   * are not; default 1.
   */
  waitFactor?: number;
}

const LONGEST_WAIT_SECONDS = 6 * 3600;
/** What clients hold in memory at once is at most 64 MB. */
const MOST_BYTES = 68e6;
const MOST_SECONDS = 600;
const MOST_REDIRECTS = 5;
/** Headers that say nothing of who asks for what. */
const HARMLESS_HEADERS = [
  "accept",
  "accept-language",
  "content-type",
  "if-range",
  "range",
  "user-agent",
];
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;

/** An address, or what gives it for each try. */
type Target = string | ((previous?: TransientFailure) => string);
/** What else is sent, or what gives it for each try. */
type Init = RequestOptions | (() => RequestOptions);
type Read<Result> = (
  response: Response,
  watch: Watch,
  limits: ResponseLimits,
) => Promise<Result>;

/** One service on the network, with its pace and its pauses. */
export class HttpClient {
  /** Requests sent so far, tries included. */
  requests = 0;
  #waiting: (() => void)[] = [];
  #inFlight = 0;
  #nextSlot = 0;
  #burst: number;
  #pausedUntil = 0;
  #largestBody = 0;

  /** What this process may do of what `service` allows all of `effects.sharers`. */
  readonly service: ServiceOptions;

  constructor(service: ServiceOptions, readonly effects: Effects) {
    const { sharers = 1, waitFactor = 1 } = effects;
    this.service = {
      ...service,
      requestsPerSecond: service.requestsPerSecond / sharers / waitFactor,
      concurrency: Math.max(1, Math.floor(service.concurrency / sharers)),
    };
    this.#burst = Math.floor((service.burst ?? 0) / sharers);
  }

  /**
   * Sends a GET (or what `init` says) and gives what `read` makes of the answer. `read` gets every
   * answer, whatever its status, and throws one of the three failures to have it retried, given up
   * or the run stopped; when it has come to its end, the body is gone. `target` may be a function,
   * for requests that change after a failure: it gets the failure before this try.
   * @throws {TransientFailure} after the last attempt, {PermanentFailure}, {FatalFailure}.
   */
  request<Result>(
    target: Target,
    read: (response: Response) => Promise<Result>,
    options: Init = {},
  ): Promise<Result> {
    return this.#request(
      target,
      (response, watch, { bytes }) => read(limited(response, watch, bytes)),
      options,
    );
  }

  /**
   * The same for answers that are read whole, which is much cheaper than piece by piece. One of more
   * than `most` bytes counts as timed out: less is to be requested.
   */
  requestBytes<Result>(
    target: Target,
    read: (response: Response, body: Uint8Array) => Result,
    most: number,
    options: Init = {},
  ): Promise<Result> {
    return this.#request(
      target,
      async (response, watch) => {
        const body = await wholeBody(response, watch, most, this.#largestBody);
        this.#largestBody = Math.max(this.#largestBody, body.length);
        return read(response, body);
      },
      options,
    );
  }

  /**
   * Runs one request that another client sends, with the pace, the retries and the time limits of
   * this one. A client that does not know signals is left to itself when its time is over.
   */
  run<Result>(send: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    return this.#retried(() => this.#watched({}, (watch) => send(watch.signal)), false);
  }

  /**
   * Pieces of a long answer, opened again by `open` after a cut; it must know where to continue.
   * Every piece that comes is a success: only failures in a row use up the attempts.
   */
  async *pieces<Piece>(open: (signal: AbortSignal) => AsyncIterable<Piece>): AsyncGenerator<Piece> {
    let cut = new AbortController();
    let source: AsyncIterator<Piece> | undefined;
    const next = async () => {
      source ??= await this.#opened(() => open(cut.signal)[Symbol.asyncIterator]());
      const watch = this.#watch({});
      try {
        return await Promise.race([source.next(), rejection(watch.signal)]);
      } catch (error) {
        // an answer that does not come any longer does not end by itself
        cut.abort();
        cut = new AbortController();
        source = undefined;
        throw this.#classed(error, watch);
      } finally {
        watch.end();
      }
    };
    try {
      for (;;) {
        const { done, value } = await this.#retried(next, false);
        if (done) return;
        yield value;
      }
    } finally {
      cut.abort();
    }
  }

  async #opened<Result>(open: () => Result): Promise<Result> {
    await this.#slot();
    this.requests += 1;
    return open();
  }

  async #request<Result>(
    target: Target,
    read: Read<Result>,
    init: Init,
  ): Promise<Result> {
    await this.#enter();
    let previous: TransientFailure | undefined;
    const attempt = () => {
      const options = typeof init === "function" ? init() : init;
      return this.#watched(options, async (watch) => {
        const url = typeof target === "string" ? target : target(previous);
        const response = await this.#fetch(url, options, watch);
        watch.touch();
        return await read(response, watch, this.#limits(options));
      });
    };
    try {
      return await this.#retried(attempt, typeof target !== "string", (failure) => {
        previous = failure;
      });
    } finally {
      this.#leave();
    }
  }

  /** @param isChanging whether another try may ask for less */
  #retried<Result>(
    attempt: () => Promise<Result>,
    isChanging: boolean,
    onFailure: (failure: TransientFailure) => void = () => {},
  ): Promise<Result> {
    const { name, attempts } = this.service;
    return pRetry(attempt, {
      retries: attempts - 1,
      minTimeout: FIRST_BACKOFF_MS * (this.effects.waitFactor ?? 1),
      maxTimeout: LONGEST_BACKOFF_MS,
      randomize: true,
      signal: this.effects.signal,
      shouldRetry: ({ error }) =>
        error instanceof TransientFailure && (isChanging || !(error instanceof TooLarge)),
      onFailedAttempt: ({ error, attemptNumber, retriesLeft }) => {
        if (!(error instanceof TransientFailure)) return;
        onFailure(error);
        if (retriesLeft === 0 || error instanceof TooLarge && !isChanging) return;
        this.effects.log.info(
          `${name}: ${error.message}; trying again (${attemptNumber} of ${attempts})`,
        );
      },
    });
  }

  /** Sends nothing to this service for so many seconds, beside what it requested itself. */
  hold(seconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.effects.now().getTime() + 1000 * seconds);
  }

  /** One try: waits for its turn, counts it, watches its time, classes its failure. */
  async #watched<Result>(
    options: RequestOptions,
    work: (watch: Watch) => Promise<Result>,
  ): Promise<Result> {
    await this.#slot();
    this.requests += 1;
    const watch = this.#watch(options);
    try {
      return await Promise.race([work(watch), rejection(watch.signal)]);
    } catch (error) {
      throw this.#classed(error, watch);
    } finally {
      watch.end();
    }
  }

  #watch(options: RequestOptions): Watch {
    const { seconds } = this.#limits(options);
    return new Watch(this.service.timeoutSeconds, seconds, this.effects.signal);
  }

  #limits({ limits }: RequestOptions): ResponseLimits {
    return {
      bytes: MOST_BYTES,
      seconds: Math.max(MOST_SECONDS, 10 * this.service.timeoutSeconds),
      ...this.service.limits,
      ...limits,
    };
  }

  /** Follows redirects, to another origin without the headers that were meant for this one. */
  async #fetch(
    address: string,
    { limits: _, ...options }: RequestOptions,
    watch: Watch,
  ): Promise<Response> {
    let init: RequestInit = {
      ...options,
      headers: { ...this.service.headers, ...options.headers as Record<string, string> },
      redirect: "manual",
      signal: watch.signal,
    };
    for (let url = address, redirects = 0;; redirects++) {
      const response = await this.effects.fetch(url, init);
      const location = response.headers.get("location");
      const isRedirect = [301, 302, 303, 307, 308].includes(response.status);
      if (!isRedirect || location === null || options.redirect === "manual") return response;
      await response.body?.cancel();
      if (redirects === MOST_REDIRECTS) throw new PermanentFailure("redirects without end");
      const next = redirectTarget(location, url);
      if (next.origin !== new URL(url).origin) init = withoutSecrets(init);
      const isGetNow = response.status === 303 ||
        init.method === "POST" && (response.status === 301 || response.status === 302);
      if (isGetNow) init = { ...init, method: "GET", body: undefined };
      url = next.href;
    }
  }

  #classed(thrown: unknown, watch: Watch): unknown {
    if (this.effects.signal.aborted) return this.effects.signal.reason;
    const error = this.service.classify?.(thrown, this.effects.now()) ?? thrown;
    if (error instanceof TransientFailure) {
      const seconds = error.more.waitSeconds ?? 0;
      if (seconds > (this.service.longestWaitSeconds ?? LONGEST_WAIT_SECONDS)) {
        return new FatalFailure(`${this.service.name} asks to wait ${describeWait(seconds)}`);
      }
      this.hold(seconds);
      if (watch.expired === undefined) return error;
    }
    if (error instanceof PermanentFailure || error instanceof FatalFailure) return error;
    if (watch.expired !== undefined) return new TransientFailure(watch.expired, { timedOut: true });
    if (isNetworkFault(error)) return new TransientFailure(messageOf(error));
    return error;
  }

  /** Waits until the pace and the service's own pauses allow one more request. */
  async #slot(): Promise<void> {
    for (;;) {
      this.effects.signal.throwIfAborted();
      const now = this.effects.now().getTime();
      const wait = Math.max(this.#pausedUntil, this.#nextSlot) - now;
      if (wait <= 0) {
        if (this.#burst > 0) this.#burst--;
        else this.#nextSlot = Math.max(this.#nextSlot, now) + 1000 / this.service.requestsPerSecond;
        return;
      }
      await pause(Math.min(wait, 1000), this.effects.signal);
    }
  }

  async #enter(): Promise<void> {
    if (this.#inFlight >= this.service.concurrency) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#inFlight += 1;
    }
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inFlight -= 1;
  }
}

/** Waits, or throws the signal's reason. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

/** Rejects when the signal is aborted; never resolves. */
function rejection(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return promise;
}

function redirectTarget(location: string, from: string): URL {
  if (!URL.canParse(location, from)) {
    throw new PermanentFailure("a redirect without an address to go to");
  }
  const target = new URL(location, from);
  if (target.protocol !== "http:" && target.protocol !== "https:") {
    throw new PermanentFailure(`a redirect to an address of the kind "${target.protocol}"`);
  }
  target.username = "";
  target.password = "";
  return target;
}

/** Keys are in headers of many names, so that only what is known to hold none goes along. */
function withoutSecrets(init: RequestInit): RequestInit {
  const headers = Object.entries(init.headers as Record<string, string>)
    .filter(([name]) => HARMLESS_HEADERS.includes(name.toLowerCase()));
  return { ...init, headers: Object.fromEntries(headers) };
}

function describeWait(seconds: number): string {
  return seconds < 7200
    ? `${Math.round(seconds / 60)} minutes`
    : `${Math.round(seconds / 3600)} hours`;
}

/** How every service is reported who asks, with an address for complaints where `CONTACT_EMAIL` is set. */
export function userAgent(env: Environment): string {
  const contact = env("CONTACT_EMAIL")?.replace(/[^\x21-\x7e]/g, "");
  return `open-data-usage/1.0 (${
    contact ? `contact: ${contact}` : "research on use of open data"
  })`;
}
