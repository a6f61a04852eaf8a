/** Runs parsed queries over the index: which files match, on which lines, in which places. */

import type { CodeIndex } from "./line_index.ts";
import type { DemoRepository } from "../code/repository.ts";
import { type Job, type Node, QueryError } from "./sourcegraph_query.ts";

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
  files: FileHit[];
  /** Repositories that the filters left out. */
  readonly forks: number;
  readonly archived: number;
}

type Pattern = Extract<Node, { kind: "pattern" }>;

/** Line numbers with the patterns that hit them. */
type Lines = Map<number, Pattern[]>;

function expressionOf(text: string, isCaseSensitive: boolean): RegExp {
  try {
    return new RegExp(text, isCaseSensitive ? "gu" : "giu");
  } catch (error) {
    throw new QueryError(`error parsing regexp: ${(error as Error).message}`);
  }
}

function evaluate(index: CodeIndex, node: Node, isCaseSensitive: boolean): Lines {
  switch (node.kind) {
    case "pattern": {
      const lines = node.isRegexp
        ? index.linesLike(new RegExp(expressionOf(node.text, isCaseSensitive), "iu"))
        : index.linesWith(node.text, isCaseSensitive);
      return new Map(lines.map((line) => [line, [node]]));
    }
    case "or": {
      const union: Lines = new Map();
      for (const part of node.nodes) merge(union, evaluate(index, part, isCaseSensitive));
      return union;
    }
    case "and": {
      const wanted = node.nodes.filter((part) => part.kind !== "not")
        .map((part) => evaluate(index, part, isCaseSensitive));
      const unwanted = node.nodes.filter((part) => part.kind === "not")
        .map((part) => evaluate(index, part.node, isCaseSensitive));
      const filesOf = (lines: Lines) =>
        new Set([...lines.keys()].map((line) => index.fileOf(line)));
      const required = wanted.map(filesOf);
      const forbidden = unwanted.map(filesOf);
      const union: Lines = new Map();
      for (const lines of wanted) merge(union, lines);
      for (const line of [...union.keys()]) {
        const file = index.fileOf(line);
        const isIn = required.every((files) => files.has(file)) &&
          !forbidden.some((files) => files.has(file));
        if (!isIn) union.delete(line);
      }
      return union;
    }
    default:
      throw new QueryError("a query must have something to search for besides NOT");
  }
}

function merge(union: Lines, lines: Lines): void {
  for (const [line, patterns] of lines) {
    const known = union.get(line);
    if (known === undefined) union.set(line, [...patterns]);
    else known.push(...patterns);
  }
}

/** Where the patterns stand in the text: from left to right, without overlap, in code points. */
function placesOf(text: string, patterns: readonly Pattern[], isCaseSensitive: boolean) {
  const ranges: [number, number][] = [];
  const hay = isCaseSensitive ? text : text.toLowerCase();
  for (const pattern of patterns) {
    if (pattern.isRegexp) {
      for (const found of text.matchAll(expressionOf(pattern.text, isCaseSensitive))) {
        if (found[0] !== "") ranges.push([found.index, found[0].length]);
      }
      continue;
    }
    const needle = isCaseSensitive ? pattern.text : pattern.text.toLowerCase();
    for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) {
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

/** Whether a repository is searched; forks and archived ones only when the query asks for them. */
function isKept(setting: string | undefined, has: boolean, field: string): boolean {
  const value = (setting ?? "no").toLowerCase();
  if (value === "yes" || value === "true") return true;
  if (value === "only") return has;
  if (value === "no" || value === "false") return !has;
  throw new QueryError(`invalid value "${setting}" for field "${field}", must be yes, no or only`);
}

/** All files that match one search, in the order of the index. */
export function runJob(index: CodeIndex, job: Job): Found {
  const { filters, pattern } = job;
  if (pattern === undefined) return { files: [], forks: 0, archived: 0 };
  const isCaseSensitive = filters.get("case") === "yes";
  const repoLike = expressionOf(filters.get("repo") ?? "", false);
  const fileLike = expressionOf(filters.get("file") ?? "", false);
  const without = filters.get("-repo");
  const repoUnlike = without === undefined ? undefined : expressionOf(without, false);
  const isSearched = (repository: DemoRepository) =>
    isKept(filters.get("fork"), repository.isFork, "fork") &&
    isKept(filters.get("archived"), repository.isArchived, "archived") &&
    repository.name.search(repoLike) >= 0 &&
    (repoUnlike === undefined || repository.name.search(repoUnlike) < 0);
  const files: FileHit[] = [];
  let hits: LineHit[] = [];
  const lines = evaluate(index, pattern, isCaseSensitive);
  for (const line of [...lines.keys()].sort((left, right) => left - right)) {
    const file = index.fileOf(line);
    const { repository, file: { path }, firstLine } = index.files[file]!;
    if (!isSearched(repository) || path.search(fileLike) < 0) continue;
    if (files.at(-1)?.file !== file) {
      hits = [];
      files.push({ file, hits });
    }
    const places = placesOf(index.lines[line]!, lines.get(line)!, isCaseSensitive);
    hits.push({ line: line - firstLine, places });
  }
  const left = (has: (repository: DemoRepository) => boolean, field: string) =>
    index.repositories.filter((one) => has(one) && !isKept(filters.get(field), true, field)).length;
  return {
    files,
    forks: left((one) => one.isFork, "fork"),
    archived: left((one) => one.isArchived, "archived"),
  };
}
