/**
 * How code hosts and the package index limit requests, and clients that respect it. Paces are those
 * that the services ask for, not the config's. Headers of GitHub (docs, 2026) and of the package
 * index's gate (conditional-rate-limit.lua, 2025-12): `x-ratelimit-remaining`, `x-ratelimit-reset`
 * (seconds since 1970); GitLab says `ratelimit-remaining`, `ratelimit-reset`.
 * @module
 */

import { type Effects, HttpClient } from "../http/client.ts";
import {
  failureOfStatus,
  FatalFailure,
  retryAfterSeconds,
  TransientFailure,
} from "../http/failures.ts";
import { member, parseJson, text } from "./json_values.ts";

/** The longest wait for a further allowance, in seconds; a longer one ends the stage. */
export const PATIENCE_SECONDS = 120;

/** No answer about repositories or packages comes near: a manifest has 1 MB, a batch of them 20. */
const LIMITS = { bytes: 32e6 };

/** A client that sends a request once: its caller decides what is asked after a failure. */
export function singleTryClient(
  name: string,
  headers: Record<string, string>,
  effects: Effects,
): HttpClient {
  const service = {
    name,
    timeoutSeconds: 60,
    attempts: 1,
    requestsPerSecond: 10,
    concurrency: 1,
    headers,
    limits: LIMITS,
  };
  return new HttpClient(service, effects);
}

/** A client for hosts that are asked about one repository at a time. */
export function patientClient(
  name: string,
  headers: Record<string, string>,
  effects: Effects,
): HttpClient {
  // one after another; GitLab.com takes 400 projects a minute and address (2026), each is 3 requests
  const service = {
    name,
    timeoutSeconds: 60,
    attempts: 6,
    requestsPerSecond: 20,
    concurrency: 1,
    headers,
    limits: LIMITS,
  };
  return new HttpClient(service, effects);
}

/** What GitHub wants waited after a secondary limit that names no time. */
const SECONDARY_WAIT_SECONDS = 60;

/** The allowance of this hour is used up, and the wait is longer than the person is kept waiting. */
export class QuotaSpent extends FatalFailure {
  override name = "QuotaSpent";
}

/** Seconds until more may be asked, where an answer says that nothing is left; else undefined. */
export function secondsUntilReset(headers: Headers, now: Date): number | undefined {
  const remaining = headers.get("x-ratelimit-remaining") ?? headers.get("ratelimit-remaining");
  if (remaining?.trim() !== "0") return undefined;
  const reset = Number(headers.get("x-ratelimit-reset") ?? headers.get("ratelimit-reset"));
  if (!Number.isFinite(reset) || reset <= 0) return undefined;
  return Math.max(0, reset - now.getTime() / 1000);
}

/** After a good answer: asks nothing more until the reset where it was the last one allowed. */
export function obeyHeaders(
  client: HttpClient,
  headers: Headers,
  patienceSeconds = Infinity,
): void {
  const seconds = secondsUntilReset(headers, client.effects.now());
  if (seconds !== undefined && seconds <= patienceSeconds) client.hold(seconds);
}

/** Why a host refuses a repository (`dmca`, `tos`, …); undefined where it refuses none. */
export function blockOf(status: number, content: string): string | undefined {
  if (status !== 451 && status !== 403) return undefined;
  const block = member(parseJson(content), "block");
  if (block === undefined) return status === 451 ? "unavailable for legal reasons" : undefined;
  return text(member(block, "reason")) ?? "blocked";
}

/**
 * The failure that an answer without success means.
 * @param patienceSeconds a longer wait for more allowance is {@link QuotaSpent}
 */
export function failureOfHost(
  response: Response,
  content: string,
  now: Date,
  patienceSeconds = Infinity,
): Error {
  const message = text(member(parseJson(content), "message")) ??
    text(member(parseJson(content), "error")) ?? "";
  const { status, headers } = response;
  const isSecondary = /secondary rate limit|abuse detection/i.test(message);
  const reset = secondsUntilReset(headers, now);
  if (status !== 429 && !(status === 403 && (isSecondary || reset !== undefined))) {
    // 403 with Retry-After is a limit too, whatever its words
    const seconds = retryAfterSeconds(headers, now);
    if (status !== 403 || seconds === undefined) return failureOfStatus(response, now, message);
  }
  const waitSeconds = retryAfterSeconds(headers, now) ?? reset ??
    (isSecondary ? SECONDARY_WAIT_SECONDS : undefined);
  const sentence = `HTTP ${status}: ${message || "too many requests"}`;
  if ((waitSeconds ?? 0) > patienceSeconds) return new QuotaSpent(sentence);
  return new TransientFailure(sentence, { waitSeconds });
}
