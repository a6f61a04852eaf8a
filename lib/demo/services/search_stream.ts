/** The events of one search, as Sourcegraph's stream sends them. */

import { type FileHit, type LineHit, runJob } from "./search_engine.ts";
import type { CodeIndex } from "./line_index.ts";
import { contentMatch, repositoryMatches } from "./search_matches.ts";
import {
  type Job,
  parseQuery,
  type PatternType,
  patternTypeOf,
  QueryError,
} from "./sourcegraph_query.ts";

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
export interface Answering {
  readonly index: CodeIndex;
  readonly matchLimit: number;
  readonly timeoutMatches: number;
  readonly defaultCount: number;
}

interface Skipped {
  reason: string;
  title: string;
  message: string;
  severity: "info" | "warn" | "error";
  suggested?: { title: string; queryExpression: string };
}

const TYPES_BY_VERSION: Readonly<Record<string, PatternType>> = {
  V1: "regexp",
  V2: "literal",
  V3: "standard",
};
const PATTERN_TYPES = new Set(["keyword", "standard", "literal", "regexp"]);
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

function countOf(job: Job, defaultCount: number): number {
  const text = job.filters.get("count");
  if (text === undefined) return defaultCount;
  if (text.toLowerCase() === "all") return Infinity;
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

/** Adds what one side of an `OR` found; a file that another side has found gets the new lines. */
function addFiles(files: FileHit[], more: readonly FileHit[]): void {
  const known = new Map(files.map((hit, at) => [hit.file, at]));
  for (const { file, hits } of more) {
    const at = known.get(file);
    if (at === undefined) {
      files.push({ file, hits });
      continue;
    }
    const lines = new Map(files[at]!.hits.map((hit) => [hit.line, hit]));
    for (const hit of hits) if (!lines.has(hit.line)) lines.set(hit.line, hit);
    const merged = [...lines.values()].toSorted((left, right) => left.line - right.line);
    files[at] = { file, hits: merged };
  }
}

/** Runs the search and gives its events, each ready to send. */
export function* streamEvents(
  parameters: URLSearchParams,
  answering: Answering,
  fault: CodeSearchFault | undefined,
): Generator<string> {
  const query = parameters.get("q") ?? "";
  const version = parameters.get("v") ?? "V3";
  const type = patternTypeOf(query) ?? parameters.get("t") ?? TYPES_BY_VERSION[version];
  if (query.trim() === "" || type === undefined || !PATTERN_TYPES.has(type)) {
    const message = query.trim() === ""
      ? "no query found"
      : `unrecognized version ${version} or pattern type ${type}`;
    yield event("error", { message }) + event("done", {});
    return;
  }
  try {
    if (fault === "alert") throw new QueryError("the search backend could not plan this query");
    const jobs = parseQuery(query, type as PatternType);
    yield* answerEvents(jobs, parameters, answering, fault);
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
  jobs: readonly Job[],
  parameters: URLSearchParams,
  { index, matchLimit, timeoutMatches, defaultCount }: Answering,
  fault: CodeSearchFault | undefined,
): Generator<string> {
  const skipped: Skipped[] = [];
  const files: FileHit[] = [];
  for (const job of jobs) {
    const found = runJob(index, job);
    if (job.filters.get("select") === "repo") found.files = onePlaceEach(found.files, index);
    const limit = Math.min(countOf(job, defaultCount), matchLimit);
    const total = found.files.reduce((sum, { hits }) => sum + placesOf(hits), 0);
    const isSlow = total > timeoutMatches;
    addFiles(files, cutAfter(found.files, Math.min(limit, isSlow ? timeoutMatches : Infinity)));
    if (total > limit) skipped.push(limitHit(limit));
    if (isSlow) skipped.push(warning("shard-timeout", "1 timed out"));
    if (found.forks > 0) skipped.push(excluded("repository-fork", found.forks, "forked", "fork"));
    if (found.archived > 0) {
      skipped.push(excluded("excluded-archive", found.archived, "archived", "archived"));
    }
  }
  const display = Number(parameters.get("display") ?? -1);
  const matchCount = files.reduce((sum, { hits }) => sum + placesOf(hits), 0);
  let sent: readonly FileHit[] = files;
  if (display >= 0 && matchCount > display) {
    sent = cutAfter(files, display);
    skipped.push({ ...limitHit(display), reason: "display", title: "display limit hit" });
  }
  if (fault === "shard-timeout" || fault === "backend-missing") {
    sent = sent.slice(0, Math.floor(sent.length / 2));
    skipped.push(warning(fault, fault === "shard-timeout" ? "1 timed out" : "1 backends down"));
  }
  const progress = { done: false, matchCount: 0, durationMs: 12, skipped, trace: TRACE };
  yield event("filters", filtersOf(skipped));
  yield event("progress", progress);
  const matches = jobs[0]?.filters.get("select") === "repo" ? repositoryMatches(sent, index) : sent;
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
