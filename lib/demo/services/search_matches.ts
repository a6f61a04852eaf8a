/** The objects of a `matches` event, as Sourcegraph writes them. */

import type { FileHit, LineHit } from "./search_engine.ts";
import type { CodeIndex } from "./line_index.ts";
import { hashText } from "../random.ts";

const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ py: "Python", r: "R", js: "JavaScript", ts: "TypeScript", ipynb: "Jupyter Notebook" },
  ...{ md: "Markdown", yml: "YAML", yaml: "YAML", html: "HTML", sh: "Shell", csv: "CSV" },
  ...{ json: "JSON", sql: "SQL", toml: "TOML" },
};
const ENCODER = new TextEncoder();

function chunkOf(hit: LineHit, text: string, offset: number, longestLine: number) {
  const isCut = longestLine >= 0 && text.length > longestLine;
  const bytes = (length: number) => ENCODER.encode([...text].slice(0, length).join("")).length;
  const at = (column: number) => ({ offset: offset + bytes(column), line: hit.line, column });
  return {
    content: isCut ? text.slice(0, longestLine) : text,
    contentStart: { offset, line: hit.line, column: 0 },
    ranges: hit.places.map(([start, length]) => ({ start: at(start), end: at(start + length) })),
    ...(isCut ? { contentTruncated: true } : {}),
  };
}

/** A file's match: `lineMatches`, or `chunkMatches` when the request says `cm`. */
export function contentMatch(
  { file, hits }: FileHit,
  index: CodeIndex,
  parameters: URLSearchParams,
) {
  const { repository, file: { path }, firstLine } = index.files[file]!;
  const wantsChunks = /^(1|t|true)$/i.test(parameters.get("cm") ?? "");
  const longestLine = Number(parameters.get("max-line-len") ?? -1);
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
        chunkMatches: hits.map((hit) => chunkOf(hit, textOf(hit), starts[hit.line]!, longestLine)),
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
export function repositoryMatches(files: readonly FileHit[], index: CodeIndex) {
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
