import type { DownloadRun } from "../storage/download_run.ts";
import { messageOf } from "../cli/errors.ts";
import { TransientFailure } from "../http/failures.ts";
import type { HttpClient } from "../http/client.ts";
import { BatchSize } from "./batch_size.ts";
import { queryFor, readGraphql, type Reading } from "./github.ts";
import { obeyHeaders } from "./rate_limits.ts";
import type { Place } from "./repository_ref.ts";

/**
 * Asks GitHub for repositories, one query after another: GitHub counts the processor seconds of all
 * queries at once. Sizes adapt; only what was not answered is asked again.
 */

/** Queries in a row that bring nothing before the service counts as down. */
const MOST_FAILURES = 12;
/** Failures of a query with one repository before REST is asked about it. */
const MOST_LONE_FAILURES = 3;
const FIRST_BACKOFF_SECONDS = 0.25;
const LONGEST_BACKOFF_SECONDS = 60;
const LONGEST_EXTRA_SECONDS = 600;

/** How the batches ended. */
export interface BatchesEnd {
  /** Why it stopped before its end; undefined when it did not. */
  stopped?: string;
  queries: number;
}

/**
 * Asks for every place that the run does not have yet, and keeps each answer as it came.
 * Repositories that GraphQL cannot explain stand in the journal as `unexplained`.
 * @param client with one attempt a request: a failed query is not sent again as it was
 * @throws {FatalFailure} for a token or query that is not taken.
 */
export async function askInBatches(
  client: HttpClient,
  endpoint: string,
  places: readonly Place[],
  run: DownloadRun,
  on: { answered: (count: number) => void; now: () => Date },
): Promise<BatchesEnd> {
  const open = [...places];
  const size = new BatchSize();
  let failures = 0;
  let loneFailures = 0;
  const giveUpFirst = async (reason: string) => {
    const { repository } = open.shift()!;
    const details = { service: "github_graphql", unexplained: [repository], reason };
    await run.append(`graphql ${run.size + 1}`, null, details, on.now());
    loneFailures = 0;
  };
  while (open.length > 0) {
    const batch = open.slice(0, size.current);
    try {
      const { content, reading } = await send(client, endpoint, batch);
      const { answered, unexplained } = reading;
      const names = (places: number[]) => places.map((at) => batch[at]!.repository);
      if (answered.length + unexplained.length > 0) {
        await run.append(`graphql ${run.size + 1}`, content, {
          service: "github_graphql",
          asked: batch.map(({ repository }) => repository),
          answered: names(answered),
          unexplained: names(unexplained),
        }, on.now());
        failures = 0;
        loneFailures = 0;
      } else {
        failures += 1;
        if (batch.length === 1) loneFailures += 1;
      }
      open.splice(0, batch.length, ...reading.open.map((at) => batch[at]!));
      on.answered(answered.length);
      if (reading.open.length > 0) size.halve(batch.length);
      else size.grow();
      if (loneFailures >= MOST_LONE_FAILURES) await giveUpFirst("limits leave it out");
    } catch (error) {
      if (!(error instanceof TransientFailure)) throw error;
      failures += 1;
      if (error.more.timedOut || error.more.waitSeconds === undefined) {
        if (batch.length === 1) loneFailures += 1;
        if (error.more.timedOut) size.halve(batch.length);
        const { random, waitFactor = 1 } = client.effects;
        client.hold(backoff(failures, random()) * waitFactor);
        if (loneFailures >= MOST_LONE_FAILURES && failures < MOST_FAILURES) {
          await giveUpFirst(messageOf(error));
        }
      } else {
        // a limit says nothing of the size; each one in a row makes the next wait longer
        const more = error.more.waitSeconds * (2 ** (failures - 1) - 1);
        client.hold(error.more.waitSeconds + Math.min(more, LONGEST_EXTRA_SECONDS));
      }
      client.effects.log.info(`${client.service.name}: ${error.message}; ${open.length} left`);
    }
    if (failures >= MOST_FAILURES) {
      return {
        stopped: `${client.service.name} answered none of ${failures} queries in a row`,
        queries: client.requests,
      };
    }
  }
  return { queries: client.requests };
}

async function send(
  client: HttpClient,
  endpoint: string,
  batch: Place[],
): Promise<{ content: Uint8Array; reading: Reading }> {
  return await client.request(endpoint, async (response) => {
    const content = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(content);
    const reading = readGraphql(response, text, batch.length, client.effects.now());
    obeyHeaders(client, response.headers);
    return { content, reading };
  }, {
    method: "POST",
    body: JSON.stringify(queryFor(batch)),
    headers: { "content-type": "application/json" },
    redirect: "manual",
  });
}

function backoff(failures: number, random: number): number {
  const seconds = FIRST_BACKOFF_SECONDS * 2 ** (failures - 1) * (0.5 + random);
  return Math.min(seconds, LONGEST_BACKOFF_SECONDS);
}
