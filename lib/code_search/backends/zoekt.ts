/**
 * A zoekt web server of one's own: queries over JSON, answers whose numbers say whether they are
 * complete.
 * @module
 */
import { parseJson } from "../../http/response.ts";
import {
  failureOfStatus,
  FatalFailure,
  PermanentFailure,
  TransientFailure,
} from "../../http/failures.ts";
import { HttpClient } from "../../http/client.ts";
import { type Attempt, queryWithRetries } from "../query_with_retries.ts";
import type { Backend, BackendSetup, FileMatch, FilePlace, LineMatch } from "../backend.ts";
import { describeBody, readBody } from "../response_body.ts";
import { type PlanLimits, planQueries, splitQuery } from "../plan/plan.ts";
import { searchForms } from "../plan/search_terms.ts";
import { LARGEST_PROGRAM } from "../program_mentions.ts";

/** Queries are posted, so only the engine's own work on an "or" of many terms bounds their length. */
const LIMITS: PlanLimits = { maxTermsPerQuery: 200, maxEncodedLength: 30_000 };
/** Far above what one answer may hold; a limit that is hit shows in the answer's numbers. */
const MOST_MATCHES = 1_000_000;
/** The engine counts time in nanoseconds; without one it stops after 20 s. */
const OPTIONS = {
  ShardMaxMatchCount: MOST_MATCHES,
  TotalMaxMatchCount: MOST_MATCHES,
  MaxWallTime: 60e9,
};

/** The client of a zoekt web server that was started with `-rpc`. */
export function zoekt(setup: BackendSetup): Backend {
  const forms = searchForms(setup.index);
  const client = new HttpClient({
    ...setup.service,
    name: "zoekt",
    headers: { ...setup.service.headers, "content-type": "application/json" },
  }, setup.effects);
  const root = setup.endpointUrl.replace(/\/+$/, "");
  return {
    name: "zoekt",
    unit: "queries",
    requestsPerSecond: setup.service.requestsPerSecond,
    plan: () => Promise.resolve(planQueries(forms, LIMITS)),
    split: (query) => splitQuery(query, forms, LIMITS),
    async search(query, patience) {
      const sent = zoektQuery(query.terms);
      const post = (verb: "search" | "list", body: Record<string, unknown>) =>
        queryWithRetries(
          client,
          sent,
          { target: `${root}/api/${verb}`, init: { method: "POST", body: JSON.stringify(body) } },
          (response) => readAnswer(response, client.effects.now()),
          { patience },
        );
      if (query.kind === "repositories") return await post("list", { Q: sent });
      const found = await post("search", { Q: sent, Opts: OPTIONS });
      if (found.body === null || found.matches === 0) return found;
      // stars and forks come with the list of repositories alone; without them the lines still count
      const list = await post("list", { Q: sent });
      if (list.body === null) return found;
      return {
        ...found,
        body: joined(found.body, list.body),
        attempts: found.attempts + list.attempts,
      };
    },
    readFile: (place) =>
      client.request(
        `${root}/api/search`,
        (response) => readFileText(response, place, client.effects.now()),
        {
          method: "POST",
          body: JSON.stringify({ Q: fileQuery(place), Opts: { ...OPTIONS, Whole: true } }),
        },
      ),
  };
}

/** The one file with this path in this repository. */
export function fileQuery({ repository, path }: FilePlace): string {
  return `repo:"^${escaped(repository)}$" file:"^${escaped(path)}$" case:yes`;
}

/** The text of a file in an answer that has it whole. */
async function readFileText(
  response: Response,
  { repository, path }: FilePlace,
  now: Date,
): Promise<Uint8Array> {
  if (response.status !== 200) throw await failureOf(response, now);
  const { body, isCut } = await readBody(response, 2 * LARGEST_PROGRAM);
  if (isCut) throw new PermanentFailure(`larger than ${LARGEST_PROGRAM} bytes`);
  const files = parsed(body).flatMap(({ Result }) => Result?.Files ?? []);
  const found = files.find((file) => file.Repository === repository && file.FileName === path);
  if (typeof found?.Content !== "string") throw new PermanentFailure("the index has no such file");
  const text = Uint8Array.fromBase64(found.Content);
  if (text.length > LARGEST_PROGRAM) {
    throw new PermanentFailure(`larger than ${LARGEST_PROGRAM} bytes`);
  }
  return text;
}

/**
 * Any of the terms in a file's text. Text is a regular expression even in quotes, and there a
 * backslash escapes the next character: so each is escaped twice. Only the lower-case "or" is one,
 * and a parenthesis without a space in it is text (measured: it finds nothing).
 */
export function zoektQuery(terms: string[]): string {
  const patterns = terms.map((term) => `content:"${escaped(term)}"`);
  return `( ${patterns.join(" or ")} ) case:no`;
}

/** A text as a regular expression in quotes. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replace(/["\\]/g, "\\$&");
}

/** Two answers as two lines. */
function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const lines = [one, other].map((body) => new TextDecoder().decode(body).trim() + "\n");
  return new TextEncoder().encode(lines.join(""));
}

async function readAnswer(response: Response, now: Date): Promise<Attempt> {
  if (response.status !== 200) throw await failureOf(response, now);
  const { body, isCut } = await readBody(response);
  // JSON that is cut says nothing: smaller queries have to
  const empty: ZoektState = { matches: 0, limits: [], gaps: [] };
  if (isCut) {
    return attempt("limited", `answer larger than ${Math.floor(body.length / 1e6)} MB`, empty);
  }
  let state: ZoektState;
  try {
    state = judgeZoekt(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new TransientFailure(`an answer that cannot be read: ${error.message}`);
  }
  if (state.gaps.length > 0) return attempt("gap", state.gaps.join(", "), state);
  if (state.limits.length > 0) return attempt("limited", state.limits.join(", "), state);
  return attempt("complete", null, state);

  function attempt(
    outcome: Attempt["outcome"],
    reason: string | null,
    { matches }: ZoektState,
  ): Attempt {
    return { outcome, reason, body: isCut ? new Uint8Array() : body, matches };
  }
}

/** Errors are `{"Error": "…"}` with 400 (the query) or 500 (the engine). */
async function failureOf(response: Response, now: Date): Promise<Error> {
  const page = await describeBody(response);
  if (response.status === 404 || response.status === 405) {
    return new FatalFailure(
      `HTTP ${response.status}: ${page}: check code_search.endpoint_url, and that zoekt-webserver runs with -rpc`,
    );
  }
  if (response.status === 400) return new PermanentFailure(`HTTP 400: ${page}`);
  return failureOfStatus(response, now, page);
}

/** Whether an answer holds all there is. */
export interface ZoektState {
  /** Matched lines, or repositories where only these were requested. */
  matches: number;
  limits: string[];
  gaps: string[];
}

interface Found {
  FileName: string;
  Repository: string;
  Version?: string;
  Language?: string;
  /** With `Whole` alone: the file, in base64. */
  Content?: string;
  LineMatches?: { Line: string; LineNumber: number; FileName?: boolean }[] | null;
}

interface Listed {
  Name: string;
  /** The section "zoekt" of the repository's git config, as `zoekt-mirror-github` writes it. */
  RawConfig?: Record<string, string> | null;
}

interface Answered {
  Result?: {
    Files?: Found[] | null;
    FilesSkipped?: number;
    ShardsSkipped?: number;
    Crashes?: number;
  };
  List?: {
    Repos?: { Repository: Listed }[] | null;
    Crashes?: number;
  };
}

/** Reads the numbers of an answer; what they do not say, the engine does not either. */
export function judgeZoekt(body: Uint8Array): ZoektState {
  const limits: string[] = [];
  const gaps: string[] = [];
  for (const { Result, List } of parsed(body)) {
    // a limit or the clock ended the work
    for (const name of ["FilesSkipped", "ShardsSkipped"] as const) {
      const count = Result?.[name] ?? 0;
      if (count > 0) limits.push(`${name} ${count}`);
    }
    const crashes = (Result ?? List)?.Crashes ?? 0;
    if (crashes > 0) gaps.push(`Crashes ${crashes}`);
  }
  let matches = 0;
  for (const file of readZoekt(body)) matches += file.lines.length || 1;
  return { matches, limits, gaps };
}

/**
 * The files of a search, with the stars that the list after it gives for their repositories; of a
 * list alone the repositories.
 */
export function* readZoekt(body: Uint8Array): Generator<FileMatch> {
  const answers = parsed(body);
  const listed = new Map<string, Listed>();
  for (const { List } of answers) {
    for (const { Repository } of List?.Repos ?? []) listed.set(Repository.Name, Repository);
  }
  for (const { Result } of answers) {
    for (const found of Result?.Files ?? []) {
      yield { ...readZoektFile(found), ...factsOf(listed.get(found.Repository)) };
    }
  }
  if (answers.some(({ Result }) => Result !== undefined)) return;
  for (const repository of listed.values()) {
    yield {
      repository: repository.Name,
      path: null,
      commit: null,
      last_fetched: null,
      language: null,
      lines: [],
      ...factsOf(repository),
    };
  }
}

/** One `FileMatch` as the engine writes it: lines in base64 with their end, numbered from 1. */
export function readZoektFile(file: Found): FileMatch {
  const lines: LineMatch[] = [];
  for (const line of file.LineMatches ?? []) {
    // the path matched, not the text
    if (line.FileName) continue;
    const bytes = Uint8Array.fromBase64(line.Line);
    const text = new TextDecoder().decode(bytes).replace(/\r?\n$/, "");
    lines.push({ line_number: line.LineNumber, text, is_cut: false });
  }
  return {
    repository: file.Repository,
    path: file.FileName,
    commit: file.Version ? file.Version : null,
    stars: null,
    last_fetched: null,
    language: file.Language ? file.Language : null,
    is_fork: null,
    lines: lines.sort((one, other) => (one.line_number ?? 0) - (other.line_number ?? 0)),
  };
}

function factsOf(repository: Listed | undefined): Pick<FileMatch, "stars" | "is_fork"> {
  const config = repository?.RawConfig ?? {};
  const { "github-stars": stars, fork } = config;
  return {
    stars: stars !== undefined && /^\d+$/.test(stars) ? Number(stars) : null,
    is_fork: fork === undefined ? null : fork === "1" || fork === "true",
  };
}

/** One answer a line: a search, a list, or a search and its list. */
function parsed(body: Uint8Array): Answered[] {
  const lines = new TextDecoder().decode(body).split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const answered = parseJson(line) as Answered | null;
    if (answered?.Result === undefined && answered?.List === undefined) {
      throw new SyntaxError("neither Result nor List");
    }
    return answered;
  });
}
