/**
 * An embedded code host: GitHub's GraphQL and REST, GitLab's and Bitbucket's REST over real HTTP, for
 * the repositories it is given, with limits and faults of the real ones.
 * @module
 */
import { answerGraphql } from "./code_host_graphql.ts";
import { answerRest } from "./code_host_rest.ts";
import {
  cutAnswer,
  pause,
  retryLater,
  type Service,
  type ServiceOptions,
  startService,
} from "./service.ts";
import type { HostedRepository } from "../code/hosted_repositories.ts";

/** What can happen to a request instead of its answer. */
export type CodeHostFault =
  | "502"
  | "504"
  | "503"
  | "cut"
  | "secondary"
  | "rate-limited"
  | "resource-limits"
  | "something-wrong"
  | "slow";

/** All faults that end by themselves at once. */
export const CODE_HOST_FAULTS: readonly CodeHostFault[] = [
  "502",
  "504",
  "503",
  "cut",
  "secondary",
  "rate-limited",
  "resource-limits",
  "something-wrong",
];

export interface CodeHostOptions extends ServiceOptions<CodeHostFault> {
  readonly repositories: readonly HostedRepository[];
  /** The only token that GraphQL takes; default: any. */
  readonly token?: string;
  /** Queries with more repositories end with 502; default: none do. */
  readonly mostAliases?: number;
  /** Every query with this repository in it ends with 502. */
  readonly poison?: string;
  /** Requests that those without a token may send; default: any number. */
  readonly anonymousRequests?: number;
  /** Seconds until limits are lifted; default 1. */
  readonly retryAfterSeconds?: number;
  /** How long a "slow" answer takes; default 120,000. */
  readonly slowMs?: number;
}

export interface DemoCodeHost extends Service {
  /** For `[repositories]` of a config. */
  readonly config: {
    readonly github_api_url: string;
    readonly gitlab_api_url: string;
    readonly bitbucket_api_url: string;
  };
  /** Names of the repositories that GraphQL gave an answer for, one entry an answer. */
  readonly answered: string[];
}

/** Starts the host on 127.0.0.1. */
export function startCodeHost(options: CodeHostOptions): DemoCodeHost {
  const answered: string[] = [];
  const byName = new Map<string, HostedRepository>();
  for (const repository of options.repositories) {
    byName.set(repository.name.toLowerCase(), repository);
    byName.set(repository.currentName.toLowerCase(), repository);
  }
  const seconds = options.retryAfterSeconds ?? 1;
  let anonymous = 0;

  const resetHeaders = () => ({
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000 + seconds)),
  });

  /** Faults before the query is looked at. */
  function refusal(fault: CodeHostFault | undefined, isGraphql: boolean): Response | undefined {
    switch (fault) {
      case "502":
      case "504":
        return new Response("<html>Unicorn!</html>", { status: Number(fault) });
      case "503":
        return retryLater(503, seconds);
      case "secondary":
        return Response.json({
          message: "You have exceeded a secondary rate limit. Please wait a few minutes.",
        }, { status: 403, headers: { "retry-after": String(seconds) } });
      case "rate-limited":
        return isGraphql
          ? Response.json({
            errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded for user ID 1." }],
          }, { headers: resetHeaders() })
          : Response.json({ message: "API rate limit exceeded for 127.0.0.1." }, {
            status: 403,
            headers: resetHeaders(),
          });
      case "something-wrong":
        return isGraphql
          ? Response.json({
            data: null,
            errors: [{
              message: "Something went wrong while executing your query. " +
                "This may be the result of a timeout, or it could be a GitHub bug.",
            }],
          })
          : new Response("Server Error", { status: 500 });
      default:
        return undefined;
    }
  }

  async function answer(
    request: Request,
    fault: CodeHostFault | undefined,
    closed: AbortSignal,
  ): Promise<Response> {
    const url = new URL(request.url);
    const isGraphql = url.pathname === "/github/graphql";
    const token = /^bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    const body = isGraphql ? await request.json() : undefined;
    const refused = refusal(fault, isGraphql);
    if (refused !== undefined) return refused;
    if (fault === "slow") await pause(options.slowMs ?? 120_000, closed);
    if (isGraphql) {
      if (token === undefined || (options.token !== undefined && token !== options.token)) {
        return Response.json({ message: "Bad credentials" }, { status: 401 });
      }
      const given = answerGraphql(body, byName, {
        isCut: fault === "resource-limits",
        mostAliases: options.mostAliases ?? Infinity,
        poison: options.poison?.toLowerCase(),
      });
      if (given === undefined) return new Response("<html>Unicorn!</html>", { status: 502 });
      if (fault !== "cut") answered.push(...given.answered);
      const content = new TextEncoder().encode(JSON.stringify(given.answer));
      const headers = { "content-type": "application/json", "x-ratelimit-remaining": "4000" };
      return fault === "cut" ? cutAnswer(content, headers) : new Response(content, { headers });
    }
    if (token === undefined && url.pathname.startsWith("/github/")) {
      anonymous += 1;
      if (anonymous > (options.anonymousRequests ?? Infinity)) {
        return refusal("rate-limited", false)!;
      }
    }
    const response = answerRest(url, byName);
    if (fault !== "cut") return response;
    return cutAnswer(new Uint8Array(await response.arrayBuffer()), {});
  }

  const service = startService("code host", options, answer);
  const { url } = service;
  return {
    ...service,
    config: {
      github_api_url: `${url}/github`,
      gitlab_api_url: `${url}/gitlab/{host}/api/v4`,
      bitbucket_api_url: `${url}/bitbucket/2.0`,
    },
    answered,
  };
}
