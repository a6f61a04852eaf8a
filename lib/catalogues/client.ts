/**
 * The HTTP client of a catalogue: the pace of `[download]`, the user agent, the key. And the sentence
 * that a failure becomes.
 *
 * @module
 */

import type { Config } from "../pipeline/config.ts";
import type { Environment } from "../cli/environment.ts";
import { StageError, UsageError } from "../cli/errors.ts";
import {
  FatalFailure,
  PermanentFailure,
  retryAfterSeconds,
  TransientFailure,
} from "../http/failures.ts";
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
    // a small harvest is over before the pace matters
    burst: Math.min(MOST_BURST, download.requests_per_second),
    concurrency: download.concurrency,
    headers: {
      accept: "application/json",
      "user-agent": userAgent(env),
      ...lowerCase(config.site.headers),
      ...(key === undefined ? {} : { [keyHeader]: key }),
    },
  }, { ...effects, fetch: followingRedirects(effects, key !== undefined) });
}

/** Requests that are sent at once at the start of a harvest. */
const MOST_BURST = 10;
const MOST_REDIRECTS = 5;

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/**
 * Follows redirects within the same origin, and without a key also to others. A key is never sent to
 * another origin, and without it the answer would be a part of the catalogue.
 */
function followingRedirects(effects: Effects, hasKey: boolean): typeof fetch {
  let isReported = false;
  return async (input, init) => {
    let url = String(input);
    for (let redirects = 0;; redirects++) {
      const response = await effects.fetch(url, { ...init, redirect: "manual" });
      const location = response.headers.get("location");
      if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) {
        return response;
      }
      await response.body?.cancel();
      if (redirects === MOST_REDIRECTS || !URL.canParse(location, url)) {
        throw new PermanentFailure(`it redirects ${redirects + 1} times, at last to "${location}"`);
      }
      const [from, to] = [new URL(url), new URL(location, url)];
      const address = `${to.origin}${to.pathname}`;
      if (to.origin !== from.origin && hasKey) {
        throw new StageError(
          `"${from.origin}${from.pathname}" redirects to another origin, to which no key is sent: ` +
            `if you trust it, set package_search_endpoint_url = "${address}" in [site]`,
        );
      }
      if (to.origin !== from.origin && !isReported) {
        isReported = true;
        effects.log.warn(
          `"${from.origin}${from.pathname}" redirects to "${address}": put that into the config`,
        );
      }
      url = to.href;
    }
  };
}

/** Products that answer 403 in place of a portal, and how they are recognized. */
const SHIELDS: [name: string, header: string, value: RegExp][] = [
  ["Cloudflare", "server", /cloudflare/i],
  ["Cloudflare", "cf-ray", /./],
  ["Akamai", "server", /akamai/i],
  ["Imperva", "x-iinfo", /./],
  ["Sucuri", "server", /sucuri/i],
  ["CloudFront", "via", /cloudfront/i],
];

/**
 * The failure that a 403 without a portal's own words means: firewalls give it to those who ask too
 * fast, and to programs that they do not know.
 * @param title of the page, with a colon before it
 */
export function blockedBy(response: Response, now: Date, title = ""): TransientFailure {
  const { headers } = response;
  const shield = SHIELDS.find(([, header, value]) => value.test(headers.get(header) ?? ""));
  const looks = shield === undefined ? "" : `, which looks like a block page of ${shield[0]}`;
  return new TransientFailure(`HTTP 403${title}${looks}`, {
    waitSeconds: retryAfterSeconds(headers, now),
  });
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
  if (error instanceof TransientFailure && error.message.startsWith("HTTP 403")) {
    return new StageError(
      `"${endpoint}" refuses after ${attempts} tries (${error.message}): a contact address ` +
        "(CONTACT_EMAIL), a key (site.api_key_env) or headers that it accepts (site.headers) may help",
    );
  }
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

/** What to do where a service refuses: give a key, or check the one that it was given. */
export function keyAdvice({ site }: Config, how: string): string {
  return site.api_key_env === undefined
    ? how
    : `the key in "${site.api_key_env}" is not accepted: check its value, and whether it has expired`;
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
