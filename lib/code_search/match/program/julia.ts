/**
 * Julia: from the syntax tree to the common form.
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

/** The statements of a Julia file. */
export function readJulia(root: SyntaxNode, source: string): Statement[] {
  return new JuliaReader(source).block(root.children);
}

const HEADS = new Set([
  "for_binding",
  "argument_list",
  "catch_clause",
  "finally_clause",
  "else_clause",
  "elseif_clause",
]);

class JuliaReader {
  constructor(private readonly source: string) {}

  block(nodes: SyntaxNode[]): Statement[] {
    return nodes.flatMap((child) => this.statement(child));
  }

  private text(node: SyntaxNode | undefined): string {
    return node === undefined ? "" : this.source.slice(node.start, node.end);
  }

  /** A function's last expression is its value. */
  private body(nodes: SyntaxNode[]): Statement[] {
    const statements = this.block(nodes);
    const last = statements.at(-1);
    if (last?.kind === "expression") {
      statements[statements.length - 1] = { kind: "return", value: last.value, line: last.line };
    }
    return statements;
  }

  private statement(node: SyntaxNode): Statement[] {
    const { line } = node;
    switch (node.type) {
      case "line_comment":
      case "block_comment":
      case "import_statement":
      case "using_statement":
      case "export_statement":
      case "struct_definition":
        return [];
      case "ERROR":
      case "compound_statement":
      case "module_definition":
      case "const_statement":
      case "global_statement":
      case "local_statement":
      case "quote_statement":
        return this.block(node.children);
      case "assignment":
        return this.assignment(node);
      case "compound_assignment_expression":
        return [{
          kind: "change",
          target: this.target(node.children[0]),
          parts: [this.expression(node.children.at(-1))],
          declares: true,
          line,
        }];
      case "function_definition":
        return [this.definition(node)];
      case "for_statement": {
        const body = this.block(node.children.filter(({ type }) => type !== "for_binding"));
        return node.children.filter(({ type }) => type === "for_binding").reverse().reduce<
          Statement[]
        >(
          (inner, binding) => [{ kind: "loop", ...this.binding(binding), body: inner, line }],
          body,
        );
      }
      case "while_statement":
        return [{
          kind: "repeat",
          parts: [this.expression(childIn(node, "condition"))],
          body: this.block(node.children.filter(({ field }) => field !== "condition")),
          line,
        }];
      case "if_statement":
        return [this.branch(node, node.children.filter(({ field }) => field === "alternative"))];
      case "try_statement":
        return node.children.flatMap((child): Statement[] => {
          if (child.type === "catch_clause") {
            return [{
              kind: "perhaps",
              body: this.block(child.children.slice(1)),
              line: child.line,
            }];
          }
          return child.type === "finally_clause"
            ? this.block(child.children)
            : this.statement(child);
        });
      case "let_statement":
        return node.children.flatMap((child) =>
          child.type === "let_binding" ? this.assignment(child) : this.statement(child)
        );
      case "return_statement":
        return [{
          kind: "return",
          value: node.children[0] === undefined ? null : this.expression(node.children[0]),
          line,
        }];
      case "break_statement":
      case "continue_statement":
        return [{ kind: "jump", line }];
      default:
        return [{ kind: "expression", value: this.expression(node), line }];
    }
  }

  private assignment(node: SyntaxNode): Statement[] {
    const { line } = node;
    const operands = node.children.filter(({ type }) => type !== "operator");
    const [left, right] = operands;
    const call = left?.type === "typed_expression" || left?.type === "where_expression"
      ? left.children[0]
      : left;
    if (call?.type === "call_expression") {
      // f(x) = x * ".csv"
      return [{
        kind: "function",
        name: this.text(call.children[0]),
        parameters: this.parameters(call.children[1]),
        body: [{ kind: "return", value: this.expression(right), line }],
        line,
      }];
    }
    const value = right?.type === "assignment" ? undefined : this.expression(right);
    if (value === undefined && right !== undefined) {
      const inner = this.assignment(right);
      const last = inner.at(-1);
      if (last?.kind !== "assign") return inner;
      return [...inner, { ...last, target: this.target(left) }];
    }
    return [{
      kind: "assign",
      target: this.target(left),
      value: value ?? unknown(line),
      declares: true,
      line,
    }];
  }

  private definition(node: SyntaxNode): Statement {
    let head = node.children.find(({ type }) => type === "signature")?.children[0];
    while (head !== undefined && head.type !== "call_expression") head = head.children[0];
    return {
      kind: "function",
      name: this.text(head?.children[0]),
      parameters: this.parameters(head?.children[1]),
      body: this.body(node.children.filter(({ type }) => type !== "signature")),
      line: node.line,
    };
  }

  private parameters(node: SyntaxNode | undefined): Parameter[] {
    return (node?.children ?? []).flatMap((child): Parameter[] => {
      switch (child.type) {
        case "identifier":
        case "tuple_expression":
          return [{ target: this.target(child), default: null, isRest: false }];
        case "typed_expression":
          return [{ target: this.target(child.children[0]), default: null, isRest: false }];
        case "splat_expression":
          return [{ target: this.target(child.children[0]), default: null, isRest: true }];
        case "named_argument": {
          const name = child.children[0];
          const plain = name?.type === "typed_expression" ? name.children[0] : name;
          return [{
            target: this.target(plain),
            default: this.expression(child.children.at(-1)),
            isRest: false,
          }];
        }
        default:
          return [];
      }
    });
  }

  private branch(node: SyntaxNode, alternatives: SyntaxNode[]): Statement {
    const [next, ...rest] = alternatives;
    return {
      kind: "branch",
      test: this.isMain(childIn(node, "condition"))
        ? { kind: "truth", value: true, line: node.line }
        : this.expression(childIn(node, "condition")),
      then: this.block(
        node.children.filter(({ field, type }) => field !== "condition" && !HEADS.has(type)),
      ),
      otherwise: next === undefined
        ? []
        : next.type === "elseif_clause"
        ? [this.branch(next, rest)]
        : this.block(next.children),
      line: node.line,
    };
  }

  private isMain(node: SyntaxNode | undefined): boolean {
    return /^abspath\(PROGRAM_FILE\)\s*==\s*@__FILE__$/.test(this.text(node));
  }

  private binding(node: SyntaxNode): Loop {
    const operands = node.children.filter(({ type }) => type !== "operator");
    return { target: this.target(operands[0]), values: this.expression(operands[1]) };
  }

  private target(node: SyntaxNode | undefined): Target {
    switch (node?.type) {
      case "identifier":
        return { kind: "name", name: this.text(node) };
      case "typed_expression":
        return this.target(node.children[0]);
      case "tuple_expression":
      case "open_tuple":
        return { kind: "list", targets: node.children.map((child) => this.target(child)) };
      case "index_expression":
        return {
          kind: "item",
          object: this.expression(node.children[0]),
          key: this.expression(node.children[1]?.children[0]),
        };
      case "field_expression":
        return {
          kind: "member",
          object: this.expression(childIn(node, "value")),
          name: this.text(node.children.at(-1)),
        };
      default:
        return { kind: "other" };
    }
  }

  private expression(node: SyntaxNode | undefined): Expression {
    if (node === undefined) return unknown(0);
    const { line } = node;
    switch (node.type) {
      case "string_literal":
      case "prefixed_string_literal":
        return this.string(node);
      case "integer_literal":
      case "float_literal": {
        const digits = this.text(node).replaceAll("_", "");
        return { kind: "number", value: Number(digits), digits, line };
      }
      case "boolean_literal":
        return { kind: "truth", value: this.text(node) === "true", line };
      case "character_literal":
        return literal(unescape(this.text(node).slice(1, -1)), line);
      case "identifier":
        return { kind: "name", name: this.text(node), line };
      case "quote_expression":
        return literal(this.text(node).replace(/^:/, ""), line);
      case "field_expression":
        return {
          kind: "member",
          object: this.expression(childIn(node, "value")),
          name: this.text(node.children.at(-1)),
          line,
        };
      case "index_expression":
        return {
          kind: "item",
          object: this.expression(node.children[0]),
          key: this.expression(node.children[1]?.children[0]),
          line,
        };
      case "call_expression":
      case "broadcast_call_expression":
        return this.call(node, node.type === "broadcast_call_expression");
      case "macrocall_expression":
        return this.macro(node);
      case "binary_expression":
        return this.operation(node);
      case "range_expression": {
        const ends = node.children.map((child) => this.expression(child));
        return callOf(
          "@closed_range",
          ends.length === 3 ? [ends[0]!, ends[2]!, ends[1]!] : ends,
          line,
        );
      }
      case "unary_expression":
        return this.text(node).startsWith("!")
          ? callOf("@not", [this.expression(node.children.at(-1))], line)
          : unknown(line, node.children.map((child) => this.expression(child)));
      case "ternary_expression": {
        const [test, then, otherwise] = node.children.map((child) => this.expression(child));
        if (test === undefined || then === undefined || otherwise === undefined) {
          return unknown(line);
        }
        return { kind: "condition", test, then, otherwise, line };
      }
      case "parenthesized_expression":
      case "const_statement":
        return node.children.length === 1
          ? this.expression(node.children[0])
          : unknown(line, node.children.map((child) => this.expression(child)));
      case "vector_expression":
      case "tuple_expression":
      case "open_tuple":
        return this.sequence(node);
      case "comprehension_expression":
      case "generator":
        return this.comprehension(node);
      case "arrow_function_expression": {
        const [head, body] = node.children;
        return {
          kind: "function",
          parameters: head?.type === "identifier"
            ? [{ target: this.target(head), default: null, isRest: false }]
            : this.parameters(head),
          body: body?.type === "compound_statement"
            ? this.body(body.children)
            : [{ kind: "return", value: this.expression(body), line }],
          line,
        };
      }
      case "function_definition": {
        const { parameters, body } = this.definition(node) as Extract<
          Statement,
          { kind: "function" }
        >;
        return { kind: "function", parameters, body, line };
      }
      case "assignment":
        return {
          kind: "assignment",
          target: this.target(node.children[0]),
          value: this.expression(node.children.at(-1)),
          line,
        };
      default:
        return unknown(line, node.children.map((child) => this.expression(child)));
    }
  }

  private sequence(node: SyntaxNode): Expression {
    const { line } = node;
    if (node.children.length > 0 && node.children.every(({ type }) => type === "named_field")) {
      return {
        kind: "dictionary",
        entries: node.children.map((child): Entry => ({
          key: literal(this.text(child.children[0]), line),
          value: this.expression(child.children.at(-1)),
        })),
        line,
      };
    }
    const items = node.children.filter(({ type }) => !type.endsWith("comment"))
      .map((child) =>
        child.type === "splat_expression"
          ? callOf("@spread", [this.expression(child.children[0])], line)
          : this.expression(child)
      );
    return { kind: "list", items, line };
  }

  private comprehension(node: SyntaxNode): Expression {
    const loops: Loop[] = [];
    let condition: Expression | null = null;
    for (const child of node.children) {
      if (child.type === "for_clause") {
        for (const binding of child.children) {
          if (binding.type === "for_binding") loops.push(this.binding(binding));
        }
      } else if (child.type === "if_clause") condition = this.expression(child.children[0]);
    }
    const body = this.expression(node.children[0]);
    return { kind: "comprehension", loops, condition, body, key: null, line: node.line };
  }

  private arguments(node: SyntaxNode | undefined): Argument[] {
    return (node?.children ?? []).flatMap((child): Argument[] => {
      if (child.type.endsWith("comment")) return [];
      if (child.type === "named_argument") {
        return [{
          name: this.text(child.children[0]),
          value: this.expression(child.children.at(-1)),
        }];
      }
      if (child.type === "splat_expression") {
        return [{
          name: null,
          value: callOf("@spread", [this.expression(child.children[0])], child.line),
        }];
      }
      return [{ name: null, value: this.expression(child) }];
    });
  }

  private call(node: SyntaxNode, isVectorized: boolean): Expression {
    const { line } = node;
    const list = node.children.find(({ type }) =>
      type === "argument_list" || type === "generator" || type === "comprehension_expression"
    );
    const args = list?.type === "argument_list" || list === undefined
      ? this.arguments(list)
      : [{ name: null, value: this.comprehension(list) }];
    const block = node.children.find(({ type }) => type === "do_clause");
    if (block !== undefined) {
      // the block of "map(xs) do x … end" is the first argument
      const head = block.children.find(({ type }) => type === "argument_list");
      args.unshift({
        name: null,
        value: {
          kind: "function",
          parameters: this.parameters(head),
          body: this.body(block.children.filter((child) => child !== head)),
          line: block.line,
        },
      });
    }
    const callee = this.expression(node.children[0]);
    if (callee.kind === "name" && /^(Ordered)?Dict$/.test(callee.name)) {
      return this.dictionary(args, line);
    }
    return { kind: "call", callee, arguments: args, isVectorized, line };
  }

  private dictionary(args: Argument[], line: number): Expression {
    const pairs = args.flatMap(({ value }) => value.kind === "list" ? value.items : [value]);
    const entries: Entry[] = [];
    for (const pair of pairs) {
      if (pair.kind !== "operation" || pair.operator !== "=>") {
        return callOf(
          "dict",
          args.map(({ value }) => value),
          line,
        );
      }
      entries.push({ key: pair.left, value: pair.right });
    }
    return { kind: "dictionary", entries, line };
  }

  private macro(node: SyntaxNode): Expression {
    const { line } = node;
    const name = this.text(node.children[0]);
    const list = node.children[1];
    const args = list?.type === "argument_list" || list?.type === "macro_argument_list"
      ? this.arguments(list)
      : [];
    if (name === "@sprintf") return callOf("@printf", args.map(({ value }) => value), line);
    return unknown(line, args.map(({ value }) => value));
  }

  private operation(node: SyntaxNode): Expression {
    const { line } = node;
    const [left, sign, right] = node.children;
    const operator = this.text(sign);
    if (operator === "|>") {
      return {
        kind: "call",
        callee: this.expression(right),
        arguments: [{ name: null, value: this.expression(left) }],
        isVectorized: false,
        line,
      };
    }
    const names: Record<string, string> = {
      "*": "join*",
      ".*": ".join*",
      "&&": "and",
      "+": "number+",
    };
    return {
      kind: "operation",
      operator: names[operator] ?? operator,
      left: this.expression(left),
      right: this.expression(right),
      line,
    };
  }

  private string(node: SyntaxNode): Expression {
    const isRaw = node.type === "prefixed_string_literal";
    const parts: (string | Expression)[] = [];
    let lastLine = node.line;
    for (const child of node.children) {
      if (child.field === "prefix") continue;
      lastLine = child.line;
      if (child.type === "string_interpolation") parts.push(this.expression(child.children[0]));
      else parts.push(isRaw ? this.text(child) : unescape(this.text(child)));
    }
    return { kind: "text", parts, line: node.line, lastLine };
  }
}
