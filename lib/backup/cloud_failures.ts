/**
 * What can go wrong with Cloud Storage, in the three classes of failures.ts and two of its own.
 *
 * @module
 */
import { messageOf } from "../cli/errors.ts";
import {
  FatalFailure,
  isNetworkFault,
  PermanentFailure,
  retryAfterSeconds,
  TransientFailure,
} from "../http/failures.ts";

/** HTTP 412: the object is there already; whether it is the same is still to be seen. */
export class AlreadyThere extends PermanentFailure {
  override name = "AlreadyThere";
}

/** HTTP 404 or 410: no such object, bucket or upload session. */
export class NotThere extends PermanentFailure {
  override name = "NotThere";
}

/** What the client's errors have in common; it throws three kinds. */
interface ClientError {
  code?: number | string;
  status?: number;
  message?: string;
  response?: { status?: number; statusCode?: number; headers?: unknown };
}

/** The failure that an error of `@google-cloud/storage` or of a request to it means. */
export function cloudFailure(error: unknown, now: Date): Error {
  if (
    error instanceof TransientFailure || error instanceof PermanentFailure ||
    error instanceof FatalFailure
  ) {
    return error;
  }
  // a permission that a task lacks does not come by waiting
  if (error instanceof Deno.errors.NotCapable) return error;
  const { code, status, response } = (error ?? {}) as ClientError;
  const http = [code, status, response?.status, response?.statusCode].map(Number).find((it) =>
    it >= 100 && it < 600
  );
  if (http !== undefined) {
    return failureOfCloudStatus(http, messageOf(error), headersOf(response?.headers), now);
  }
  const message = messageOf(error);
  if (/default credentials|invalid_grant|refresh token/i.test(message)) {
    return new FatalFailure(
      `no usable credentials (${message}): run "gcloud auth application-default login" or set ` +
        `GOOGLE_APPLICATION_CREDENTIALS`,
    );
  }
  // node's network errors have a code, "ECONNRESET"; node-fetch's and Deno's only a sentence
  const isNodes = typeof code === "string" &&
    /^(E(?!PERM|ACCES)[A-Z_]{4,}|UND_ERR|ERR_STREAM)/.test(code);
  if (isNodes || isNetworkFault(error) || /premature|socket|network|timeout/i.test(message)) {
    return new TransientFailure(message);
  }
  return error instanceof Error ? error : new Error(message);
}

/** The failure that a status of Cloud Storage means. */
export function failureOfCloudStatus(
  status: number,
  detail: string,
  headers: Headers,
  now: Date,
): Error {
  const sentence = `HTTP ${status}${detail ? `: ${detail.trim().slice(0, 300)}` : ""}`;
  if (status === 412) return new AlreadyThere(sentence);
  if (status === 404 || status === 410) return new NotThere(sentence);
  if (status === 401 || status === 403) {
    return new FatalFailure(`${sentence}: see that the account may use the bucket`);
  }
  // what left here had the right checksum, so it was damaged on the way
  const isDamage = status === 400 && /crc32c|md5|checksum|hash/i.test(detail);
  if (isDamage || status === 408 || status === 429 || status >= 500) {
    return new TransientFailure(sentence, { waitSeconds: retryAfterSeconds(headers, now) });
  }
  return new PermanentFailure(sentence);
}

/** Headers in either form that the client has them. */
function headersOf(headers: unknown): Headers {
  if (headers instanceof Headers) return headers;
  try {
    return new Headers(headers as Record<string, string> | undefined);
  } catch {
    return new Headers();
  }
}
