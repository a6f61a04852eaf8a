/**
 * What a stream of Sourcegraph's says: its files, and whether they are all there are. A stream is
 * a subset of server-sent events: a name and one line of data each.
 * @module
 */
import { parseJson } from "../../http/response.ts";
import type { FileMatch, LineMatch } from "../backend.ts";

/** The state of an answer, read from the whole of its body. */
export interface StreamState {
  /** Matched lines, or repositories where only these were requested. */
  matches: number;
  /** What the service refused or broke at, in its words; null when it did not. */
  alert: string | null;
  error: string | null;
  /** Limits were hit: smaller queries bring the rest. */
  limits: string[];
  /** Parts of the index did not answer in time, or at all: they may the next time. */
  gaps: string[];
  /** What the service left out on purpose. */
  excluded: string[];
  /** Both the final progress and `done` came. */
  isWhole: boolean;
}

/** Limits that cut an answer; `display` cuts what is sent of it. */
const LIMITS = new Set([
  "shard-match-limit",
  "document-match-limit",
  "repository-limit",
  "display",
]);
/** `shard-timeout` is the server's name, `shard-timedout` its web client's. */
const GAPS = new Set(["shard-timeout", "shard-timedout", "backend-missing", "error"]);
/** Kinds of alert that only report a rewritten query; ours asks for none (`sm=0`). */
const HARMLESS_ALERT = /^smart-search-/;

interface Match {
  type: string;
  repository: string;
  path?: string;
  commit?: string;
  repoStars?: number;
  repoLastFetched?: string;
  language?: string;
  fork?: boolean;
  lineMatches?: { line: string; lineNumber: number }[] | null;
  chunkMatches?: {
    content: string;
    contentStart: { line: number };
    contentTruncated?: boolean;
  }[] | null;
}

/** Judges a body by the rules of the stream: an alert or a missing end is no empty answer. */
export function judgeStream(body: Uint8Array): StreamState {
  const state: StreamState = {
    matches: 0,
    alert: null,
    error: null,
    limits: [],
    gaps: [],
    excluded: [],
    isWhole: false,
  };
  let progress: { done?: boolean; skipped?: { reason: string; title?: string }[] } = {};
  let isDone = false;
  for (const { name, data } of readEvents(body)) {
    switch (name) {
      case "matches":
        for (const match of parsed<Match[]>(data)) {
          state.matches += readMatch(match)?.lines.length || 1;
        }
        break;
      case "progress":
        // each replaces the one before
        progress = parsed(data);
        break;
      case "alert": {
        const { title, description, kind } = parsed<Record<string, string | undefined>>(data);
        if (HARMLESS_ALERT.test(kind ?? "")) break;
        state.alert = [title, description].filter(Boolean).join(": ") || "no reason given";
        break;
      }
      case "error":
        state.error = String(parsed<{ message?: string }>(data).message ?? "no reason given");
        break;
      case "done":
        isDone = true;
        break;
      default:
        // "filters", and what later versions may add
        break;
    }
  }
  for (const { reason, title } of progress.skipped ?? []) {
    const list = LIMITS.has(reason) ? state.limits : GAPS.has(reason) ? state.gaps : state.excluded;
    list.push(title ? `${reason} (${title})` : reason);
  }
  state.isWhole = isDone && progress.done === true;
  return state;
}

/** The files of a body; of a body that was cut, those that came whole. */
export function* readStream(body: Uint8Array): Generator<FileMatch> {
  for (const { name, data } of readEvents(body)) {
    if (name !== "matches") continue;
    for (const match of parsed<Match[]>(data)) {
      const file = readMatch(match);
      if (file !== null) yield file;
    }
  }
}

/**
 * One object of a `matches` event, or of a line of a search job's download; null for commits.
 * @throws {SyntaxError} where it is not a match at all.
 */
export function readMatch(match: Match): FileMatch | null {
  if (match.type !== "content" && match.type !== "path" && match.type !== "repo") return null;
  if (typeof match.repository !== "string" || match.repository === "") {
    throw new SyntaxError("a match without a repository");
  }
  return {
    repository: match.repository,
    path: match.type === "repo" ? null : match.path ?? null,
    commit: match.commit ?? null,
    stars: match.repoStars ?? null,
    last_fetched: match.repoLastFetched ?? null,
    language: match.language ?? null,
    is_fork: match.type === "repo" ? match.fork === true : null,
    lines: linesOf(match),
  };
}

/** Both shapes of lines, in the file's order; a chunk may hold several. Numbers come from 0. */
function linesOf(match: Match): LineMatch[] {
  const lines: LineMatch[] = (match.lineMatches ?? []).map(({ line, lineNumber }) => ({
    line_number: lineNumber + 1,
    text: withoutEnd(line),
    is_cut: false,
  }));
  for (const { content, contentStart, contentTruncated } of match.chunkMatches ?? []) {
    const texts = content.replace(/\n$/, "").split("\n");
    texts.forEach((text, at) =>
      lines.push({
        line_number: contentStart.line + at + 1,
        text: withoutEnd(text),
        is_cut: contentTruncated === true,
      })
    );
  }
  return lines.sort((one, other) => (one.line_number ?? 0) - (other.line_number ?? 0));
}

function withoutEnd(line: string): string {
  return line.replace(/\r?\n?$/, "");
}

function parsed<Data>(data: string): Data {
  return parseJson(data) as Data;
}

/** One event; `data` is as it came. */
export interface StreamEvent {
  name: string;
  data: string;
}

const LF = 10;
const CR = 13;

/**
 * The events of a body, in order. Data are one line: an event whose line the end of the body cuts
 * off is not given, one that only lacks the empty line after it is. Lines
 * that are neither `event:` nor `data:` (comments, ids) are passed over.
 */
export function* readEvents(body: Uint8Array): Generator<StreamEvent> {
  const decoder = new TextDecoder();
  let name = "";
  let data: string[] = [];
  for (let start = 0; start < body.length;) {
    const end = body.indexOf(LF, start);
    if (end < 0) return; // the line is cut, and with it the event
    const line = decoder.decode(body.subarray(start, body[end - 1] === CR ? end - 1 : end));
    start = end + 1;
    if (line === "") {
      if (name !== "" || data.length > 0) yield { name, data: data.join("\n") };
      name = "";
      data = [];
    } else if (line.startsWith("event:")) {
      name = line.slice(6).trim();
    } else if (line.startsWith("data:")) {
      data.push(line.slice(line[5] === " " ? 6 : 5));
    }
  }
  if (data.length > 0) yield { name, data: data.join("\n") };
}
