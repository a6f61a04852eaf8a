import type { Config } from "../pipeline/config.ts";
import type { DownloadRun } from "../storage/download_run.ts";
import type { Environment } from "../cli/environment.ts";
import { messageOf } from "../cli/errors.ts";
import { FatalFailure } from "../http/failures.ts";
import type { Effects, HttpClient } from "../http/client.ts";
import type { Bar } from "../cli/progress.ts";
import { userAgent } from "../http/user_agent.ts";
import { PATIENCE_SECONDS, patientClient, singleTryClient } from "./clients.ts";
import { bitbucket, githubRest, gitlab } from "./rest_apis.ts";
import { askInBatches } from "./github_batches.ts";
import { QuotaSpent } from "./rate_limits.ts";
import type { Place } from "./repository_ref.ts";
import { answeredIn } from "./repository_answers.ts";
import { askByRest, type Dialect } from "./rest.ts";

/** Repositories in a row without an answer before a host counts as down. */
const MOST_FAILURES = 3;

/** Asks every host about the repositories on it; what the run has already is not asked again. */
export class CodeHosts {
  /** Why something is missing, in words for the person. */
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
  async askGithub(places: readonly Place[]): Promise<void> {
    if (places.length === 0) return;
    const api = this.config.repositories.github_api_url.replace(/\/$/, "");
    const headers: Record<string, string> = {
      ...this.#headers,
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
      ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
    };
    if (this.#token !== undefined) {
      const known = answeredIn(this.run.entries());
      const open = places.filter(({ repository }) =>
        !known.graphql.has(repository) && !known.unexplained.has(repository) &&
        !known.closed.has(repository)
      );
      const client = singleTryClient("GitHub GraphQL", headers, this.effects);
      try {
        const end = await askInBatches(client, `${api}/graphql`, open, this.run, {
          answered: (count) => this.on.bar.advance(count, { note: "github.com" }),
          now: this.on.now,
        });
        if (end.stopped !== undefined) this.reasons.push(end.stopped);
      } finally {
        this.requests.graphql = client.requests;
      }
    }
    const { graphql, unexplained } = answeredIn(this.run.entries());
    const left = places.filter(({ repository }) =>
      !graphql.has(repository) && (unexplained.has(repository) || this.#token === undefined)
    );
    const client = patientClient("GitHub", headers, this.effects);
    await this.#askRest(client, githubRest(api), left, this.#token === undefined);
  }

  async askGitlab(places: readonly Place[]): Promise<void> {
    const dialect = gitlab(this.config.repositories.gitlab_api_url);
    for (const host of new Set(places.map((place) => place.host))) {
      const client = patientClient(host, this.#headers, this.effects);
      await this.#askRest(client, dialect, places.filter((place) => place.host === host), true);
    }
  }

  async askBitbucket(places: readonly Place[]): Promise<void> {
    const client = patientClient("Bitbucket", this.#headers, this.effects);
    await this.#askRest(
      client,
      bitbucket(this.config.repositories.bitbucket_api_url),
      places,
      true,
    );
  }

  async #askRest(
    client: HttpClient,
    dialect: Dialect,
    places: readonly Place[],
    isAnonymous: boolean,
  ): Promise<void> {
    const { closed } = answeredIn(this.run.entries());
    const open = places.filter(({ repository }) => !closed.has(repository));
    let failures = 0;
    const options = {
      now: this.on.now,
      patienceSeconds: isAnonymous ? PATIENCE_SECONDS : Infinity,
    };
    for (const [at, place] of open.entries()) {
      const left = `${open.length - at} of ${places.length} repositories are left`;
      try {
        const { isTransient } = await askByRest(dialect, client, place, this.run, options);
        failures = isTransient ? failures + 1 : 0;
        this.on.bar.advance(1, { note: place.host });
        if (failures < MOST_FAILURES) continue;
        this.reasons.push(`${client.service.name} answers nothing: ${left}, run again later`);
        break;
      } catch (error) {
        if (!(error instanceof FatalFailure)) throw error;
        const next = error instanceof QuotaSpent
          ? `run again in an hour${
            dialect.service === "github_rest" && !this.hasToken ? " or set GITHUB_TOKEN" : ""
          }`
          : "run again when this is mended";
        this.reasons.push(`${client.service.name}: ${messageOf(error)}: ${left}, ${next}`);
        break;
      }
    }
    const name = dialect.service;
    this.requests[name] = (this.requests[name] ?? 0) + client.requests;
  }
}
