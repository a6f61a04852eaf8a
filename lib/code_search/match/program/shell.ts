/**
 * Shell: from the syntax tree to the common form. A command is a call of its name; `$1` is the
 * first argument of the function it is in.
 *
 * @module
 */
import {
  callOf,
  type Entry,
  type Expression,
  literal,
  type Statement,
  type Target,
  unknown,
} from "./program.ts";
import { childIn, type SyntaxNode } from "./syntax_tree.ts";

/** The statements of a shell script. */
export function readShell(root: SyntaxNode, source: string): Statement[] {
  return new ShellReader(source).block(root);
}

class ShellReader {
  private isInFunction = false;

  constructor(private readonly source: string) {}

  block(node: SyntaxNode | undefined): Statement[] {
    return node === undefined ? [] : node.children.flatMap((child) => this.statement(child));
  }

  private text(node: SyntaxNode | undefined): string {
    return node === undefined ? "" : this.source.slice(node.start, node.end);
  }

  private statement(node: SyntaxNode): Statement[] {
    const { line } = node;
    switch (node.type) {
      case "variable_assignment":
        return [this.assignment(node, !this.isInFunction)];
      case "declaration_command": {
        const command = /^\w+/.exec(this.text(node))?.[0] ?? "";
        const isLocal = command === "local" || command === "declare" || command === "typeset";
        return node.children.filter(({ type }) => type === "variable_assignment")
          .map((child) => this.assignment(child, isLocal || !this.isInFunction));
      }
      case "for_statement": {
        const values = node.children.filter(({ field }) => field === "value");
        return [{
          kind: "loop",
          target: { kind: "name", name: this.text(childIn(node, "variable")) },
          values: { kind: "list", items: values.map((value) => this.listed(value)), line },
          body: this.block(childIn(node, "body")),
          line,
        }];
      }
      case "c_style_for_statement":
        return [this.counted(node)];
      case "while_statement":
        return [{
          kind: "repeat",
          parts: [],
          body: [...this.reads(childIn(node, "condition")), ...this.block(childIn(node, "body"))],
          line,
        }];
      case "if_statement":
        return [this.branch(node.children, line)];
      case "case_statement":
        return [{
          kind: "perhaps",
          body: node.children.filter(({ type }) => type === "case_item")
            .flatMap((item) => item.children.filter(({ field }) => field !== "value"))
            .flatMap((child) => this.statement(child)),
          line,
        }];
      case "function_definition": {
        const outer = this.isInFunction;
        this.isInFunction = true;
        const body = this.block(childIn(node, "body"));
        this.isInFunction = outer;
        return [{
          kind: "function",
          name: this.text(childIn(node, "name")),
          parameters: [1, 2, 3, 4, 5, 6].map((number) => ({
            target: { kind: "name", name: String(number) },
            default: null,
            isRest: false,
          })),
          body,
          line,
        }];
      }
      case "command":
        return [{ kind: "expression", value: this.command(node), line }];
      case "redirected_statement":
        return node.children.flatMap((child) =>
          child.field === "body" ? this.statement(child) : this.redirect(child)
        );
      case "list": {
        // "a && b": b runs when a went well, which is the rule; after "||" it is the exception
        const [first, second] = node.children;
        const isOr = this.source.slice(first?.end, second?.start).includes("||");
        const rest = second === undefined ? [] : this.statement(second);
        return [
          ...(first === undefined ? [] : this.statement(first)),
          ...(isOr ? [{ kind: "perhaps" as const, body: rest, line }] : rest),
        ];
      }
      case "pipeline":
      case "subshell":
      case "compound_statement":
      case "do_group":
      case "negated_command":
      case "ERROR":
        return this.block(node);
      default:
        return [];
    }
  }

  private redirect(node: SyntaxNode): Statement[] {
    const parts = node.children.filter(({ type }) => type !== "file_descriptor")
      .map((child) => this.word(child));
    return parts.length === 0
      ? []
      : [{ kind: "expression", value: unknown(node.line, parts), line: node.line }];
  }

  /** `while read -r url` changes what it reads into. */
  private reads(condition: SyntaxNode | undefined): Statement[] {
    const commands = condition === undefined ? [] : [condition, ...condition.children];
    return commands.filter(({ type }) => type === "command").flatMap((command) => {
      const [name, ...rest] = command.children;
      if (this.text(name) !== "read") return [];
      return rest.map((argument) => this.text(argument)).filter((text) => /^\w+$/.test(text))
        .map((text): Statement => ({
          kind: "change",
          target: { kind: "name", name: text },
          parts: [],
          declares: !this.isInFunction,
          line: command.line,
        }));
    });
  }

  private counted(node: SyntaxNode): Statement {
    const { line } = node;
    const body = this.block(childIn(node, "body"));
    const head =
      /^for\s*\(\(\s*(\w+)\s*=\s*(\d+)\s*;\s*\1\s*(<=?)\s*(\d+)\s*;\s*(?:\1\+\+|\+\+\1|\1\+=1)\s*\)\)/
        .exec(this.text(node).slice(0, 200));
    if (head === null) return { kind: "repeat", parts: [], body, line };
    const number = (digits = "0"): Expression => ({
      kind: "number",
      value: Number(digits),
      digits,
      line,
    });
    return {
      kind: "loop",
      target: { kind: "name", name: head[1] ?? "" },
      values: callOf(head[3] === "<" ? "@range" : "@closed_range", [
        number(head[2]),
        number(head[4]),
      ], line),
      body,
      line,
    };
  }

  private branch(nodes: SyntaxNode[], line: number): Statement {
    const at = nodes.findIndex(({ type }) => type === "elif_clause" || type === "else_clause");
    const next = nodes[at];
    const then = (at < 0 ? nodes : nodes.slice(0, at)).filter(({ field }) => field !== "condition");
    return {
      kind: "branch",
      test: unknown(line),
      then: then.flatMap((child) => this.statement(child)),
      otherwise: next === undefined
        ? []
        : next.type === "else_clause"
        ? this.block(next)
        : [this.branch([...next.children, ...nodes.slice(at + 1)], next.line)],
      line,
    };
  }

  private assignment(node: SyntaxNode, declares: boolean): Statement {
    const { line } = node;
    const name = childIn(node, "name");
    const value = childIn(node, "value");
    const target: Target = name?.type === "subscript"
      ? {
        kind: "item",
        object: { kind: "name", name: this.text(childIn(name, "name")), line },
        key: this.key(childIn(name, "index")),
      }
      : { kind: "name", name: this.text(name) };
    if (this.source.slice(name?.end, value?.start ?? node.end).includes("+=")) {
      return {
        kind: "change",
        target,
        parts: value === undefined ? [] : [this.word(value)],
        declares,
        line,
      };
    }
    // URL=${URL:-"…"} takes what the environment has, if it has something
    const ownDefault = value === undefined ? undefined : this.ownDefault(value, this.text(name));
    const given = ownDefault ?? (value === undefined ? literal("", line) : this.word(value));
    return { kind: "assign", target, value: given, declares, line };
  }

  private ownDefault(value: SyntaxNode, name: string): Expression | undefined {
    const node = value.type === "string" && value.children.length === 1 ? value.children[0] : value;
    if (node?.type !== "expansion" || this.text(node.children[0]) !== name) return undefined;
    const operator = /^\$\{\w+(:?-)/.exec(this.text(node))?.[1];
    return operator === undefined ? undefined : this.word(node.children[1]);
  }

  private key(node: SyntaxNode | undefined): Expression {
    return node === undefined ? unknown(0) : this.word(node);
  }

  private command(node: SyntaxNode): Expression {
    const { line } = node;
    const name = this.text(childIn(node, "name"));
    const args = node.children.filter(({ field }) => field === "argument");
    const values = args.map((argument) => this.listed(argument));
    return {
      kind: "call",
      callee: { kind: "name", name, line },
      arguments: values.map((value) => ({ name: null, value })),
      isVectorized: false,
      line,
    };
  }

  /** A word that may be several: `{2015..2020}`, `$(seq 1 9)`, `"${URLS[@]}"`. */
  private listed(node: SyntaxNode): Expression {
    const { line } = node;
    const inner = node.type === "string" && node.children.length === 1 ? node.children[0]! : node;
    const text = this.text(inner);
    const all = /^\$\{(!?)(\w+)\[[@*]\]\}$/.exec(text);
    if (all !== null) {
      const list: Expression = { kind: "name", name: all[2] ?? "", line };
      return callOf(
        "@spread",
        [callOf(all[1] === "!" ? "@keys" : "@elements", [list], line)],
        line,
      );
    }
    if (node.type === "brace_expression") {
      return callOf("@spread", [callOf("@closed_range", this.wordsOf(node), line)], line);
    }
    if (node.type === "word" && /\{[^{}]*,[^{}]*\}/.test(text)) {
      return this.alternatives(text, line);
    }
    if (node.type === "command_substitution") {
      const command = node.children[0];
      if (this.text(childIn(command ?? node, "name")) === "seq") {
        const ends = (command?.children ?? []).filter(({ field }) => field === "argument")
          .map((argument) => this.number(this.word(argument)));
        const range = ends.length === 3 ? [ends[0]!, ends[2]!, ends[1]!] : ends;
        return callOf("@spread", [callOf("@closed_range", range, line)], line);
      }
    }
    // for y in $YEARS: the words of a variable without quotes
    if (node.type === "simple_expansion" || node.type === "expansion") {
      return callOf("@spread", [callOf("@words", [this.word(node)], line)], line);
    }
    return this.word(node);
  }

  private wordsOf(node: SyntaxNode): Expression[] {
    return node.children.map((child) => this.number(this.word(child)));
  }

  private number(value: Expression): Expression {
    const digits = value.kind === "text" && value.parts.length === 1 ? value.parts[0] : undefined;
    return typeof digits === "string" && /^-?\d+$/.test(digits)
      ? { kind: "number", value: Number(digits), digits, line: value.line }
      : value;
  }

  private alternatives(text: string, line: number): Expression {
    const found = /^([^{}]*)\{([^{}]*)\}([^{}]*)$/.exec(text);
    if (found === null) return unknown(line);
    const [, before = "", inner = "", after = ""] = found;
    const items = inner.split(",").map((part) => literal(before + part + after, line));
    return callOf("@spread", [{ kind: "list", items, line }], line);
  }

  private word(node: SyntaxNode | undefined): Expression {
    if (node === undefined) return unknown(0);
    const { line } = node;
    switch (node.type) {
      case "word":
      case "number":
      case "command_name":
        return literal(this.text(node).replace(/\\([\s\S])/g, "$1"), line);
      case "raw_string":
        return literal(this.text(node).slice(1, -1), line);
      case "ansi_c_string":
        return literal(this.text(node).slice(2, -1), line);
      case "string":
        return this.joined(node, this.quoted(node));
      case "concatenation":
      case "heredoc_body":
        return this.joined(node, node.children.map((child) => this.word(child)));
      case "heredoc_content":
        return literal(this.text(node), line);
      case "simple_expansion":
        return { kind: "name", name: this.text(node.children[0]), line };
      case "expansion":
        return this.expansion(node);
      case "command_substitution":
        return this.substitution(node);
      case "array":
        return this.array(node);
      case "brace_expression":
        return unknown(line);
      default:
        return unknown(line, node.children.map((child) => this.word(child)));
    }
  }

  private joined(node: SyntaxNode, parts: (string | Expression)[]): Expression {
    return {
      kind: "text",
      parts,
      line: node.line,
      lastLine: node.children.at(-1)?.line ?? node.line,
    };
  }

  /** What is between the quotes; the grammar leaves blanks between its parts out. */
  private quoted(node: SyntaxNode): (string | Expression)[] {
    const parts: (string | Expression)[] = [];
    const plain = (text: string) =>
      parts.push(text.replace(/\\\r?\n/g, "").replace(/\\(["$`\\])/g, "$1"));
    let at = node.start + 1;
    for (const child of node.children) {
      if (child.start > at) plain(this.source.slice(at, child.start));
      if (child.type === "string_content") plain(this.text(child));
      else parts.push(this.word(child));
      at = child.end;
    }
    if (node.end - 1 > at) plain(this.source.slice(at, node.end - 1));
    return parts;
  }

  private expansion(node: SyntaxNode): Expression {
    const { line } = node;
    const text = this.text(node);
    const inner = node.children[0];
    const value: Expression = inner?.type === "subscript"
      ? {
        kind: "item",
        object: { kind: "name", name: this.text(childIn(inner, "name")), line },
        key: this.key(childIn(inner, "index")),
        line,
      }
      : { kind: "name", name: this.text(inner), line };
    if (text.startsWith("${#") || text.startsWith("${!")) return unknown(line);
    const operator = this.source.slice(inner?.end, node.end - 1);
    if (operator === "") return value;
    const argument = node.children[1];
    if (/^:?[-=]/.test(operator)) {
      return {
        kind: "default",
        value,
        otherwise: argument === undefined ? literal("", line) : this.word(argument),
        line,
      };
    }
    if (operator === "%/") return callOf("@without_end", [value, literal("/", line)], line);
    if (/^:?\?/.test(operator)) return value;
    return unknown(line, [value]);
  }

  private substitution(node: SyntaxNode): Expression {
    const { line } = node;
    const [command, ...rest] = node.children;
    if (command?.type !== "command" || rest.length > 0) {
      return callOf(
        "@run",
        [{ kind: "function", parameters: [], body: this.block(node), line }],
        line,
      );
    }
    const name = this.text(childIn(command, "name"));
    const args = command.children.filter(({ field }) => field === "argument");
    const words = args.map((argument) => this.word(argument));
    if (name === "printf") return callOf("@printf", words, line);
    if (name === "echo") {
      const first = args.findIndex((argument) => !/^-[neE]+$/.test(this.text(argument)));
      const parts = words.slice(Math.max(0, first)).flatMap((word, at) =>
        at === 0 ? [word] : [" ", word]
      );
      return { kind: "text", parts, line, lastLine: line };
    }
    if (name === "seq") return callOf("@joined_words", [this.listed(node)], line);
    return this.command(command);
  }

  private array(node: SyntaxNode): Expression {
    const { line } = node;
    const entries: Entry[] = [];
    for (const child of node.children) {
      const parts = child.type === "concatenation" ? child.children : [];
      if (this.text(parts[0]) !== "[" || !/^\[[^\]]*\]=/.test(this.text(child))) continue;
      const close = parts.findIndex((part) => this.text(part) === "]");
      const key = this.joined(child, parts.slice(1, close).map((part) => this.word(part)));
      const rest = parts.slice(close + 1);
      const [first, ...others] = rest;
      const value: (string | Expression)[] = [
        this.text(first).startsWith("=") && first?.type === "word"
          ? this.text(first).slice(1)
          : first === undefined
          ? ""
          : this.word(first),
        ...others.map((part) => this.word(part)),
      ];
      entries.push({ key, value: this.joined(child, value) });
    }
    if (entries.length > 0) return { kind: "dictionary", entries, line };
    const items = node.children.filter(({ type }) => type !== "comment")
      .map((child) => this.listed(child));
    return { kind: "list", items, line };
  }
}
