/**
 * GitHub's GraphQL: asks for many repositories in one query, each under an alias of its own. An
 * answer is seldom complete: dead repositories are errors beside data, and limits leave some of it
 * out. One query after another, because GitHub counts the processor seconds of all queries at once;
 * batch sizes adapt, and only what was not answered is asked again.
 * @module
 */

import { messageOf } from "../cli/errors.ts";
import type { HttpClient } from "../http/client.ts";
import { FatalFailure, TransientFailure } from "../http/failures.ts";
import type { DownloadRun } from "../storage/download_run.ts";
import { member, parseJson, text, truth, whole } from "./json_values.ts";
import { type ManifestFile, MANIFESTS } from "./manifests.ts";
import { failureOfHost, obeyHeaders, secondsUntilReset } from "./rate_limits.ts";
import type { RepositoryRef } from "./repository_ref.ts";

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
 * Asks for every repository that the run does not have yet, and keeps each answer as received.
 * Repositories that GraphQL cannot explain are in the journal as `unexplained`.
 * @param client with one attempt a request: a failed query is not sent again as it was
 * @throws {FatalFailure} for a token or query that is not taken.
 */
export async function askInBatches(
  client: HttpClient,
  endpoint: string,
  refs: readonly RepositoryRef[],
  run: DownloadRun,
  on: { answered: (count: number) => void; now: () => Date },
): Promise<BatchesEnd> {
  const open = [...refs];
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
      const names = (positions: number[]) => positions.map((at) => batch[at]!.repository);
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
  batch: RepositoryRef[],
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

/**
 * How many repositories a query asks for. 25 with their manifests are answered by GitHub as a rule,
 * 50 sometimes not (gato-x #270, 2026-05): so it falls by half and comes back in steps, small ones
 * beyond what is known to go well.
 */
export class BatchSize {
  static readonly START = 25;
  static readonly LARGEST = 50;
  static readonly USUAL = 30;

  #size = BatchSize.START;

  get current(): number {
    return this.#size;
  }

  /** After a query that was too much. */
  halve(asked: number): void {
    this.#size = Math.max(1, Math.floor(Math.min(asked, this.#size) / 2));
  }

  /** After a query that was answered whole. */
  grow(): void {
    const next = this.#size < BatchSize.USUAL
      ? Math.min(this.#size + 8, BatchSize.USUAL)
      : this.#size + 2;
    this.#size = Math.min(next, BatchSize.LARGEST);
  }
}

/** Owner and name come in as variables and are never pasted; the fields are checked against GitHub's schema. */
export function queryFor(refs: readonly RepositoryRef[]): {
  query: string;
  variables: Record<string, string>;
} {
  const variables: Record<string, string> = {};
  const aliases = refs.map(({ path }, at) => {
    const [owner, name] = path.split("/");
    variables[`o${at}`] = owner!;
    variables[`n${at}`] = name!;
    return `r${at}: repository(owner: $o${at}, name: $n${at}) { ...Facts }`;
  });
  const declared = refs.map((_, at) => `$o${at}: String!, $n${at}: String!`).join(", ");
  return { query: `query(${declared}) {\n${aliases.join("\n")}\n}\n${FRAGMENTS}`, variables };
}

const FRAGMENTS = `fragment Facts on Repository {
  databaseId nameWithOwner url description homepageUrl createdAt pushedAt
  stargazerCount forkCount isArchived isFork isTemplate isMirror isDisabled isEmpty
  owner { __typename login ... on Organization { websiteUrl isVerified } ... on User { websiteUrl } }
  parent { nameWithOwner } defaultBranchRef { name } primaryLanguage { name }
  licenseInfo { key spdxId }
  repositoryTopics(first: 20) { nodes { topic { name } } }
${
  MANIFESTS.map(({ path, alias }) => `  ${alias}: object(expression: "HEAD:${path}") { ...File }`)
    .join("\n")
}
}
fragment File on Blob { byteSize isBinary isTruncated text }`;

/** What an answer says of each repository asked, by its position in the query. */
export interface Reading {
  /** Shown whole, or not there. */
  answered: number[];
  /** Neither shown nor said to be missing: REST knows why. */
  unexplained: number[];
  /** Left out by a limit; to be asked again, in a smaller query. */
  open: number[];
}

/**
 * Reads an answer of the GraphQL endpoint.
 * @throws {TransientFailure} for limits and overload (`timedOut`: a smaller query may go well),
 *   {FatalFailure} for a token or a query that GitHub does not take.
 */
export function readGraphql(
  response: Response,
  content: string,
  count: number,
  now: Date,
): Reading {
  const { status, headers } = response;
  if (status === 401) {
    throw new FatalFailure(`GitHub does not take the token (HTTP 401): renew GITHUB_TOKEN`);
  }
  if (status === 502 || status === 504) {
    throw new TransientFailure(`HTTP ${status}`, { timedOut: true });
  }
  if (status !== 200) throw failureOfHost(response, content, now);
  const answer = parseJson(content);
  const errors = errorsOf(answer);
  if (errors.some(({ type }) => type === "RATE_LIMITED" || type === "RATE_LIMIT")) {
    throw new TransientFailure("the hourly limit is reached", {
      waitSeconds: secondsUntilReset(headers, now) ?? 60,
    });
  }
  const data = member(answer, "data");
  if (data === null || typeof data !== "object") {
    const first = errors[0];
    if (first?.isFaultOfQuery) {
      throw new FatalFailure(`GitHub does not take the query: ${first.message}`);
    }
    // "Something went wrong while executing your query. This may be the result of a timeout"
    throw new TransientFailure(first?.message ?? messageIn(answer) ?? "an answer without data", {
      timedOut: true,
    });
  }
  const reading: Reading = { answered: [], unexplained: [], open: [] };
  const isCut = errors.some(({ alias, isLimit }) => alias === undefined && isLimit);
  for (let at = 0; at < count; at++) {
    const own = errors.filter(({ alias }) => alias === `r${at}`);
    const value = member(data, `r${at}`);
    if (value === undefined || own.some(({ isLimit }) => isLimit)) reading.open.push(at);
    else if (value === null && own.some(({ type }) => type === "NOT_FOUND")) {
      reading.answered.push(at);
    } else if (value === null && own.length === 0 && isCut) reading.open.push(at);
    else if (value === null || own.length > 0 || truth(member(value, "isDisabled"))) {
      reading.unexplained.push(at);
    } else reading.answered.push(at);
  }
  return reading;
}

/** The manifests in a GraphQL `Repository`; a folder of that name has no bytes. */
export function filesOfGraphql(node: unknown): ManifestFile[] {
  return MANIFESTS.flatMap(({ path, alias }) => {
    const blob = member(node, alias);
    const bytes = whole(member(blob, "byteSize"));
    if (bytes === null) return [];
    const content = member(blob, "text");
    return [{
      path,
      bytes,
      text: typeof content === "string" ? content : null,
      isBinary: truth(member(blob, "isBinary")) ?? false,
      isTruncated: truth(member(blob, "isTruncated")) ?? false,
    }];
  });
}

function errorsOf(answer: unknown) {
  const errors = member(answer, "errors");
  return (Array.isArray(errors) ? errors : []).map((error) => {
    const type = text(member(error, "type"));
    const message = text(member(error, "message")) ?? "an error without words";
    const path = member(error, "path");
    return {
      type,
      message,
      alias: Array.isArray(path) ? path[0] : undefined,
      isLimit: /LIMIT|TIMEOUT|UNAVAILABLE/.test(type ?? "") ||
        /timed? ?out|timeout|something went wrong/i.test(message),
      isFaultOfQuery: member(error, "extensions", "code") !== undefined,
    };
  });
}

function messageIn(answer: unknown): string | null {
  return text(member(answer, "message"));
}
