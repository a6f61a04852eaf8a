/**
 * The HTTP client of a catalogue: the pace of `[download]`, the user agent, the key. And the sentence
 * that a failure becomes.
 *
 * @module
 */

import type { Config } from "../pipeline/config.ts";
import type { Environment } from "../cli/environment.ts";
import { StageError, UsageError } from "../cli/errors.ts";
import { FatalFailure, PermanentFailure, TransientFailure } from "../http/failures.ts";
import { type Effects, HttpClient } from "../http/client.ts";
import { userAgent } from "../http/client.ts";

/**
 * @param keyHeader the header that carries the key which `site.api_key_env` names
 * @throws {UsageError} where the variable that is named is not set
 */
export function catalogueClient(
  config: Config,
  env: Environment,
  effects: Effects,
  keyHeader: string,
): HttpClient {
  const key = keyOf(config, env);
  const { download } = config;
  return new HttpClient({
    name: config.site.title,
    timeoutSeconds: download.timeout_seconds,
    attempts: download.attempts,
    requestsPerSecond: download.requests_per_second,
    concurrency: download.concurrency,
    headers: {
      accept: "application/json",
      "user-agent": userAgent(env),
      ...(key === undefined ? {} : { [keyHeader]: key }),
    },
  }, effects);
}

function keyOf(config: Config, env: Environment): string | undefined {
  const name = config.site.api_key_env;
  if (name === undefined) return undefined;
  const key = env(name);
  if (key === undefined) {
    throw new UsageError(
      `the variable "${name}" that site.api_key_env names is not set: set it, or take the line out of the config`,
    );
  }
  return key;
}

/** What a kind of catalogue says of its failures. */
export interface FailureAdvice {
  /** What it is not, where the answer is of another kind: "does not look like CKAN's package_search". */
  mismatch: string;
  /** What to check then. */
  check: string;
  /** What to do where the service refuses. */
  key: string;
}

/**
 * A failure as a sentence: what was requested, what happened, what to do. Other errors stay as they
 * are.
 */
export function explainFailure(
  error: unknown,
  endpoint: string,
  attempts: number,
  { mismatch, check, key }: FailureAdvice,
): unknown {
  if (error instanceof TransientFailure) {
    return new StageError(
      `"${endpoint}" gave no usable answer after ${attempts} tries (${error.message}): ` +
        "check the address, or run the same command again later",
    );
  }
  if (error instanceof FatalFailure) {
    return new StageError(`"${endpoint}" refuses to answer (${error.message}): ${key}`);
  }
  if (error instanceof PermanentFailure) {
    return new StageError(`"${endpoint}" ${mismatch} (${error.message}): ${check}`);
  }
  return error;
}

/** @throws {UsageError} for data.gov's old addresses, which answer 404 since 2026 */
export function assertStillCkan(config: Config): void {
  const { hostname } = new URL(config.site.package_search_endpoint_url);
  if (!/^(catalog|catalog-old)\.data\.gov$|^api\.gsa\.gov$/.test(hostname)) return;
  throw new UsageError(
    `site.package_search_endpoint_url names "${hostname}", which is no longer a CKAN portal: data.gov left ` +
      'CKAN in 2026; change two lines of [site] to api = "data_gov" and package_search_endpoint_url = ' +
      '"https://api.gsa.gov/technology/datagov/v4/search", and name the variable of your key with ' +
      "api_key_env, as configs/data_gov.toml does",
  );
}
