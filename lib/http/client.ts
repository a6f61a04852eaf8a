import pRetry from "p-retry";
import { messageOf } from "../cli/errors.ts";
import { FatalFailure, isNetworkFault, PermanentFailure, TransientFailure } from "./failures.ts";
import { Watch, watched, wholeBody } from "./watch.ts";

/**
 * Requests that finish by themselves: time limit, retry with backoff and jitter, pacing, and
 * `Retry-After` that pauses every request to the service. Failures are classed here, once.
 */

/** How a service is to be treated; the numbers come from the config. */
export interface ServiceOptions {
  /** How the service is called in messages. */
  name: string;
  /** Seconds until the answer begins, and between two pieces of it. */
  timeoutSeconds: number;
  /** Tries per request, the first included. */
  attempts: number;
  requestsPerSecond: number;
  /** Requests in flight. */
  concurrency: number;
  /** Sent with every request. */
  headers: Record<string, string>;
}

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

/** A wait longer than this is no pause but a refusal. */
const LONGEST_WAIT_SECONDS = 6 * 3600;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;

/** An address, or what gives it for each try. */
type Target = string | ((previous?: TransientFailure) => string);
/** What else is sent, or what gives it for each try. */
type Init = RequestInit | (() => RequestInit);
type Read<Result> = (response: Response, watch: Watch) => Promise<Result>;

/** One service on the network, with its pace and its pauses. */
export class HttpClient {
  /** Requests sent so far, tries included. */
  requests = 0;
  #waiting: (() => void)[] = [];
  #inFlight = 0;
  #nextSlot = 0;
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
    init: Init = {},
  ): Promise<Result> {
    return this.#request(target, (response, watch) => read(watched(response, watch)), init);
  }

  /**
   * The same for answers that are read whole, which is much cheaper than piece by piece. One of more
   * than `most` bytes counts as timed out: less is to be asked for.
   */
  requestBytes<Result>(
    target: Target,
    read: (response: Response, body: Uint8Array) => Result,
    most: number,
    init: Init = {},
  ): Promise<Result> {
    return this.#request(
      target,
      async (response, watch) => {
        const body = await wholeBody(response, watch, most, this.#largestBody);
        this.#largestBody = Math.max(this.#largestBody, body.length);
        return read(response, body);
      },
      init,
    );
  }

  async #request<Result>(target: Target, read: Read<Result>, init: Init): Promise<Result> {
    await this.#enter();
    let previous: TransientFailure | undefined;
    try {
      const url = () => typeof target === "string" ? target : target(previous);
      return await pRetry(() => this.#attempt(url, read, init), {
        retries: this.service.attempts - 1,
        minTimeout: FIRST_BACKOFF_MS * (this.effects.waitFactor ?? 1),
        maxTimeout: LONGEST_BACKOFF_MS,
        randomize: true,
        signal: this.effects.signal,
        shouldRetry: ({ error }) => error instanceof TransientFailure,
        onFailedAttempt: ({ error, attemptNumber, retriesLeft }) => {
          if (!(error instanceof TransientFailure)) return;
          previous = error;
          if (retriesLeft === 0) return;
          this.effects.log.info(
            `${this.service.name}: ${error.message}; trying again (${attemptNumber} of ${this.service.attempts})`,
          );
        },
      });
    } finally {
      this.#leave();
    }
  }

  /** Sends nothing to this service for so many seconds, beside what it asked for itself. */
  hold(seconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.effects.now().getTime() + 1000 * seconds);
  }

  async #attempt<Result>(
    url: () => string,
    read: Read<Result>,
    init: Init,
  ): Promise<Result> {
    await this.#slot();
    this.requests += 1;
    const watch = new Watch(this.service.timeoutSeconds, this.effects.signal);
    try {
      const sent = typeof init === "function" ? init() : init;
      const response = await this.effects.fetch(url(), {
        ...sent,
        headers: { ...this.service.headers, ...sent.headers as Record<string, string> },
        signal: watch.signal,
      });
      watch.touch();
      return await read(response, watch);
    } catch (error) {
      throw this.#classed(error, watch);
    } finally {
      watch.end();
    }
  }

  #classed(error: unknown, watch: Watch): unknown {
    if (this.effects.signal.aborted) return this.effects.signal.reason;
    if (error instanceof TransientFailure) {
      const seconds = error.more.waitSeconds ?? 0;
      if (seconds > LONGEST_WAIT_SECONDS) {
        return new FatalFailure(
          `${this.service.name} asks to wait ${Math.round(seconds / 3600)} hours`,
        );
      }
      this.hold(seconds);
      return error;
    }
    if (error instanceof PermanentFailure || error instanceof FatalFailure) return error;
    if (watch.expired) {
      return new TransientFailure(`no answer within ${this.service.timeoutSeconds} s`, {
        timedOut: true,
      });
    }
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
        this.#nextSlot = Math.max(this.#nextSlot, now) + 1000 / this.service.requestsPerSecond;
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
