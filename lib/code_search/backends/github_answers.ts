import {
  FatalFailure,
  PermanentFailure,
  retryAfterSeconds,
  TransientFailure,
} from "../../http/failures.ts";

/** What GitHub's REST code search answers: pages of files without lines, and its ways to say no. */

/** A file that the engine takes for a hit; it ignores punctuation, so it may be none. */
export interface GithubItem {
  /** `owner/name`. */
  repository: string;
  path: string;
  /** Of the file's content (40 hexadecimal digits). */
  blob: string;
  commit: string | null;
  is_fork: boolean | null;
}

/** One page of hits. */
export interface GithubPage {
  total: number;
  /** The engine ran out of time and gives what it had. */
  isIncomplete: boolean;
  items: GithubItem[];
}

interface RawItem {
  path?: unknown;
  sha?: unknown;
  url?: unknown;
  html_url?: unknown;
  repository?: { full_name?: unknown; fork?: unknown };
}

/** Without any other word GitHub asks to wait at least a minute. */
const LEAST_WAIT_SECONDS = 60;

/**
 * Reads a page. The commit stands only inside the addresses; items that name no file are left out.
 * @throws {TransientFailure} where it is no page.
 */
export function readGithubPage(text: string): GithubPage {
  let page: { total_count?: unknown; incomplete_results?: unknown; items?: unknown };
  try {
    page = JSON.parse(text);
  } catch {
    throw new TransientFailure("an answer that is no JSON");
  }
  if (typeof page?.total_count !== "number" || !Array.isArray(page.items)) {
    throw new TransientFailure("an answer without total_count and items");
  }
  const items: GithubItem[] = [];
  for (const item of page.items as RawItem[]) {
    const repository = String(item.repository?.full_name ?? "");
    const blob = String(item.sha ?? "");
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^[0-9a-f]{40,64}$/.test(blob)) continue;
    if (typeof item.path !== "string") continue;
    const commit = /[?&]ref=([0-9a-f]{40,64})/.exec(String(item.url ?? "")) ??
      /\/blob\/([0-9a-f]{40,64})\//.exec(String(item.html_url ?? ""));
    const { fork } = item.repository ?? {};
    items.push({
      repository,
      path: item.path,
      blob,
      commit: commit?.[1] ?? null,
      is_fork: typeof fork === "boolean" ? fork : null,
    });
  }
  return { total: page.total_count, isIncomplete: page.incomplete_results === true, items };
}

/**
 * The failure that an answer means. Limits come as 403 or 429: with `Retry-After`, or with the
 * second at which the count begins anew, or with neither.
 */
export function failureOfGithub(
  status: number,
  headers: Headers,
  text: string,
  now: number,
): Error {
  const message = messageIn(text);
  const sentence = `HTTP ${status}: ${message}`;
  if (status === 401) return new FatalFailure(`${sentence}: check GITHUB_TOKEN`);
  if (status === 403 || status === 429) {
    const waitSeconds = retryAfterSeconds(headers, now) ?? untilReset(headers, now);
    if (waitSeconds !== undefined) return new TransientFailure(sentence, { waitSeconds });
    const isLimit = status === 429 || /rate limit|abuse|secondary/i.test(message);
    if (isLimit) return new TransientFailure(sentence, { waitSeconds: LEAST_WAIT_SECONDS });
    return new FatalFailure(`${sentence}: check what GITHUB_TOKEN allows`);
  }
  if (status >= 500 || status === 408) return new TransientFailure(sentence);
  return new PermanentFailure(sentence);
}

function untilReset(headers: Headers, now: number): number | undefined {
  if (headers.get("x-ratelimit-remaining") !== "0") return undefined;
  const reset = Number(headers.get("x-ratelimit-reset"));
  return Number.isFinite(reset) && reset > 0 ? Math.max(1, reset - now / 1000) : undefined;
}

function messageIn(text: string): string {
  try {
    return String(JSON.parse(text).message ?? "no message").slice(0, 200);
  } catch {
    return text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim().slice(0, 200) || "no text";
  }
}
