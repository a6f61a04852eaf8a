/**
 * The search engine of the demo: the one form of query that the project sends, over all lines.
 *
 * Sourcegraph's language has more: filters that belong to one side of an `OR`, regular expressions,
 * four pattern types. A query in any other form than the one sent is refused, with an alert as the
 * real service sends it, so a change in what is sent shows at once.
 * @module
 */
import type { DemoFile, DemoRepository } from "../code/repositories.ts";

/** The query is refused; the stream answers with an alert. */
export class QueryError extends Error {}

/** A query for lines with one of some texts. */
export interface Query {
  readonly texts: readonly string[];
  /** By name in lowercase letters. */
  readonly filters: ReadonlyMap<string, string>;
}

const TEXT = String.raw`"(?:[^"\\]|\\.)*"`;
/** `("a" OR "b") name:value …`; one text needs no parentheses. */
const FORM = new RegExp(`^(?:(${TEXT})|\\((${TEXT}(?: OR ${TEXT})*)\\))((?: [a-zA-Z]+:\\S+)*)$`);
const FILTERS = ["type", "select", "fork", "archived", "count", "timeout", "patterntype"];

/**
 * Reads a query.
 * @throws {QueryError} for any other form
 */
export function parseQuery(query: string): Query {
  const form = FORM.exec(query);
  if (form === null) throw new QueryError('unsupported expression: expected ("…" OR "…") filters');
  const quoted = (form[1] ?? form[2]!).match(new RegExp(TEXT, "g"))!;
  const texts = quoted.map((text) => text.slice(1, -1).replace(/\\(.)/g, "$1"));
  const filters = new Map<string, string>();
  for (const filter of form[3]!.trim().split(" ").filter(Boolean)) {
    const [name, value] = filter.split(/:(.*)/) as [string, string];
    if (!FILTERS.includes(name.toLowerCase())) throw new QueryError(`unsupported filter "${name}"`);
    filters.set(name.toLowerCase(), value);
  }
  return { texts, filters };
}

/** A matched line; places are offset and length in code points. */
export interface LineHit {
  readonly line: number;
  readonly places: readonly (readonly [offset: number, length: number])[];
}

/** A matched file. */
export interface FileHit {
  readonly file: number;
  readonly hits: readonly LineHit[];
}

export interface Found {
  readonly files: FileHit[];
  /** Repositories that the filters left out. */
  readonly forks: number;
  readonly archived: number;
}

/** All files that match the query, in the order of the index. */
export function findFiles(index: CodeIndex, { texts, filters }: Query): Found {
  const hasForks = isIncluded(filters, "fork");
  const hasArchived = isIncluded(filters, "archived");
  const textsOfLine = new Map<number, string[]>();
  for (const text of texts) {
    for (const line of index.linesWith(text)) {
      const known = textsOfLine.get(line);
      if (known === undefined) textsOfLine.set(line, [text]);
      else known.push(text);
    }
  }
  const files: FileHit[] = [];
  let hits: LineHit[] = [];
  for (const line of [...textsOfLine.keys()].sort((left, right) => left - right)) {
    const file = index.fileOf(line);
    const { repository, firstLine } = index.files[file]!;
    if (repository.isFork && !hasForks || repository.isArchived && !hasArchived) continue;
    if (files.at(-1)?.file !== file) {
      hits = [];
      files.push({ file, hits });
    }
    const places = placesOf(index.lines[line]!, textsOfLine.get(line)!);
    hits.push({ line: line - firstLine, places });
  }
  const count = (passes: (repository: DemoRepository) => boolean) =>
    index.repositories.filter(passes).length;
  return {
    files,
    forks: hasForks ? 0 : count(({ isFork }) => isFork),
    archived: hasArchived ? 0 : count(({ isArchived }) => isArchived),
  };
}

/** Whether forks or archived repositories are searched: only when the query asks for them. */
function isIncluded(filters: Query["filters"], field: string): boolean {
  const value = filters.get(field) ?? "no";
  if (value !== "yes" && value !== "no") {
    throw new QueryError(`invalid value "${value}" for field "${field}", must be yes or no`);
  }
  return value === "yes";
}

/** The places of the texts in a line: from left to right, without overlap, in code points. */
function placesOf(text: string, texts: readonly string[]) {
  const ranges: [number, number][] = [];
  const lowered = text.toLowerCase();
  for (const needle of texts.map((one) => one.toLowerCase())) {
    for (
      let at = lowered.indexOf(needle);
      at >= 0;
      at = lowered.indexOf(needle, at + needle.length)
    ) {
      ranges.push([at, needle.length]);
    }
  }
  ranges.sort((left, right) => left[0] - right[0] || right[1] - left[1]);
  const places: [number, number][] = [];
  let end = 0;
  for (const [start, length] of ranges) {
    if (start < end) continue;
    places.push([[...text.slice(0, start)].length, [...text.slice(start, start + length)].length]);
    end = start + length;
  }
  return places;
}

/** A file with its repository and the number of its first line among all lines. */
export interface IndexedFile {
  readonly repository: DemoRepository;
  readonly file: DemoFile;
  readonly firstLine: number;
}

const WORD = /[a-z0-9]+/g;

export class CodeIndex {
  readonly files: IndexedFile[] = [];
  readonly lines: string[] = [];
  readonly #lowered: string[] = [];
  readonly #fileOfLine: number[] = [];
  /** Lines by word, for the lines that have one of `../-`: all that can hold a URL. */
  readonly #linesOfWord = new Map<string, number[]>();

  constructor(readonly repositories: readonly DemoRepository[]) {
    for (const repository of repositories) {
      for (const file of repository.files) this.#add(repository, file);
    }
  }

  #add(repository: DemoRepository, file: DemoFile): void {
    this.files.push({ repository, file, firstLine: this.lines.length });
    const texts = file.text.split("\n");
    if (texts.at(-1) === "") texts.pop();
    for (const text of texts) {
      const line = this.lines.length;
      const lowered = text.toLowerCase();
      this.lines.push(text);
      this.#lowered.push(lowered);
      this.#fileOfLine.push(this.files.length - 1);
      if (!/[./-]/.test(lowered)) continue;
      for (const word of lowered.match(WORD) ?? []) {
        const lines = this.#linesOfWord.get(word);
        if (lines === undefined) this.#linesOfWord.set(word, [line]);
        else if (lines.at(-1) !== line) lines.push(line);
      }
    }
  }

  fileOf(line: number): number {
    return this.#fileOfLine[line]!;
  }

  /** The numbers of the lines that hold the text in any case, ascending. */
  linesWith(text: string): number[] {
    const lowered = text.toLowerCase();
    return this.#candidates(lowered).filter((line) => this.#lowered[line]!.includes(lowered));
  }

  #all(): number[] {
    return Array.from(this.lines, (_, line) => line);
  }

  #candidates(lowered: string): number[] {
    if (!/[./-]/.test(lowered)) return this.#all();
    const words = [...lowered.matchAll(WORD)];
    // A word at either end of the text may be the part of a longer word in the line.
    const whole = words.filter(({ index, 0: word }) =>
      index > 0 && index + word.length < lowered.length
    );
    let rarest: number[] | undefined;
    for (const [word] of whole) {
      const lines = this.#linesOfWord.get(word) ?? [];
      if (rarest === undefined || lines.length < rarest.length) rarest = lines;
    }
    if (rarest !== undefined) return rarest;
    const longest = words.map(([word]) => word).toSorted((a, b) => b.length - a.length)[0];
    if (longest === undefined) return this.#all();
    const found = new Set<number>();
    for (const [word, lines] of this.#linesOfWord) {
      if (word.includes(longest)) { for (const line of lines) found.add(line); }
    }
    return [...found].sort((a, b) => a - b);
  }
}
