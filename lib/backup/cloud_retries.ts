import pRetry from "p-retry";
import { cloudFailure } from "./cloud_failures.ts";
import { FatalFailure, TransientFailure } from "../http/failures.ts";
import { type Effects, pause } from "../http/client.ts";

/** Retries of requests to Cloud Storage: time limit, backoff with jitter, pauses for all. */

const ATTEMPTS = 8;
const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 30_000;
const LONGEST_WAIT_SECONDS = 3600;

/** The retries of one service; a `Retry-After` pauses every request. */
export class CloudRetries {
  /** Requests sent so far, tries included. */
  requests = 0;
  #pausedUntil = 0;

  constructor(readonly effects: Effects, readonly limitSeconds: number) {}

  /**
   * Runs one request, again where it fails in passing.
   * @throws {TransientFailure} after the last attempt, and whatever lasts.
   */
  request<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    return pRetry(async () => {
      await this.begin();
      const limit = new TimeLimit(this.limitSeconds, this.effects.signal);
      try {
        // the client of Cloud Storage knows no signals
        return await Promise.race([work(limit.signal), limit.reached]);
      } catch (error) {
        throw this.#classed(limit.isOver ? limit.failure : error);
      } finally {
        limit.end();
      }
    }, {
      retries: ATTEMPTS - 1,
      minTimeout: FIRST_BACKOFF_MS * (this.effects.waitFactor ?? 1),
      maxTimeout: LONGEST_BACKOFF_MS,
      randomize: true,
      signal: this.effects.signal,
      shouldRetry: ({ error }) => error instanceof TransientFailure,
      onFailedAttempt: ({ error, attemptNumber, retriesLeft }) => {
        if (error instanceof TransientFailure && retriesLeft > 0) {
          this.#logRetry(error, attemptNumber);
        }
      },
    });
  }

  /**
   * Pieces of a long answer, taken up again by `open` after a cut; it must know where to continue.
   * A piece that comes makes the failures before it forgotten.
   */
  async *pieces<Piece>(open: (signal: AbortSignal) => AsyncIterable<Piece>): AsyncGenerator<Piece> {
    for (let failures = 0;;) {
      await this.begin();
      const cut = new AbortController();
      const pieces = open(cut.signal)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const limit = new TimeLimit(this.limitSeconds, this.effects.signal);
          const next = await Promise.race([pieces.next(), limit.reached]).finally(() =>
            limit.end()
          );
          if (next.done) return;
          failures = 0;
          yield next.value;
        }
      } catch (error) {
        const failure = this.#classed(error);
        failures += 1;
        if (!(failure instanceof TransientFailure) || failures >= ATTEMPTS) throw failure;
        this.#logRetry(failure, failures);
        const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), LONGEST_BACKOFF_MS);
        const { random, signal, waitFactor = 1 } = this.effects;
        await pause(backoff * (1 + random()) * waitFactor, signal);
      } finally {
        // an answer that exists still does not end by itself
        cut.abort();
      }
    }
  }

  /** Waits for the end of a pause, and counts one request. */
  async begin(): Promise<void> {
    for (;;) {
      this.effects.signal.throwIfAborted();
      const wait = this.#pausedUntil - this.effects.now().getTime();
      if (wait <= 0) break;
      await pause(Math.min(wait, 1000), this.effects.signal);
    }
    this.requests += 1;
  }

  #classed(error: unknown): unknown {
    if (this.effects.signal.aborted) return this.effects.signal.reason;
    const failure = cloudFailure(error, this.effects.now());
    if (!(failure instanceof TransientFailure)) return failure;
    const seconds = failure.more.waitSeconds ?? 0;
    if (seconds > LONGEST_WAIT_SECONDS) {
      return new FatalFailure(`Cloud Storage asks to wait ${Math.round(seconds / 60)} minutes`);
    }
    this.#pausedUntil = Math.max(this.#pausedUntil, this.effects.now().getTime() + 1000 * seconds);
    return failure;
  }

  #logRetry(failure: Error, attempt: number): void {
    this.effects.log.info(
      `Cloud Storage: ${failure.message}; trying again (${attempt} of ${ATTEMPTS})`,
    );
  }
}

/** Ends a wait when the time is over, or when the run is stopped. */
class TimeLimit {
  isOver = false;
  readonly reached: Promise<never>;
  #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout>;
  #stop: () => void;

  constructor(readonly seconds: number, readonly outer: AbortSignal) {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.reached = promise;
    this.#stop = () => {
      this.#controller.abort(outer.reason);
      reject(outer.reason);
    };
    this.#timer = setTimeout(() => {
      this.isOver = true;
      this.#controller.abort(this.failure);
      reject(this.failure);
    }, seconds * 1000);
    outer.addEventListener("abort", this.#stop, { once: true });
  }

  get failure(): TransientFailure {
    return new TransientFailure(`no answer within ${this.seconds} s`, { timedOut: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.outer.removeEventListener("abort", this.#stop);
  }
}
