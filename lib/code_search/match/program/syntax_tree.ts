/**
 * Parses source with tree-sitter. Parser and grammars are WebAssembly and are loaded when the first
 * file of a language is read, so that no other command pays for them.
 *
 * @module
 */
import type { Language, Parser, Tree } from "web-tree-sitter";

/** A named node of a syntax tree. */
export interface SyntaxNode {
  type: string;
  field: string | null;
  /** Offsets into the source, in UTF-16 units. */
  start: number;
  end: number;
  /** Line from 1. */
  line: number;
  children: SyntaxNode[];
}

/** The grammars, by the name of their language. */
export type Grammar = "python" | "javascript" | "typescript" | "tsx" | "bash" | "r" | "julia";

/** What a parse may cost. */
export interface ParseLimits {
  /** For the longest files; the shortest get half. */
  milliseconds: number;
  /** Deeper nodes are left out: no one writes them by hand. */
  depth: number;
  nodes: number;
}

const FILES: Record<Grammar, () => URL> = {
  python: () => bundled("python"),
  javascript: () => bundled("javascript"),
  typescript: () => bundled("typescript"),
  tsx: () => bundled("tsx"),
  bash: () => bundled("bash"),
  r: () => new URL("../../tree-sitter-r.wasm", import.meta.resolve("@eagleoutice/tree-sitter-r")),
  julia: () => new URL("../../tree-sitter-julia.wasm", import.meta.resolve("tree-sitter-julia")),
};

/**
 * Deno fetches the packages that some module imports, so they are named here; only their
 * WebAssembly is read, and nothing calls this.
 */
export const GRAMMAR_PACKAGES = [
  () => import("@vscode/tree-sitter-wasm"),
  () => import("@eagleoutice/tree-sitter-r"),
  () => import("tree-sitter-julia"),
];

/** The length for which all of the time is given. */
const LONGEST = 1_000_000;

let library: Promise<typeof import("web-tree-sitter")> | undefined;
const parsers = new Map<Grammar, Promise<Loaded>>();

interface Loaded {
  parser: Parser;
  language: Language;
}

/** Loads a grammar, once. */
export function loadGrammar(grammar: Grammar): Promise<Loaded> {
  let loaded = parsers.get(grammar);
  if (loaded === undefined) {
    loaded = load(grammar);
    parsers.set(grammar, loaded);
  }
  return loaded;
}

async function load(grammar: Grammar): Promise<Loaded> {
  library ??= (async () => {
    const module = await import("web-tree-sitter");
    await module.Parser.init();
    return module;
  })();
  const { Parser, Language } = await library;
  const language = await Language.load(await Deno.readFile(FILES[grammar]()));
  const parser = new Parser();
  parser.setLanguage(language);
  // the first parse compiles the grammar, which must not count as the file's time
  parser.parse('x = ["a", 1]\n')?.delete();
  return { parser, language };
}

function bundled(name: string): URL {
  return new URL(`tree-sitter-${name}.wasm`, import.meta.resolve("@vscode/tree-sitter-wasm"));
}

/** The tree of a source, or null where it took too long or has too many nodes. */
export function parseSource(
  { parser, language }: Loaded,
  source: string,
  limits: ParseLimits,
): SyntaxNode | null {
  // a short file that takes long is no program: mending its errors is what takes the time
  const share = 0.5 + 0.5 * Math.min(1, source.length / LONGEST);
  const deadline = performance.now() + limits.milliseconds * share;
  let tree: Tree | null = null;
  try {
    tree = parser.parse(source, null, {
      progressCallback: () => performance.now() > deadline,
    });
    return tree === null ? null : namedNodes(tree, language, source, limits, deadline);
  } finally {
    tree?.delete();
    // a parse that was cancelled would continue where it was, with another source
    parser.reset();
  }
}

/** Copies the named nodes: one visit of the tree costs less than asking it for every detail. */
function namedNodes(
  tree: Tree,
  language: Language,
  source: string,
  limits: ParseLimits,
  deadline: number,
): SyntaxNode | null {
  const cursor = tree.walk();
  try {
    const types = language.types;
    const fields = language.fields;
    const nodeAt = (line: number): SyntaxNode => ({
      type: types[cursor.nodeTypeId] ?? "ERROR",
      field: fields[cursor.currentFieldId] ?? null,
      start: cursor.startIndex,
      end: cursor.endIndex,
      line,
      children: [],
    });
    const root = nodeAt(1);
    const open = [root];
    let line = 1;
    let at = 0;
    let count = 0;
    if (!cursor.gotoFirstChild()) return root;
    while (true) {
      let isEntered = false;
      if (cursor.nodeIsNamed) {
        if (++count > limits.nodes) return null;
        if (count % 4096 === 0 && performance.now() > deadline) return null;
        const node = nodeAt(line);
        // nodes come in the order of their starts
        for (; at < node.start; at++) if (source.charCodeAt(at) === 10) line++;
        node.line = line;
        open.at(-1)?.children.push(node);
        if (open.length < limits.depth && cursor.gotoFirstChild()) {
          open.push(node);
          isEntered = true;
        }
      }
      if (isEntered) continue;
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent() || open.length <= 1) return root;
        open.pop();
      }
    }
  } finally {
    cursor.delete();
  }
}

/** The child in a field. */
export function childIn(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
}
