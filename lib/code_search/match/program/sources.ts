/**
 * What of a file is program text, and in which language. Notebooks are read cell by cell, in order;
 * documents with code in them only where the code is. Lines keep their numbers.
 *
 * @module
 */
import type { LanguageName } from "./calls.ts";
import type { Grammar } from "./syntax_tree.ts";

/** Program text of a file. */
export interface Source {
  grammar: Grammar;
  language: LanguageName;
  text: string;
  /** The line of the file for every line of the text; null where they are the same. */
  lines: number[] | null;
}

const BY_EXTENSION: Record<string, [Grammar, LanguageName]> = {
  py: ["python", "python"],
  pyw: ["python", "python"],
  js: ["javascript", "javascript"],
  mjs: ["javascript", "javascript"],
  cjs: ["javascript", "javascript"],
  jsx: ["javascript", "javascript"],
  ts: ["typescript", "javascript"],
  mts: ["typescript", "javascript"],
  cts: ["typescript", "javascript"],
  tsx: ["tsx", "javascript"],
  sh: ["bash", "shell"],
  bash: ["bash", "shell"],
  zsh: ["bash", "shell"],
  r: ["r", "r"],
  jl: ["julia", "julia"],
};
const DOCUMENTS = new Set(["ipynb", "rmd", "qmd", "html", "htm", "vue", "svelte"]);

/** Whether a file of this name may hold a program that can be read. */
export function mayBeProgram(path: string): boolean {
  const extension = extensionOf(path);
  return extension === "" || Object.hasOwn(BY_EXTENSION, extension) || DOCUMENTS.has(extension);
}

/** The program text of a file; none where it is not a program of a known language. */
export function sourcesOf(path: string, text: string): Source[] {
  const extension = extensionOf(path);
  if (Object.hasOwn(BY_EXTENSION, extension)) {
    const [grammar, language] = BY_EXTENSION[extension]!;
    return [{ grammar, language, text, lines: null }];
  }
  switch (extension) {
    case "":
      return ofInterpreter(text);
    case "ipynb":
      return ofNotebook(text);
    case "rmd":
    case "qmd":
      return ofChunks(text);
    case "html":
    case "htm":
    case "vue":
    case "svelte":
      return ofScripts(text);
    default:
      return [];
  }
}

function extensionOf(path: string): string {
  return /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
}

/** A script without an extension names its interpreter in its first line. */
function ofInterpreter(text: string): Source[] {
  const found = /^#!.*?\b(python|node|deno|bash|zsh|sh|Rscript|julia)/.exec(text.slice(0, 200))
    ?.[1];
  const names: Record<string, string> = {
    python: "py",
    node: "js",
    deno: "ts",
    bash: "sh",
    zsh: "sh",
    sh: "sh",
    Rscript: "r",
    julia: "jl",
  };
  const known = found === undefined ? undefined : BY_EXTENSION[names[found] ?? ""];
  return known === undefined ? [] : [{ grammar: known[0], language: known[1], text, lines: null }];
}

/** Everything but the marked parts is replaced by empty lines. */
function onlyLines(lines: string[], isKept: boolean[]): string {
  return lines.map((line, at) => isKept[at] ? line : "").join("\n");
}

/** R Markdown and Quarto: the chunks of R and Python. */
function ofChunks(text: string): Source[] {
  const lines = text.split("\n");
  const kept: Record<string, boolean[]> = { r: [], python: [], julia: [] };
  let open: string | null = null;
  lines.forEach((line, at) => {
    const begin = /^\s*(?:>\s*)?```+\s*\{\s*(\w+)/.exec(line);
    if (open === null && begin !== null) open = begin[1]!.toLowerCase();
    else if (/^\s*(?:>\s*)?```/.test(line)) open = null;
    else if (open !== null && Object.hasOwn(kept, open)) kept[open]![at] = true;
  });
  const languages = [["r", "r"], ["python", "python"], ["julia", "julia"]] as const;
  return languages.filter(([language]) => kept[language]!.length > 0).map((
    [language, grammar],
  ) => ({
    grammar,
    language,
    text: onlyLines(lines, kept[language]!),
    lines: null,
  }));
}

/** The scripts of a page, as one program. */
function ofScripts(text: string): Source[] {
  const found =
    /<script\b(?![^>]*\btype\s*=\s*["']?(?:application\/(?:ld\+)?json|text\/template))[^>]*>([\s\S]*?)<\/script/gi;
  let program = "";
  let at = 0;
  let isTyped = false;
  for (const match of text.matchAll(found)) {
    const body = match[1] ?? "";
    if (body.trim() === "") continue;
    const start = match.index + match[0].indexOf(">") + 1;
    program += blank(text.slice(at, start)) + body;
    at = start + body.length;
    isTyped ||= /lang\s*=\s*["']?tsx?/.test(match[0].slice(0, 100));
  }
  if (program === "") return [];
  return [{
    grammar: isTyped ? "typescript" : "javascript",
    language: "javascript",
    text: program,
    lines: null,
  }];
}

function blank(text: string): string {
  return text.replace(/[^\n]+/g, ";");
}

interface Cell {
  cell_type?: unknown;
  source?: unknown;
}

/** A notebook's code cells, as one program. */
function ofNotebook(text: string): Source[] {
  let notebook: {
    cells?: unknown;
    metadata?: { kernelspec?: { language?: unknown }; language_info?: { name?: unknown } };
  };
  try {
    notebook = JSON.parse(text);
  } catch {
    return [];
  }
  if (notebook === null || typeof notebook !== "object" || !Array.isArray(notebook.cells)) {
    return [];
  }
  const name = String(
    notebook.metadata?.language_info?.name ?? notebook.metadata?.kernelspec?.language ?? "python",
  )
    .toLowerCase();
  const languages: Record<string, [Grammar, LanguageName]> = {
    python: ["python", "python"],
    ipython: ["python", "python"],
    r: ["r", "r"],
    julia: ["julia", "julia"],
    javascript: ["javascript", "javascript"],
    typescript: ["typescript", "javascript"],
  };
  const known = Object.hasOwn(languages, name) ? languages[name] : undefined;
  if (known === undefined) return [];
  const places = sourceStrings(text);
  const program: string[] = [];
  const lines: number[] = [];
  let cell = 0;
  for (const one of notebook.cells as Cell[]) {
    const strings = places[cell++] ?? [];
    if (one === null || typeof one !== "object" || one.cell_type !== "code") continue;
    for (const { value, line } of strings) {
      for (const part of value.replace(/\n$/, "").split("\n")) {
        // commands of the notebook itself are no program text
        program.push(/^\s*[%!?]/.test(part) ? part.replace(/\S.*/, "pass") : part);
        lines.push(line);
      }
    }
    program.push("");
    lines.push(strings.at(-1)?.line ?? 1);
  }
  const [grammar, language] = known;
  return [{ grammar, language, text: program.join("\n"), lines }];
}

/** The strings of `source` of every cell, each with its line in the file. */
function sourceStrings(text: string): { value: string; line: number }[][] {
  const cells: { value: string; line: number }[][] = [];
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|\n/g;
  const path: (string | null)[] = [];
  let key: string | null = null;
  let last: string | null = null;
  let line = 1;
  for (const [found] of text.matchAll(token)) {
    if (found === "\n") line++;
    else if (found === "{" || found === "[") {
      // a cell is an object in the list "cells" of the notebook
      if (found === "{" && path.length === 2 && path[1] === "cells") cells.push([]);
      path.push(key);
      key = null;
    } else if (found === "}" || found === "]") {
      path.pop();
      key = null;
    } else if (found === ":") key = last;
    else if (found === ",") {
      if (path.length === 0) key = null;
    } else {
      const isSource = (path.length === 4 && path[1] === "cells" && path[3] === "source") ||
        (path.length === 3 && path[1] === "cells" && key === "source");
      const value = JSON.parse(found) as string;
      if (isSource && !(path.length === 3 && last === "source" && value === "source")) {
        cells.at(-1)?.push({ value, line });
      }
      last = value;
      if (key !== null) key = null;
    }
  }
  return cells;
}
