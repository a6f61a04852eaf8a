/**
 * Asks every code host about the repositories on it, GitHub by GraphQL where there is a token.
 * @module
 */

import type { Environment } from "../cli/environment.ts";
import { messageOf } from "../cli/errors.ts";
import type { Bar } from "../cli/progress.ts";
import type { Effects, HttpClient } from "../http/client.ts";
import { FatalFailure } from "../http/failures.ts";
import { userAgent } from "../http/client.ts";
import type { Config } from "../pipeline/config.ts";
import type { DownloadRun } from "../storage/download_run.ts";
import { askInBatches } from "./github.ts";
import { PATIENCE_SECONDS, patientClient, QuotaSpent, singleTryClient } from "./rate_limits.ts";
import { answeredIn } from "./repository_answers.ts";
import type { RepositoryRef } from "./repository_ref.ts";
import { askByRest, bitbucket, githubRest, gitlab, type RestApi } from "./rest.ts";

/** Repositories in a row without an answer before a host counts as down. */
const MOST_FAILURES = 3;

/** Asks every host about the repositories on it; what the run has already is not asked again. */
export class CodeHosts {
  /** Why something is missing, as sentences for people. */
  readonly reasons: string[] = [];
  readonly requests: Record<string, number> = {};
  readonly #token: string | undefined;
  readonly #headers: Record<string, string>;

  constructor(
    readonly config: Config,
    env: Environment,
    readonly effects: Effects,
    readonly run: DownloadRun,
    readonly on: { bar: Bar; now: () => Date },
  ) {
    this.#token = env("GITHUB_TOKEN");
    this.#headers = { "user-agent": userAgent(env) };
  }

  get hasToken(): boolean {
    return this.#token !== undefined;
  }

  /** GitHub: GraphQL where there is a token, then REST for what it cannot explain. */
  async askGithub(refs: readonly RepositoryRef[]): Promise<void> {
    if (refs.length === 0) return;
    const apiUrl = this.config.repositories.github_api_url.replace(/\/$/, "");
    const headers: Record<string, string> = {
      ...this.#headers,
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
      ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
    };
    if (this.#token !== undefined) {
      const known = answeredIn(this.run.entries());
      const open = refs.filter(({ repository }) =>
        !known.graphql.has(repository) && !known.unexplained.has(repository) &&
        !known.closed.has(repository)
      );
      const client = singleTryClient("GitHub GraphQL", headers, this.effects);
      try {
        const end = await askInBatches(client, `${apiUrl}/graphql`, open, this.run, {
          answered: (count) => this.on.bar.advance(count, { note: "github.com" }),
          now: this.on.now,
        });
        if (end.stopped !== undefined) this.reasons.push(end.stopped);
      } finally {
        this.requests.graphql = client.requests;
      }
    }
    const { graphql, unexplained } = answeredIn(this.run.entries());
    const left = refs.filter(({ repository }) =>
      !graphql.has(repository) && (unexplained.has(repository) || this.#token === undefined)
    );
    const client = patientClient("GitHub", headers, this.effects);
    await this.#askRest(client, githubRest(apiUrl), left, this.#token === undefined);
  }

  async askGitlab(refs: readonly RepositoryRef[]): Promise<void> {
    const api = gitlab(this.config.repositories.gitlab_api_url);
    for (const host of new Set(refs.map((ref) => ref.host))) {
      const client = patientClient(host, this.#headers, this.effects);
      await this.#askRest(client, api, refs.filter((ref) => ref.host === host), true);
    }
  }

  async askBitbucket(refs: readonly RepositoryRef[]): Promise<void> {
    const client = patientClient("Bitbucket", this.#headers, this.effects);
    await this.#askRest(
      client,
      bitbucket(this.config.repositories.bitbucket_api_url),
      refs,
      true,
    );
  }

  async #askRest(
    client: HttpClient,
    api: RestApi,
    refs: readonly RepositoryRef[],
    isAnonymous: boolean,
  ): Promise<void> {
    const { closed } = answeredIn(this.run.entries());
    const open = refs.filter(({ repository }) => !closed.has(repository));
    let failures = 0;
    const options = {
      now: this.on.now,
      patienceSeconds: isAnonymous ? PATIENCE_SECONDS : Infinity,
    };
    for (const [at, ref] of open.entries()) {
      const left = `${open.length - at} of ${refs.length} repositories are left`;
      try {
        const { isTransient } = await askByRest(api, client, ref, this.run, options);
        failures = isTransient ? failures + 1 : 0;
        this.on.bar.advance(1, { note: ref.host });
        if (failures < MOST_FAILURES) continue;
        this.reasons.push(`${client.service.name} does not answer: ${left}, run again later`);
        break;
      } catch (error) {
        if (!(error instanceof FatalFailure)) throw error;
        const next = error instanceof QuotaSpent
          ? `run again in an hour${
            api.service === "github_rest" && !this.hasToken ? " or set GITHUB_TOKEN" : ""
          }`
          : "run again when this is fixed";
        this.reasons.push(`${client.service.name}: ${messageOf(error)}: ${left}, ${next}`);
        break;
      }
    }
    const name = api.service;
    this.requests[name] = (this.requests[name] ?? 0) + client.requests;
  }
}
