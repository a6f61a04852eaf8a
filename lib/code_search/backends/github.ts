/**
 * GitHub's REST code search: a slow second opinion.
 *
 * It allows ten queries a minute, ignores punctuation and gives no line numbers, so every file it
 * names is fetched and read here. One token only, as GitHub's terms demand.
 * @module
 */
import { parseJson } from "../../http/response.ts";
import { UsageError } from "../../cli/errors.ts";
import { HttpClient } from "../../http/client.ts";
import type {
  Answer,
  Backend,
  BackendSetup,
  FileMatch,
  LineMatch,
  PlannedQuery,
} from "../backend.ts";
import { readBody } from "../response_body.ts";
import { mayMention } from "../match/mentions.ts";
import { LARGEST_PROGRAM, needsWholeFile } from "../program_mentions.ts";
import { planGithubQueries, splitGithubQuery } from "../plan/github_plan.ts";
import { type SearchForms, searchForms } from "../plan/search_terms.ts";
import {
  FatalFailure,
  PermanentFailure,
  retryAfterSeconds,
  TransientFailure,
} from "../../http/failures.ts";

const PAGE_SIZE = 100;
/** Nothing is given beyond, whatever the total says. */
const MOST_RESULTS = 1000;
/** How often an answer that is said to be incomplete is requested again. */
const PATIENCE = 3;

/** What GitHub allows a token, in requests a second. */
const PACES = { search: 10 / 60, core: 5000 / 3600 };

/** The client of GitHub's code search; `paces` bound the config's own. */
export function github(setup: BackendSetup, paces = PACES): Backend {
  const token = setup.env("GITHUB_TOKEN");
  const clientOf = (name: string, pace: number) =>
    new HttpClient({
      ...setup.service,
      name,
      concurrency: 1,
      requestsPerSecond: Math.min(pace, setup.service.requestsPerSecond),
      headers: { ...setup.service.headers, authorization: `Bearer ${token}` },
    }, setup.effects);
  const forms = searchForms(setup.index, { otherHosts: false });
  const clients = {
    search: clientOf("GitHub search", paces.search),
    core: clientOf("GitHub", paces.core),
  };
  return {
    name: "github",
    unit: "queries",
    requestsPerSecond: clients.search.service.requestsPerSecond,
    plan() {
      if (token === undefined) {
        throw new UsageError("GitHub's code search needs a token: set GITHUB_TOKEN");
      }
      return Promise.resolve(planGithubQueries(forms));
    },
    split: (query) => splitGithubQuery(query, forms),
    search: (query) => search(setup, clients, forms, query),
  };
}

async function search(
  setup: BackendSetup,
  clients: { search: HttpClient; core: HttpClient },
  forms: SearchForms,
  query: PlannedQuery,
): Promise<Answer> {
  const [text = "", ...qualifiers] = query.terms;
  const sent = [`"${text}"`, "in:file", "fork:true", ...qualifiers].join(" ");
  const root = setup.endpointUrl.replace(/\/+$/, "");
  const before = clients.search.requests + clients.core.requests;
  const lines: string[] = [];
  const end = (
    rest: Pick<Answer, "status" | "reason" | "isSplit" | "isFault">,
    matches = 0,
  ): Answer => ({
    ...rest,
    body: lines.length === 0 ? null : new TextEncoder().encode(lines.join("")),
    matches,
    sent,
    attempts: clients.search.requests + clients.core.requests - before,
  });
  try {
    const canSplit = splitGithubQuery(query, forms).length > 0;
    const found = await pagesOf(clients.search, root, sent, lines, canSplit);
    const reason = `${found.total} results, ${MOST_RESULTS} of them can be read`;
    if (found.total > MOST_RESULTS && canSplit) {
      return end({ status: "partial", reason, isSplit: true });
    }
    let matches = 0;
    let missing = 0;
    for (const item of found.items) {
      const file = await readFile(setup, clients.core, root, item);
      if (file === null) missing += 1;
      if (file === null || file.lines.length === 0) continue;
      matches += file.lines.length;
      lines.push(JSON.stringify(file) + "\n");
    }
    const reasons = [
      ...(found.total > MOST_RESULTS ? [reason] : []),
      ...(found.isIncomplete ? ["incomplete_results"] : []),
      ...(missing > 0 ? [`${missing} files could not be fetched`] : []),
    ];
    if (reasons.length === 0) {
      return end({ status: "complete", reason: null, isSplit: false }, matches);
    }
    const why = reasons.join(", ");
    const isFault = found.isIncomplete || missing > 0;
    return end({ status: "partial", reason: why, isSplit: found.isIncomplete, isFault }, matches);
  } catch (error) {
    if (!(error instanceof TransientFailure) && !(error instanceof PermanentFailure)) throw error;
    return end({ status: "failed", reason: error.message, isSplit: false, isFault: true });
  }
}

/**
 * The hits of all pages, each file once; the pages are put before the files. Where there are more
 * than can be read, and smaller queries can be asked, the first page is enough.
 */
async function pagesOf(
  client: HttpClient,
  root: string,
  sent: string,
  lines: string[],
  canSplit: boolean,
) {
  const items = new Map<string, GithubItem>();
  let total = 0;
  let isIncomplete = false;
  for (let page = 1; page <= MOST_RESULTS / PAGE_SIZE; page++) {
    const parameters = new URLSearchParams({
      q: sent,
      per_page: String(PAGE_SIZE),
      page: String(page),
    });
    let attempts = 0;
    const { text, read } = await client.request(
      `${root}/search/code?${parameters}`,
      async (response) => {
        attempts += 1;
        const text = await textOf(response, client);
        const read = readGithubPage(text);
        if (read.isIncomplete && attempts < PATIENCE) {
          throw new TransientFailure("incomplete_results");
        }
        return { text, read };
      },
      { headers: { accept: "application/vnd.github.text-match+json" } },
    );
    lines.push(JSON.stringify(parseJson(text)) + "\n");
    total = Math.max(total, read.total);
    isIncomplete ||= read.isIncomplete;
    for (const item of read.items) items.set(`${item.repository}/${item.path}`, item);
    // pages are not always full: only the total says where they end
    if (page * PAGE_SIZE >= read.total || (read.total > MOST_RESULTS && canSplit)) break;
  }
  return { items: items.values(), total, isIncomplete };
}

/** The lines of a file that may mention something; null where the file cannot be had. */
async function readFile(
  setup: BackendSetup,
  client: HttpClient,
  root: string,
  item: GithubItem,
): Promise<FileMatch | null> {
  try {
    const text = await client.request(
      `${root}/repos/${item.repository}/git/blobs/${item.blob}`,
      (response) => textOf(response, client),
      { headers: { accept: "application/vnd.github.raw+json" } },
    );
    const lines: LineMatch[] = [];
    text.split("\n").forEach((line, at) => {
      if (!mayMention(line, setup.index)) return;
      lines.push({ line_number: at + 1, text: line.replace(/\r$/, ""), is_cut: false });
    });
    const match: FileMatch = {
      repository: `github.com/${item.repository}`,
      path: item.path,
      commit: item.commit,
      stars: null,
      last_fetched: null,
      language: null,
      is_fork: item.is_fork,
      lines,
    };
    const isWanted = setup.wholeFiles && text.length <= LARGEST_PROGRAM;
    return isWanted && needsWholeFile(match, setup.index) ? { ...match, text } : match;
  } catch (error) {
    if (error instanceof TransientFailure || error instanceof PermanentFailure) return null;
    throw error;
  }
}

async function textOf(response: Response, client: HttpClient): Promise<string> {
  const { body } = await readBody(response);
  const text = new TextDecoder().decode(body);
  if (response.status === 200) return text;
  throw failureOfGithub(response.status, response.headers, text, client.effects.now());
}

/** The files of an answer; the pages before them are evidence only. */
export function* readGithub(body: Uint8Array): Generator<FileMatch> {
  for (const line of new TextDecoder().decode(body).split("\n")) {
    if (line === "") continue;
    const value = JSON.parse(line);
    if (Array.isArray(value.lines)) yield value as FileMatch;
  }
}

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
 * Reads a page. The commit is only inside the addresses; items that name no file are left out.
 * @throws {TransientFailure} where it is not a page.
 */
export function readGithubPage(text: string): GithubPage {
  let page: { total_count?: unknown; incomplete_results?: unknown; items?: unknown };
  try {
    page = parseJson(text);
  } catch {
    throw new TransientFailure("an answer that is not JSON");
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
 * second at which the count starts again, or with neither.
 */
export function failureOfGithub(
  status: number,
  headers: Headers,
  text: string,
  now: Date,
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

function untilReset(headers: Headers, now: Date): number | undefined {
  if (headers.get("x-ratelimit-remaining") !== "0") return undefined;
  const reset = Number(headers.get("x-ratelimit-reset"));
  return Number.isFinite(reset) && reset > 0
    ? Math.max(1, reset - now.getTime() / 1000)
    : undefined;
}

function messageIn(text: string): string {
  try {
    return String(parseJson(text).message ?? "no message").slice(0, 200);
  } catch {
    return text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim().slice(0, 200) || "no text";
  }
}
