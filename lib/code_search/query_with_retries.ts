/**
 * Asks a service one query until its answer is whole, or it is clear that it will not be.
 *
 * @module
 */
import { PermanentFailure, TransientFailure } from "../http/failures.ts";
import type { HttpClient } from "../http/client.ts";
import type { Answer } from "./backend.ts";

/** What one try brought. */
export interface Attempt {
  /**
   * `complete`; `limited`: a limit cut the answer; `slow`: parts of the service ran out of time;
   * `gap`: parts of the service did not answer; `broken`: the answer came in pieces; `refused`: the service does not take the query.
   */
  outcome: "complete" | "limited" | "slow" | "gap" | "broken" | "refused";
  /** In the service's words; null when complete. */
  reason: string | null;
  body: Uint8Array;
  matches: number;
  more?: Record<string, unknown>;
}

/**
 * Gaps and refusals are often the query's own doing and come again however often it is sent: after
 * so many tries smaller queries are the better way.
 */
const PATIENCE = 3;
const FAULTS = new Set<Attempt["outcome"]>(["slow", "gap", "broken"]);

/**
 * Sends a query. What is incomplete for a passing reason is sent again; of several incomplete
 * answers the one with the most matches is kept.
 * @param patience how many answers with a gap, or refusals, are enough
 * @param canSplit whether smaller queries can take its place: they are as cheap as the same query
 * once more, and more likely to be answered in time
 * @throws {FatalFailure} where no query to this service will go well.
 */
export async function queryWithRetries(
  client: HttpClient,
  sent: string,
  request: { target: string; init?: RequestInit },
  read: (response: Response) => Promise<Attempt>,
  { patience = PATIENCE, canSplit = false }: { patience?: number; canSplit?: boolean } = {},
): Promise<Answer> {
  let attempts = 0;
  let hopeless = 0;
  let best: Attempt | undefined;
  const answered = (attempt: Attempt): Answer => ({
    status: attempt.outcome === "complete"
      ? "complete"
      : attempt.outcome === "refused"
      ? "failed"
      : "partial",
    reason: attempt.reason,
    isSplit: attempt.outcome !== "complete",
    isFault: FAULTS.has(attempt.outcome),
    isBroken: attempt.outcome === "broken",
    body: attempt.body,
    matches: attempt.matches,
    sent,
    attempts,
    more: attempt.more,
  });
  try {
    return await client.request(
      () => {
        attempts += 1;
        return request.target;
      },
      async (response) => {
        const attempt = await read(response);
        const isFinal = attempt.outcome === "complete" || attempt.outcome === "limited" ||
          attempt.outcome === "slow" && canSplit && best === undefined;
        if (isFinal) return answered(attempt);
        if (best === undefined || attempt.matches >= best.matches) best = attempt;
        // the best try may have been cut; that smaller queries are wanted says this one
        if (attempt.outcome !== "broken" && ++hopeless >= patience) {
          return {
            ...answered(best),
            reason: attempt.reason,
            isFault: FAULTS.has(attempt.outcome),
            isBroken: false,
          };
        }
        throw new TransientFailure(attempt.reason ?? attempt.outcome);
      },
      request.init,
    );
  } catch (error) {
    if (!(error instanceof TransientFailure) && !(error instanceof PermanentFailure)) throw error;
    if (best !== undefined) return { ...answered(best), reason: error.message };
    const isTooLarge = /^HTTP 41[34]/.test(error.message);
    const isSlow = error instanceof TransientFailure && error.more.timedOut === true;
    return {
      status: "failed",
      reason: error.message,
      isSplit: isTooLarge || isSlow,
      isFault: !isTooLarge,
      body: null,
      matches: 0,
      sent,
      attempts,
    };
  }
}
