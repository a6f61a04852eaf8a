/**
 * An embedded code search that speaks Sourcegraph's stream API over real HTTP, with its limits and
 * faults. Events have the shape that the real service was recorded with.
 * @module
 */
import type { DemoRepository } from "../code/repositories.ts";
import { hashText } from "../random.ts";
import {
  CodeIndex,
  type FileHit,
  findFiles,
  type LineHit,
  parseQuery,
  type Query,
  QueryError,
} from "./search_engine.ts";
import {
  blockPage,
  pause,
  retryLater,
  type Service,
  type ServiceOptions,
  startService,
} from "./service.ts";

export interface CodeSearchOptions extends ServiceOptions<CodeSearchFault> {
  readonly repositories: readonly DemoRepository[];
  /** The most matches (places, not files) any query gets, even with `count:all`; default 1,000,000. */
  readonly matchLimit?: number;
  /** Matches that can be gathered before the time is over; default: any number. */
  readonly timeoutMatches?: number;
  /** Characters of the request's path and query above which the answer is 414; default 8,192. */
  readonly longestUrl?: number;
  /** Seconds in `Retry-After`; default 1. */
  readonly retryAfterSeconds?: number;
  /** How long a "slow" answer takes; default 120,000. */
  readonly slowMs?: number;
}

const ENCODER = new TextEncoder();

/** The events as a body; cut: the connection breaks half-way. */
function bodyOf(events: Iterable<string>, isCut: boolean): ReadableStream<Uint8Array> {
  async function* chunks() {
    if (!isCut) {
      for (const event of events) yield ENCODER.encode(event);
      return;
    }
    const whole = [...events].join("");
    yield ENCODER.encode(whole.slice(0, Math.floor(whole.length / 2)));
    await new Promise((resolve) => setTimeout(resolve, 5));
    throw new Error("cut on purpose");
  }
  return ReadableStream.from(chunks());
}

/** The text at `/{repository}@{commit}/-/raw/{path}`. */
function rawFile(repositories: readonly DemoRepository[], pathname: string): string | undefined {
  const found = /^\/([^@]+)@(\w+)\/-\/raw\/(.+)$/.exec(decodeURIComponent(pathname));
  const [, name, commit, path] = found ?? [];
  const repository = repositories.find((one) => one.name === name && one.commit === commit);
  return repository?.files.find((file) => file.path === path)?.text;
}

/** Starts the code search on 127.0.0.1. */
export function startCodeSearch(options: CodeSearchOptions): Service {
  const index = new CodeIndex(options.repositories);
  const answering: Answering = {
    index,
    matchLimit: options.matchLimit ?? 1_000_000,
    timeoutMatches: options.timeoutMatches ?? Infinity,
  };

  async function answer(
    request: Request,
    fault: CodeSearchFault | undefined,
    closed: AbortSignal,
  ): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname.length + url.search.length > (options.longestUrl ?? 8192)) {
      return new Response("<html><head><title>414 Request-URI Too Large</title></head></html>", {
        status: 414,
        headers: { "content-type": "text/html" },
      });
    }
    const seconds = options.retryAfterSeconds ?? 1;
    switch (fault) {
      case "429-seconds":
      case "429-date":
        return retryLater(429, seconds, fault === "429-date");
      case "503":
        return new Response("upstream connect error\n", { status: 503 });
      case "html":
        return blockPage(200);
      case "slow":
        await pause(options.slowMs ?? 120_000, closed);
        break;
      default:
        break;
    }
    if (url.pathname !== "/.api/search/stream") {
      const text = rawFile(options.repositories, url.pathname);
      if (text === undefined) return new Response("404 page not found\n", { status: 404 });
      return new Response(text, { headers: { "content-type": "text/plain; charset=utf-8" } });
    }
    const events = streamEvents(url.searchParams, answering, fault);
    return new Response(bodyOf(events, fault === "cut"), {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-cache, no-transform",
        "x-trace": "demo",
      },
    });
  }

  return startService("code search", options, answer);
}

/** What can happen to a search instead of, or in the middle of, its answer. */
export type CodeSearchFault =
  | "429-seconds"
  | "429-date"
  | "503"
  | "html"
  | "slow"
  | "cut"
  | "no-done"
  | "error"
  | "alert"
  | "shard-timeout"
  | "backend-missing"
  | "no-final-progress";

/** What the engine can do at most. */
interface Answering {
  readonly index: CodeIndex;
  readonly matchLimit: number;
  readonly timeoutMatches: number;
}

interface Skipped {
  reason: string;
  title: string;
  message: string;
  severity: "info" | "warn" | "error";
  suggested?: { title: string; queryExpression: string };
}

/** The limit of a query without `count:`. */
const DEFAULT_COUNT = 10_000;
const FILES_PER_EVENT = 100;
const TRACE = "https://code-search.example/-/debug/jaeger/trace/0";

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function excluded(reason: string, count: number, word: string, field: string): Skipped {
  return {
    reason,
    title: `${count} ${word}`,
    message:
      `By default we exclude ${word} repositories. Include them with \`${field}:yes\` in your query.`,
    severity: "info",
    suggested: { title: `include ${word}`, queryExpression: `${field}:yes` },
  };
}

function limitHit(limit: number): Skipped {
  return {
    reason: "shard-match-limit",
    title: "result limit hit",
    message: "Not all results have been returned due to hitting a match limit. Sourcegraph has " +
      "limits for the number of results returned from a line, document and repository.",
    severity: "info",
    suggested: {
      title: "increase limit",
      queryExpression: `count:${Math.max(1000, Math.ceil((limit + 1) / 1000) * 1000)}`,
    },
  };
}

function warning(reason: string, title: string): Skipped {
  const message =
    "Some repositories could not be searched in time. Try searching again or reducing the scope.";
  return { reason, title, message, severity: "warn" };
}

function countOf({ filters }: Query): number {
  const text = filters.get("count");
  if (text === undefined) return DEFAULT_COUNT;
  if (text === "all") return Infinity;
  if (!/^[1-9]\d*$/.test(text)) throw new QueryError(`field count has value ${text}, not a number`);
  return Number(text);
}

/** As `select:repo` does it: the search of a repository ends at its first place. */
function onePlaceEach(files: readonly FileHit[], index: CodeIndex): FileHit[] {
  const firsts = new Map(
    files.toReversed().map((hit) => [index.files[hit.file]!.repository, hit]),
  );
  return files.filter((hit) => firsts.get(index.files[hit.file]!.repository) === hit)
    .map(({ file, hits }) => ({
      file,
      hits: hits.slice(0, 1).map(({ line, places }) => ({ line, places: places.slice(0, 1) })),
    }));
}

function placesOf(hits: readonly LineHit[]): number {
  return hits.reduce((sum, hit) => sum + hit.places.length, 0);
}

/** Cuts the files after `limit` places; the last file keeps the lines that fit. */
function cutAfter(files: readonly FileHit[], limit: number): FileHit[] {
  const kept: FileHit[] = [];
  let left = limit;
  for (const { file, hits } of files) {
    if (left <= 0) break;
    const fitting: LineHit[] = [];
    for (const hit of hits) {
      if (left <= 0) break;
      fitting.push({ line: hit.line, places: hit.places.slice(0, left) });
      left -= hit.places.length;
    }
    kept.push({ file, hits: fitting });
  }
  return kept;
}

/** Runs the search and gives its events, each ready to send. */
function* streamEvents(
  parameters: URLSearchParams,
  answering: Answering,
  fault: CodeSearchFault | undefined,
): Generator<string> {
  const query = parameters.get("q") ?? "";
  if (query.trim() === "") {
    yield event("error", { message: "no query found" }) + event("done", {});
    return;
  }
  try {
    if (fault === "alert") throw new QueryError("the search backend could not plan this query");
    yield* answerEvents(parseQuery(query), parameters, answering, fault);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const alert = {
      title: "Unable To Process Query",
      description: error.message,
      proposedQueries: null,
    };
    yield event("alert", alert);
    yield event("progress", {
      done: true,
      repositoriesCount: 0,
      matchCount: 0,
      durationMs: 1,
      skipped: [],
    });
    yield event("done", {});
  }
}

function* answerEvents(
  query: Query,
  parameters: URLSearchParams,
  { index, matchLimit, timeoutMatches }: Answering,
  fault: CodeSearchFault | undefined,
): Generator<string> {
  const skipped: Skipped[] = [];
  const isOfRepositories = query.filters.get("select") === "repo";
  const { files: all, forks, archived } = findFiles(index, query);
  const found = isOfRepositories ? onePlaceEach(all, index) : all;
  const limit = Math.min(countOf(query), matchLimit);
  const total = found.reduce((sum, { hits }) => sum + placesOf(hits), 0);
  const isSlow = total > timeoutMatches;
  if (total > limit) skipped.push(limitHit(limit));
  if (isSlow) skipped.push(warning("shard-timeout", "1 timed out"));
  if (forks > 0) skipped.push(excluded("repository-fork", forks, "forked", "fork"));
  if (archived > 0) skipped.push(excluded("excluded-archive", archived, "archived", "archived"));
  let sent = cutAfter(found, Math.min(limit, isSlow ? timeoutMatches : Infinity));
  const matchCount = sent.reduce((sum, { hits }) => sum + placesOf(hits), 0);
  if (fault === "shard-timeout" || fault === "backend-missing") {
    sent = sent.slice(0, Math.floor(sent.length / 2));
    skipped.push(warning(fault, fault === "shard-timeout" ? "1 timed out" : "1 backends down"));
  }
  const progress = { done: false, matchCount: 0, durationMs: 12, skipped, trace: TRACE };
  yield event("filters", filtersOf(skipped));
  yield event("progress", progress);
  const matches = isOfRepositories ? repositoryMatches(sent, index) : sent;
  for (let at = 0; at < matches.length; at += FILES_PER_EVENT) {
    const batch = matches.slice(at, at + FILES_PER_EVENT).map((match) =>
      "hits" in match ? contentMatch(match, index, parameters) : match
    );
    yield event("matches", batch);
    if (fault === "error") {
      yield event("error", { message: "1 error occurred: rpc error: code = Unavailable" });
      return yield event("done", {});
    }
  }
  if (fault === "error") yield event("error", { message: "internal error: context canceled" });
  yield event("filters", filtersOf(skipped));
  if (fault !== "no-final-progress") {
    const repositoriesCount = new Set(sent.map(({ file }) => index.files[file]!.repository)).size;
    yield event("progress", { ...progress, done: true, repositoriesCount, matchCount });
  }
  if (fault !== "no-done") yield event("done", {});
}

function filtersOf(skipped: readonly Skipped[]) {
  return skipped.filter(({ suggested }) => suggested !== undefined).map((one) => ({
    value: one.suggested?.queryExpression,
    label: one.suggested?.title,
    count: parseInt(one.title) || 0,
    exhaustive: false,
    kind: "utility",
  }));
}

const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ py: "Python", r: "R", js: "JavaScript", ts: "TypeScript", ipynb: "Jupyter Notebook" },
  ...{ md: "Markdown", yml: "YAML", yaml: "YAML", html: "HTML", sh: "Shell", csv: "CSV" },
  ...{ json: "JSON", sql: "SQL", toml: "TOML" },
};

function chunkOf(hit: LineHit, text: string, offset: number) {
  const bytes = (length: number) => ENCODER.encode([...text].slice(0, length).join("")).length;
  const at = (column: number) => ({ offset: offset + bytes(column), line: hit.line, column });
  return {
    content: text,
    contentStart: { offset, line: hit.line, column: 0 },
    ranges: hit.places.map(([start, length]) => ({ start: at(start), end: at(start + length) })),
  };
}

/** A file's match: `lineMatches`, or `chunkMatches` when the request says `cm`. */
function contentMatch(
  { file, hits }: FileHit,
  index: CodeIndex,
  parameters: URLSearchParams,
) {
  const { repository, file: { path }, firstLine } = index.files[file]!;
  const wantsChunks = /^(1|t|true)$/i.test(parameters.get("cm") ?? "");
  const language = LANGUAGES[path.split(".").at(-1)?.toLowerCase() ?? ""];
  const starts: number[] = [0];
  if (wantsChunks) {
    const last = hits.at(-1)?.line ?? 0;
    for (let line = 0; line < last; line++) {
      starts.push(
        starts[line]! + ENCODER.encode(index.lines[firstLine + line]!).length + 1,
      );
    }
  }
  const textOf = (hit: LineHit) => index.lines[firstLine + hit.line]!;
  return {
    type: "content",
    path,
    repositoryID: hashText(repository.name) >>> 4,
    repository: repository.name,
    ...(repository.stars > 0 ? { repoStars: repository.stars } : {}),
    repoLastFetched: repository.fetchedAt,
    branches: [""],
    commit: repository.commit,
    hunks: null,
    ...(wantsChunks
      ? {
        chunkMatches: hits.map((hit) => chunkOf(hit, textOf(hit), starts[hit.line]!)),
      }
      : {
        lineMatches: hits.map((hit) => ({
          line: textOf(hit),
          lineNumber: hit.line,
          offsetAndLengths: hit.places,
        })),
      }),
    ...(language === undefined ? {} : { language }),
  };
}

/** The repositories of the files, as `select:repo` gives them. */
function repositoryMatches(files: readonly FileHit[], index: CodeIndex) {
  const found = new Set(files.map(({ file }) => index.files[file]!.repository));
  return [...found].map((repository) => ({
    type: "repo",
    repositoryID: hashText(repository.name) >>> 4,
    repository: repository.name,
    branches: [""],
    ...(repository.stars > 0 ? { repoStars: repository.stars } : {}),
    repoLastFetched: repository.fetchedAt,
    description: repository.description,
    ...(repository.isFork ? { fork: true } : {}),
    ...(repository.isArchived ? { archived: true } : {}),
  }));
}
