import { FatalFailure, TransientFailure } from "../http/failures.ts";
import { type ManifestFile, MANIFESTS } from "./manifests.ts";
import type { Place } from "./repository_ref.ts";
import { failureOfHost, secondsUntilReset } from "./rate_limits.ts";
import { member, parseJson, text, truth, whole } from "./json_values.ts";

/**
 * GitHub's GraphQL: many repositories a query, each under an alias of its own. An answer is seldom
 * whole: dead repositories are errors beside data, and limits leave some of it out.
 */

/** Owner and name come in as variables and are never pasted; the fields are checked against GitHub's schema. */
export function queryFor(places: readonly Place[]): {
  query: string;
  variables: Record<string, string>;
} {
  const variables: Record<string, string> = {};
  const aliases = places.map(({ path }, at) => {
    const [owner, name] = path.split("/");
    variables[`o${at}`] = owner!;
    variables[`n${at}`] = name!;
    return `r${at}: repository(owner: $o${at}, name: $n${at}) { ...Facts }`;
  });
  const declared = places.map((_, at) => `$o${at}: String!, $n${at}: String!`).join(", ");
  return { query: `query(${declared}) {\n${aliases.join("\n")}\n}\n${FRAGMENTS}`, variables };
}

const FRAGMENTS = `fragment Facts on Repository {
  databaseId nameWithOwner url description homepageUrl createdAt pushedAt
  stargazerCount forkCount isArchived isFork isTemplate isMirror isDisabled isEmpty
  parent { nameWithOwner } defaultBranchRef { name } primaryLanguage { name }
  licenseInfo { key spdxId }
  repositoryTopics(first: 20) { nodes { topic { name } } }
${
  MANIFESTS.map(({ path, alias }) => `  ${alias}: object(expression: "HEAD:${path}") { ...File }`)
    .join("\n")
}
}
fragment File on Blob { byteSize isBinary isTruncated text }`;

/** What an answer says of each repository asked, by its place in the query. */
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
