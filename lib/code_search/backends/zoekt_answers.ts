import type { FileMatch, LineMatch } from "../backend.ts";

/** What a zoekt web server answers: base64 lines, and numbers that tell whether they are all. */

/** Whether an answer holds all there is. */
export interface ZoektState {
  /** Matched lines, or repositories where only these were asked for. */
  matches: number;
  limits: string[];
  gaps: string[];
}

interface Found {
  FileName: string;
  Repository: string;
  Version?: string;
  Language?: string;
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

/** Reads the numbers of an answer; what they do not tell, the engine does not either. */
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
    const answered = JSON.parse(line) as Answered | null;
    if (answered?.Result === undefined && answered?.List === undefined) {
      throw new SyntaxError("neither Result nor List");
    }
    return answered;
  });
}
