/**
 * Python: from the syntax tree to the common form.
 *
 * @module
 */
import { unescape } from "./escapes.ts";
import {
  type Argument,
  callOf,
  type Entry,
  type Expression,
  literal,
  type Loop,
  type Parameter,
  type Statement,
  type Target,
  unknown,
} from "./program.ts";
import { childIn, type SyntaxNode } from "./syntax_tree.ts";

/** The statements of a Python file. */
export function readPython(root: SyntaxNode, source: string): Statement[] {
  return new PythonReader(source).block(root);
}

class PythonReader {
  /** Names that the function being read declares as global. */
  private globals = new Set<string>();

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
      case "expression_statement":
        return node.children.flatMap((child) => this.simple(child));
      case "import_statement":
        return node.children.flatMap((child) => this.imported(child, ""));
      case "import_from_statement": {
        const from = `${this.text(childIn(node, "module_name"))}.`;
        return node.children.filter(({ field }) => field === "name")
          .flatMap((child) => this.imported(child, from));
      }
      case "function_definition":
        return [this.definition(node)];
      case "decorated_definition": {
        const inner = childIn(node, "definition");
        return inner === undefined ? [] : this.statement(inner);
      }
      case "class_definition": {
        const base = childIn(node, "superclasses")?.children[0];
        return [{
          kind: "class",
          name: this.text(childIn(node, "name")),
          base: base === undefined ? null : this.expression(base),
          body: this.block(childIn(node, "body")),
          line,
        }];
      }
      case "if_statement":
        return [this.branch(node, node.children.filter(({ field }) => field === "alternative"))];
      case "for_statement":
        return [{
          kind: "loop",
          target: this.target(childIn(node, "left")),
          values: this.expression(childIn(node, "right")),
          body: this.block(childIn(node, "body")),
          line,
        }, ...this.alternative(node)];
      case "while_statement":
        return [{
          kind: "repeat",
          parts: [this.expression(childIn(node, "condition"))],
          body: this.block(childIn(node, "body")),
          line,
        }, ...this.alternative(node)];
      case "try_statement":
        return node.children.flatMap((child): Statement[] => {
          if (child.field === "body") return this.block(child);
          const body = child.children.filter(({ type }) => type === "block");
          const statements = body.flatMap((block) => this.block(block));
          return child.type === "finally_clause"
            ? statements
            : [{ kind: "perhaps", body: statements, line: child.line }];
        });
      case "with_statement":
        return [
          ...(childIn(node, "body") === undefined ? [] : this.withItems(node)),
          ...this.block(childIn(node, "body")),
        ];
      case "match_statement":
        return [{
          kind: "perhaps",
          body: node.children.flatMap((child) => this.cases(child)),
          line,
        }];
      case "return_statement":
        return [{
          kind: "return",
          value: node.children[0] === undefined ? null : this.expression(node.children[0]),
          line,
        }];
      case "global_statement":
      case "nonlocal_statement":
        for (const name of node.children) this.globals.add(this.text(name));
        return [];
      case "delete_statement":
        return node.children.map((child) => ({
          kind: "change",
          target: this.target(child),
          parts: [],
          declares: true,
          line,
        }));
      case "break_statement":
      case "continue_statement":
      case "raise_statement":
        return [{ kind: "jump", line }];
      case "block":
        return this.block(node);
      case "ERROR":
        return this.block(node);
      case "comment":
      case "pass_statement":
      case "future_import_statement":
        return [];
      default:
        return node.children.length === 0
          ? []
          : [{ kind: "expression", value: this.expression(node), line }];
    }
  }

  private cases(node: SyntaxNode): Statement[] {
    if (node.type === "block" || node.type === "case_clause") {
      return node.children.flatMap((child) =>
        child.type === "block" || child.type === "case_clause"
          ? this.cases(child)
          : this.statement(child)
      );
    }
    return [];
  }

  /** An `else` of a loop runs when the loop was not left early. */
  private alternative(node: SyntaxNode): Statement[] {
    const alternative = childIn(node, "alternative");
    if (alternative === undefined) return [];
    return [{ kind: "perhaps", body: this.block(childIn(alternative, "body")), line: node.line }];
  }

  private withItems(node: SyntaxNode): Statement[] {
    const items = node.children.find(({ type }) => type === "with_clause")?.children ?? [];
    return items.flatMap((item): Statement[] => {
      const value = childIn(item, "value");
      if (value === undefined) return [];
      if (value.type !== "as_pattern") {
        return [{ kind: "expression", value: this.expression(value), line: value.line }];
      }
      const alias = childIn(value, "alias")?.children[0];
      return [{
        kind: "assign",
        target: this.target(alias),
        value: this.expression(value.children[0]),
        declares: true,
        line: value.line,
      }];
    });
  }

  private branch(node: SyntaxNode, alternatives: SyntaxNode[]): Statement {
    const condition = childIn(node, "condition");
    const [next, ...rest] = alternatives;
    const otherwise = next === undefined
      ? []
      : next.type === "elif_clause"
      ? [this.branch(next, rest)]
      : this.block(childIn(next, "body"));
    const then = this.block(childIn(node, "consequence"));
    const isMain = /^\(?__name__\s*==\s*["']__main__["']\)?$/.test(this.text(condition));
    const test: Expression = isMain
      ? { kind: "truth", value: true, line: node.line }
      : this.expression(condition);
    return { kind: "branch", test, then, otherwise, line: node.line };
  }

  private simple(node: SyntaxNode): Statement[] {
    const { line } = node;
    if (node.type === "assignment") {
      const left = childIn(node, "left");
      const right = childIn(node, "right");
      if (right === undefined) return [];
      if (right.type === "assignment") {
        // a = b = value
        const inner = this.simple(right);
        const last = inner.at(-1);
        if (last?.kind !== "assign") return inner;
        return [...inner, { ...last, target: this.target(left), declares: this.declares(left) }];
      }
      return [{
        kind: "assign",
        target: this.target(left),
        value: this.expression(right),
        declares: this.declares(left),
        line,
      }];
    }
    if (node.type === "augmented_assignment") {
      const left = childIn(node, "left");
      return [{
        kind: "change",
        target: this.target(left),
        parts: [this.expression(childIn(node, "right"))],
        declares: this.declares(left),
        line,
      }];
    }
    return [{ kind: "expression", value: this.expression(node), line }];
  }

  private declares(left: SyntaxNode | undefined): boolean {
    return !this.globals.has(this.text(left));
  }

  private imported(node: SyntaxNode, from: string): Statement[] {
    const name = node.type === "aliased_import" ? childIn(node, "name") : node;
    const alias = childIn(node, "alias");
    const path = from + this.text(name);
    // "import os.path" makes "os"
    if (alias === undefined && from === "") return [];
    return [{
      kind: "assign",
      target: { kind: "name", name: this.text(alias ?? name) },
      value: { kind: "path", path: path.replace(/^\.+/, ""), line: node.line },
      declares: true,
      isImport: true,
      line: node.line,
    }];
  }

  private definition(node: SyntaxNode): Statement {
    const outer = this.globals;
    this.globals = new Set();
    const statement: Statement = {
      kind: "function",
      name: this.text(childIn(node, "name")),
      parameters: this.parameters(childIn(node, "parameters")),
      body: this.block(childIn(node, "body")),
      line: node.line,
    };
    this.globals = outer;
    return statement;
  }

  private parameters(node: SyntaxNode | undefined): Parameter[] {
    return (node?.children ?? []).flatMap((child): Parameter[] => {
      const plain = (
        target: SyntaxNode | undefined,
        value: SyntaxNode | undefined,
        isRest = false,
      ) => [{
        target: this.target(target),
        default: value === undefined ? null : this.expression(value),
        isRest,
      }];
      switch (child.type) {
        case "identifier":
          return plain(child, undefined);
        case "default_parameter":
        case "typed_default_parameter":
          return plain(childIn(child, "name"), childIn(child, "value"));
        case "typed_parameter":
          return plain(child.children[0], undefined, child.children[0]?.type !== "identifier");
        case "list_splat_pattern":
        case "dictionary_splat_pattern":
          return plain(child.children[0], undefined, true);
        default:
          return [];
      }
    });
  }

  private target(node: SyntaxNode | undefined): Target {
    switch (node?.type) {
      case "identifier":
        return { kind: "name", name: this.text(node) };
      case "pattern_list":
      case "tuple_pattern":
      case "list_pattern":
      case "tuple":
      case "list":
        return { kind: "list", targets: node.children.map((child) => this.target(child)) };
      case "attribute":
        return {
          kind: "member",
          object: this.expression(childIn(node, "object")),
          name: this.text(childIn(node, "attribute")),
        };
      case "subscript":
        return {
          kind: "item",
          object: this.expression(childIn(node, "value")),
          key: this.expression(childIn(node, "subscript")),
        };
      default:
        return { kind: "other" };
    }
  }

  private expression(node: SyntaxNode | undefined): Expression {
    if (node === undefined) return unknown(0);
    const { line } = node;
    switch (node.type) {
      case "string":
        return this.string(node);
      case "concatenated_string": {
        const parts = node.children.filter(({ type }) => type === "string")
          .map((child) => this.string(child));
        return { kind: "text", parts, line, lastLine: parts.at(-1)?.line ?? line };
      }
      case "integer":
      case "float": {
        const digits = this.text(node).replaceAll("_", "");
        return { kind: "number", value: Number(digits), digits, line };
      }
      case "true":
      case "false":
        return { kind: "truth", value: node.type === "true", line };
      case "identifier":
        return { kind: "name", name: this.text(node), line };
      case "attribute":
        return {
          kind: "member",
          object: this.expression(childIn(node, "object")),
          name: this.text(childIn(node, "attribute")),
          line,
        };
      case "subscript": {
        const key = childIn(node, "subscript");
        const object = this.expression(childIn(node, "value"));
        if (key?.type === "slice") return this.slice(object, key);
        return { kind: "item", object, key: this.expression(key), line };
      }
      case "call":
        return this.call(node);
      case "binary_operator":
        return this.operation(node, "left", "right");
      case "comparison_operator":
        if (node.children.length !== 2) return this.rest(node);
        return {
          kind: "operation",
          operator: this.between(node.children[0], node.children[1]),
          left: this.expression(node.children[0]),
          right: this.expression(node.children[1]),
          line,
        };
      case "boolean_operator": {
        const left = this.expression(childIn(node, "left"));
        const right = this.expression(childIn(node, "right"));
        const operator = this.between(childIn(node, "left"), childIn(node, "right"));
        return operator === "or"
          ? { kind: "default", value: left, otherwise: right, line }
          : { kind: "operation", operator, left, right, line };
      }
      case "not_operator":
        return callOf("@not", [this.expression(node.children[0])], line);
      case "unary_operator":
        return unknown(line, node.children.map((child) => this.expression(child)));
      case "parenthesized_expression":
      case "await":
        return this.expression(node.children.find(({ type }) => type !== "comment"));
      case "list":
      case "tuple":
      case "set":
      case "expression_list":
        return {
          kind: "list",
          items: node.children.filter(({ type }) => type !== "comment")
            .map((child) => this.expression(child)),
          line,
        };
      case "list_splat":
        return callOf("@spread", [this.expression(node.children[0])], line);
      case "dictionary":
        return { kind: "dictionary", entries: this.entries(node), line };
      case "list_comprehension":
      case "set_comprehension":
      case "generator_expression":
      case "dictionary_comprehension":
        return this.comprehension(node);
      case "conditional_expression": {
        const [then, test, otherwise] = node.children.map((child) => this.expression(child));
        if (then === undefined || test === undefined || otherwise === undefined) {
          return unknown(line);
        }
        return { kind: "condition", test, then, otherwise, line };
      }
      case "lambda": {
        const value = this.expression(childIn(node, "body"));
        return {
          kind: "function",
          parameters: this.parameters(childIn(node, "parameters")),
          body: [{ kind: "return", value, line }],
          line,
        };
      }
      case "named_expression":
        return {
          kind: "assignment",
          target: this.target(childIn(node, "name")),
          value: this.expression(childIn(node, "value")),
          line,
        };
      case "as_pattern":
        return this.expression(node.children[0]);
      default:
        return this.rest(node);
    }
  }

  private rest(node: SyntaxNode): Expression {
    return unknown(node.line, node.children.map((child) => this.expression(child)));
  }

  private between(left: SyntaxNode | undefined, right: SyntaxNode | undefined): string {
    return this.source.slice(left?.end, right?.start).replace(/[()\s\\]+/g, " ").trim();
  }

  private operation(node: SyntaxNode, leftField: string, rightField: string): Expression {
    const left = childIn(node, leftField);
    const right = childIn(node, rightField);
    return {
      kind: "operation",
      operator: this.between(left, right),
      left: this.expression(left),
      right: this.expression(right),
      line: node.line,
    };
  }

  private slice(object: Expression, key: SyntaxNode): Expression {
    const text = this.text(key);
    const found = /^(-?\d*):(-?\d*)$/.exec(text.replace(/\s/g, ""));
    if (found === null) return unknown(key.line, [object]);
    return callOf("@slice", [
      object,
      literal(found[1] ?? "", key.line),
      literal(found[2] ?? "", key.line),
    ], key.line);
  }

  private call(node: SyntaxNode): Expression {
    const list = childIn(node, "arguments");
    if (list?.type === "generator_expression") {
      return {
        kind: "call",
        callee: this.expression(childIn(node, "function")),
        arguments: [{ name: null, value: this.comprehension(list) }],
        isVectorized: false,
        line: node.line,
      };
    }
    const args = (list?.children ?? []).flatMap((child): Argument[] => {
      if (child.type === "comment") return [];
      if (child.type === "keyword_argument") {
        return [{
          name: this.text(childIn(child, "name")),
          value: this.expression(childIn(child, "value")),
        }];
      }
      if (child.type === "dictionary_splat") {
        return [{ name: "**", value: this.expression(child.children[0]) }];
      }
      return [{ name: null, value: this.expression(child) }];
    });
    return {
      kind: "call",
      callee: this.expression(childIn(node, "function")),
      arguments: args,
      isVectorized: false,
      line: node.line,
    };
  }

  private entries(node: SyntaxNode): Entry[] {
    return node.children.flatMap((child): Entry[] => {
      if (child.type === "pair") {
        return [{
          key: this.expression(childIn(child, "key")),
          value: this.expression(childIn(child, "value")),
        }];
      }
      return child.type === "dictionary_splat"
        ? [{ key: null, value: this.expression(child.children[0]) }]
        : [];
    });
  }

  private comprehension(node: SyntaxNode): Expression {
    const { line } = node;
    const loops: Loop[] = [];
    let condition: Expression | null = null;
    for (const child of node.children) {
      if (child.type === "for_in_clause") {
        loops.push({
          target: this.target(childIn(child, "left")),
          values: this.expression(childIn(child, "right")),
        });
      } else if (child.type === "if_clause") {
        const test = this.expression(child.children[0]);
        condition = condition === null
          ? test
          : { kind: "operation", operator: "and", left: condition, right: test, line };
      }
    }
    const body = childIn(node, "body");
    const isPair = body?.type === "pair";
    return {
      kind: "comprehension",
      loops,
      condition,
      body: this.expression(isPair ? childIn(body, "value") : body),
      key: isPair ? this.expression(childIn(body, "key")) : null,
      line,
    };
  }

  private string(node: SyntaxNode): Expression {
    const opening = this.text(node.children[0]).toLowerCase();
    const isRaw = opening.includes("r");
    const isFormatted = opening.includes("f");
    const parts: (string | Expression)[] = [];
    let lastLine = node.line;
    for (const child of node.children) {
      lastLine = child.line;
      if (child.type === "string_content") {
        const raw = this.text(child);
        const plain = isRaw ? raw : unescape(raw);
        parts.push(isFormatted ? plain.replaceAll("{{", "{").replaceAll("}}", "}") : plain);
      } else if (child.type === "interpolation") {
        parts.push(this.interpolation(child));
      }
    }
    return { kind: "text", parts, line: node.line, lastLine };
  }

  private interpolation(node: SyntaxNode): Expression {
    const value = this.expression(childIn(node, "expression"));
    const format = childIn(node, "format_specifier");
    if (childIn(node, "type_conversion") !== undefined) return unknown(node.line, [value]);
    if (format === undefined) return value;
    return callOf("@format", [value, literal(this.text(format).slice(1), node.line)], node.line);
  }
}
