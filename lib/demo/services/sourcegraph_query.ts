/** Sourcegraph's query language, as far as searches for URLs use it, with its traps. */

/** The query is refused; the stream answers with an alert. */
export class QueryError extends Error {}

export type PatternType = "keyword" | "standard" | "literal" | "regexp";

export type Node =
  | { readonly kind: "pattern"; readonly text: string; readonly isRegexp: boolean }
  | { readonly kind: "filter"; readonly field: string; readonly value: string }
  | { readonly kind: "and" | "or"; readonly nodes: readonly Node[] }
  | { readonly kind: "not"; readonly node: Node };

/** One search with its own filters: a query is one, or several when filters stand inside an `OR`. */
export interface Job {
  readonly filters: ReadonlyMap<string, string>;
  readonly pattern: Node | undefined;
}

const FIELDS: Readonly<Record<string, string>> = {
  ...{ r: "repo", repo: "repo", f: "file", file: "file", l: "lang", lang: "lang" },
  ...{ language: "lang", fork: "fork", archived: "archived", count: "count", timeout: "timeout" },
  ...{
    patterntype: "patterntype",
    type: "type",
    select: "select",
    case: "case",
    content: "content",
  },
};
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', "\\": "\\", n: "\n", r: "\r", t: "\t" },
};

/** Reads a delimited text at `at`; undefined when it does not end, or something follows at once. */
function delimited(query: string, at: number): { text: string; end: number } | undefined {
  let text = "";
  for (let next = at + 1; next < query.length; next++) {
    const character = query.charAt(next);
    if (character === '"') {
      const after = query.charAt(next + 1);
      return /^[\s)]?$/.test(after) ? { text, end: next + 1 } : undefined;
    }
    if (character !== "\\") {
      text += character;
      continue;
    }
    next++;
    const escaped = query.charAt(next);
    text += ESCAPES[escaped] ?? `\\${escaped}`;
  }
  return undefined;
}

class Parser {
  #at = 0;

  constructor(readonly query: string, readonly type: PatternType) {}

  parse(): Node {
    const node = this.#or();
    if (this.#at < this.query.length) throw new QueryError("unsupported expression: unbalanced )");
    return node;
  }

  #skipSpace(): void {
    while (/\s/.test(this.query.charAt(this.#at))) this.#at++;
  }

  #keyword(word: string): boolean {
    this.#skipSpace();
    const found = this.query.slice(this.#at, this.#at + word.length);
    const after = this.query.charAt(this.#at + word.length);
    if (found.toLowerCase() !== word || !/^[\s(]?$/.test(after)) return false;
    if (found !== word && found !== word.toUpperCase()) return false;
    this.#at += word.length;
    return true;
  }

  #or(): Node {
    const nodes = [this.#and()];
    while (this.#keyword("or")) nodes.push(this.#and());
    return nodes.length === 1 ? nodes[0]! : { kind: "or", nodes };
  }

  #and(): Node {
    const nodes: Node[] = [];
    let isJoined = false;
    for (;;) {
      this.#skipSpace();
      const next = this.query.charAt(this.#at);
      if (next === "" || next === ")") break;
      const before = this.#at;
      if (this.#keyword("or")) {
        this.#at = before;
        break;
      }
      if (this.#keyword("and")) {
        isJoined = false;
        continue;
      }
      const node = this.#term();
      const last = nodes.at(-1);
      // Effects keyword search, words side by side are one text with the space between them.
      if (
        isJoined && this.type !== "keyword" && node.kind === "pattern" && last?.kind === "pattern"
      ) {
        nodes[nodes.length - 1] = { ...last, text: `${last.text} ${node.text}` };
      } else {
        nodes.push(node);
      }
      isJoined = true;
    }
    if (nodes.length === 0) throw new QueryError("expected operand");
    return nodes.length === 1 ? nodes[0]! : { kind: "and", nodes };
  }

  #term(): Node {
    if (this.#keyword("not")) return { kind: "not", node: this.#term() };
    if (this.query.charAt(this.#at) === "(") {
      this.#at++;
      const node = this.#or();
      this.#skipSpace();
      if (this.query.charAt(this.#at) !== ")") {
        throw new QueryError("unsupported expression: unbalanced (");
      }
      this.#at++;
      return node;
    }
    const field = /^-?([a-zA-Z]+):/.exec(this.query.slice(this.#at, this.#at + 16));
    const name = FIELDS[field?.[1]?.toLowerCase() ?? ""];
    if (field !== null && name !== undefined) {
      this.#at += field[0].length;
      const value = this.#value(true);
      if (name === "content") return { kind: "pattern", text: value, isRegexp: false };
      const filter: Node = { kind: "filter", field: name, value };
      return field[0].startsWith("-") ? { kind: "not", node: filter } : filter;
    }
    const start = this.#at;
    const regexp = this.type === "keyword" ? /^\/((?:[^\/\\\n]|\\.)+)\/(?=[\s)]|$)/ : /(?!)/;
    const slashed = regexp.exec(this.query.slice(start));
    if (slashed !== null) {
      this.#at += slashed[0].length;
      return { kind: "pattern", text: slashed[1]!.replaceAll("\\/", "/"), isRegexp: true };
    }
    const text = this.#value(this.type === "keyword");
    return { kind: "pattern", text, isRegexp: this.type === "regexp" };
  }

  #value(hasQuotes: boolean): string {
    if (hasQuotes && this.query.charAt(this.#at) === '"') {
      const quoted = delimited(this.query, this.#at);
      if (quoted !== undefined) {
        this.#at = quoted.end;
        return quoted.text;
      }
    }
    const start = this.#at;
    while (this.#at < this.query.length && !/[\s()]/.test(this.query.charAt(this.#at))) this.#at++;
    return this.query.slice(start, this.#at);
  }
}

function hasFilter(node: Node): boolean {
  if (node.kind === "filter") return true;
  if (node.kind === "not") return hasFilter(node.node);
  return node.kind !== "pattern" && node.nodes.some(hasFilter);
}

/** Filters belong to their own side of an `OR`; beside parentheses they belong to the whole. */
function jobsOf(node: Node): Job[] {
  if (node.kind === "or" && hasFilter(node)) return node.nodes.flatMap(jobsOf);
  const parts = node.kind === "and" ? node.nodes : [node];
  const filters = new Map<string, string>();
  const patterns: Node[] = [];
  for (const part of parts) {
    if (part.kind === "filter") filters.set(part.field, part.value);
    else if (part.kind === "not" && part.node.kind === "filter") {
      filters.set(`-${part.node.field}`, part.node.value);
    } else if (hasFilter(part)) {
      throw new QueryError("this demo does not read filters inside parentheses beside others");
    } else patterns.push(part);
  }
  const pattern = patterns.length < 2 ? patterns[0] : { kind: "and" as const, nodes: patterns };
  return [{ filters, pattern }];
}

/** The pattern type the query names itself, if any. */
export function patternTypeOf(query: string): PatternType | undefined {
  const found = /(?:^|[\s(])patterntype:(\w+)/i.exec(query)?.[1]?.toLowerCase();
  return found as PatternType | undefined;
}

/** Parses a query into its searches; what the language does not allow is a QueryError. */
export function parseQuery(query: string, type: PatternType): Job[] {
  return jobsOf(new Parser(query, type).parse());
}
