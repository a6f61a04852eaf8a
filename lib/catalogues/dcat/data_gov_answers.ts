import {
  failureOfStatus,
  FatalFailure,
  PermanentFailure,
  retryAfterSeconds,
  TransientFailure,
} from "../../http/failures.ts";
import { idOf } from "./records.ts";
import { fieldsOf, textOf } from "./json_values.ts";

/**
 * Answers of data.gov's v4 search API, and of api.data.gov before it, which counts requests. As
 * documented in GSA/resources.data.gov, pages/catalog-api.md (2026).
 */

/** One good answer. */
export interface HitsPage {
  /** The body as it came. */
  bytes: Uint8Array;
  ids: string[];
  /** Where it goes on; null on the last page. */
  next: string | null;
  budget: Budget;
}

/** What the key still allows in this hour; undefined where the answer does not say. */
export interface Budget {
  limit: number | undefined;
  remaining: number | undefined;
}

/** The cursor that was sent is not taken any more. */
export class CursorRefused extends PermanentFailure {}

/** The block ends by itself within an hour; an answer without `Retry-After` is asked for again so often. */
const LOOK_AGAIN_SECONDS = 900;

/**
 * @param hasCursor whether the request went on from an earlier answer
 * @throws {CursorRefused}, {FatalFailure} where the key is at fault, {TransientFailure} for what passes
 */
export function readHits(
  response: Response,
  bytes: Uint8Array,
  now: Date,
  hasCursor: boolean,
): HitsPage {
  if (response.status !== 200) throw failureOf(response, bytes, now, hasCursor);
  const text = new TextDecoder().decode(bytes);
  if (text.trimStart().startsWith("<")) {
    throw new TransientFailure("an HTML page came instead of JSON");
  }
  const { results, after } = fieldsOf(parse(text));
  if (!Array.isArray(results)) {
    throw new PermanentFailure('the answer has no list "results"');
  }
  const ids = results.map((hit) => idOf("data_gov", fieldsOf(hit)).id);
  return { bytes, ids, next: textOf(after), budget: budgetOf(response.headers) };
}

function failureOf(response: Response, bytes: Uint8Array, now: Date, hasCursor: boolean): Error {
  const { status, headers } = response;
  const { code, message } = wordsOf(bytes);
  if (/^API_KEY_/.test(code)) return new FatalFailure(`${code}: ${message}`);
  if (status === 429 || status === 403) {
    return new TransientFailure(`the requests of this hour are used up (HTTP ${status})`, {
      waitSeconds: retryAfterSeconds(headers, now) ?? LOOK_AGAIN_SECONDS,
    });
  }
  if (hasCursor && [400, 404, 410, 422].includes(status)) {
    return new CursorRefused(`HTTP ${status}: ${message}`);
  }
  return failureOfStatus(response, now, message);
}

/** The words of api.data.gov (`error.code`), of the catalogue (`error`), or of its checks (`detail`). */
function wordsOf(bytes: Uint8Array): { code: string; message: string } {
  let answer: unknown;
  try {
    answer = JSON.parse(new TextDecoder().decode(bytes.subarray(0, 1e5)));
  } catch {
    return { code: "", message: "" };
  }
  const { error, message, detail } = fieldsOf(answer);
  const inner = fieldsOf(error);
  return {
    code: textOf(inner.code) ?? "",
    message: textOf(inner.message) ?? textOf(error) ??
      (detail === undefined ? textOf(message) ?? "" : JSON.stringify(detail)),
  };
}

/** JSON that is cut or broken may come whole the next time. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TransientFailure(`the JSON of the answer is broken (${(error as Error).message})`);
  }
}

function budgetOf(headers: Headers): Budget {
  const number = (name: string) => {
    const value = headers.get(name);
    return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
  };
  return { limit: number("x-ratelimit-limit"), remaining: number("x-ratelimit-remaining") };
}
