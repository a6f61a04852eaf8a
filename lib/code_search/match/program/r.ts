/**
 * R: from the syntax tree to the common form. Values are vectors: the evaluator joins them element
 * by element.
 *
 * @module
 */
import { unescape } from "./escapes.ts";
import {
  type Argument,
  callOf,
  type Expression,
  literal,
  type Statement,
  type Target,
  unknown,
} from "./program.ts";
import { childIn, type SyntaxNode } from "./syntax_tree.ts";

/** The statements of an R file. */
export function readR(root: SyntaxNode, source: string): Statement[] {
  return new RReader(source).block(root);
}

class RReader {
  constructor(private readonly source: string) {}

  block(node: SyntaxNode | undefined): Statement[] {
    if (node === undefined) return [];
    const isBlock = node.type === "program" || node.type === "braced_expression" ||
      node.type === "ERROR";
    return isBlock ? node.children.flatMap((child) => this.statement(child)) : this.statement(node);
  }

  private text(node: SyntaxNode | undefined): string {
    return node === undefined ? "" : this.source.slice(node.start, node.end);
  }

  private statement(node: SyntaxNode): Statement[] {
    const { line } = node;
    switch (node.type) {
      case "comment":
        return [];
      case "ERROR":
      case "braced_expression":
        return this.block(node);
      case "binary_operator":
        return this.binary(node);
      case "for_statement":
        return [{
          kind: "loop",
          target: this.target(childIn(node, "variable")),
          values: this.expression(childIn(node, "sequence")),
          body: this.block(childIn(node, "body")),
          line,
        }];
      case "while_statement":
      case "repeat_statement":
        return [{
          kind: "repeat",
          parts: [this.expression(childIn(node, "condition"))],
          body: this.block(childIn(node, "body")),
          line,
        }];
      case "if_statement":
        return [{
          kind: "branch",
          test: this.expression(childIn(node, "condition")),
          then: this.block(childIn(node, "consequence")),
          otherwise: this.block(childIn(node, "alternative")),
          line,
        }];
      case "break":
      case "next":
        return [{ kind: "jump", line }];
      case "call": {
        const callee = childIn(node, "function");
        if (callee?.type === "return") {
          const value = this.arguments(childIn(node, "arguments"))[0]?.value ?? null;
          return [{ kind: "return", value, line }];
        }
        const name = this.text(callee).replace(/^.*::/, "");
        if (
          name === "tryCatch" || name === "try" || name === "suppressWarnings" ||
          name === "suppressMessages"
        ) {
          return this.guarded(node);
        }
        if (name === "assign") return this.assigned(node);
        return [{ kind: "expression", value: this.expression(node), line }];
      }
      default:
        return [{ kind: "expression", value: this.expression(node), line }];
    }
  }

  /** `tryCatch({ … }, error = …)`: the first argument runs, the handlers perhaps. */
  private guarded(node: SyntaxNode): Statement[] {
    return (childIn(node, "arguments")?.children ?? []).flatMap((argument): Statement[] => {
      const value = childIn(argument, "value");
      if (value === undefined) return [];
      if (childIn(argument, "name") === undefined) return this.block(value);
      return [{ kind: "expression", value: this.expression(value), line: value.line }];
    });
  }

  private assigned(node: SyntaxNode): Statement[] {
    const [name, value] = this.arguments(childIn(node, "arguments"));
    const part = name?.value.kind === "text" ? name.value.parts[0] : undefined;
    return [{
      kind: "change",
      target: typeof part === "string" ? { kind: "name", name: part } : { kind: "other" },
      parts: value === undefined ? [] : [value.value],
      declares: true,
      line: node.line,
    }];
  }

  private binary(node: SyntaxNode): Statement[] {
    const left = childIn(node, "lhs");
    const right = childIn(node, "rhs");
    const operator = this.operatorOf(node);
    const { line } = node;
    const isLeft = operator === "<-" || operator === "=" || operator === "<<-" || operator === ":=";
    const isRight = operator === "->" || operator === "->>";
    if (!isLeft && !isRight) return [{ kind: "expression", value: this.expression(node), line }];
    const [to, from] = isLeft ? [left, right] : [right, left];
    // a <- b <- "value"
    const inner = from?.type === "binary_operator" && /^<?<-$|^=$/.test(this.operatorOf(from))
      ? this.binary(from)
      : [];
    const last = inner.at(-1);
    const value = last?.kind === "assign" ? last.value : this.expression(from);
    return [...inner, {
      kind: "assign",
      target: this.target(to),
      value,
      declares: !operator.includes("<<") && !operator.includes(">>"),
      line,
    }];
  }

  private operatorOf(node: SyntaxNode): string {
    const left = childIn(node, "lhs");
    const right = childIn(node, "rhs");
    return this.source.slice(left?.end ?? node.start, right?.start).replace(/#.*/g, "").replace(
      /\s+/g,
      "",
    );
  }

  private target(node: SyntaxNode | undefined): Target {
    switch (node?.type) {
      case "identifier":
        return { kind: "name", name: this.name(node) };
      case "string":
        return { kind: "name", name: this.text(node).slice(1, -1) };
      case "extract_operator":
        return {
          kind: "item",
          object: this.expression(childIn(node, "lhs")),
          key: literal(this.name(childIn(node, "rhs")), node.line),
        };
      case "subset":
      case "subset2": {
        const key = this.arguments(childIn(node, "arguments"))[0]?.value;
        return {
          kind: "item",
          object: this.expression(childIn(node, "function")),
          key: key ?? unknown(node.line),
        };
      }
      case "call": {
        // names(x) <- c("a", "b")
        const object = this.arguments(childIn(node, "arguments"))[0]?.value ?? unknown(node.line);
        return this.text(childIn(node, "function")) === "names"
          ? { kind: "member", object, name: "@names" }
          : { kind: "item", object, key: unknown(node.line) };
      }
      default:
        return { kind: "other" };
    }
  }

  private name(node: SyntaxNode | undefined): string {
    return this.text(node).replace(/^`(.*)`$/, "$1");
  }

  private expression(node: SyntaxNode | undefined): Expression {
    if (node === undefined) return unknown(0);
    const { line } = node;
    switch (node.type) {
      case "string":
        return { kind: "text", parts: [this.string(node)], line, lastLine: line };
      case "integer":
      case "float": {
        const digits = this.text(node).replace(/L$/, "");
        return { kind: "number", value: Number(digits), digits, line };
      }
      case "true":
      case "false":
        return { kind: "truth", value: node.type === "true", line };
      case "identifier":
        return { kind: "name", name: this.name(node), line };
      case "namespace_operator":
        return {
          kind: "member",
          object: { kind: "name", name: this.text(childIn(node, "lhs")), line },
          name: this.name(childIn(node, "rhs")),
          line,
        };
      case "extract_operator":
        return {
          kind: "item",
          object: this.expression(childIn(node, "lhs")),
          key: literal(this.name(childIn(node, "rhs")), line),
          line,
        };
      case "subset":
      case "subset2": {
        const keys = this.arguments(childIn(node, "arguments"));
        const object = this.expression(childIn(node, "function"));
        const commas = childIn(node, "arguments")?.children.some(({ type }) => type === "comma");
        if (keys.length !== 1 || commas) {
          return unknown(line, [
            object,
            ...keys.map(({ value }) => value),
          ]);
        }
        return { kind: "item", object, key: keys[0]!.value, line };
      }
      case "call":
        return this.call(node);
      case "binary_operator":
        return this.operation(node);
      case "unary_operator": {
        const value = childIn(node, "rhs");
        const operator = this.source.slice(node.start, value?.start).trim();
        if (operator === "~") {
          return {
            kind: "function",
            parameters: [".x", ".y"].map((name) => ({
              target: { kind: "name", name },
              default: null,
              isRest: false,
            })),
            body: this.block(value),
            line,
          };
        }
        return operator === "!"
          ? callOf("@not", [this.expression(value)], line)
          : unknown(line, [this.expression(value)]);
      }
      case "parenthesized_expression":
        return this.expression(node.children.find(({ type }) => type !== "comment"));
      case "braced_expression":
        return node.children.length === 1 ? this.expression(node.children[0]) : callOf("@run", [{
          kind: "function",
          parameters: [],
          body: this.block(node),
          line,
        }], line);
      case "function_definition":
        return {
          kind: "function",
          parameters: (childIn(node, "parameters")?.children ?? []).flatMap((child) => {
            if (child.type !== "parameter") return [];
            const name = childIn(child, "name");
            const value = childIn(child, "default");
            return [{
              target: name?.type === "identifier"
                ? { kind: "name" as const, name: this.name(name) }
                : { kind: "other" as const },
              default: value === undefined ? null : this.expression(value),
              isRest: name?.type === "dots",
            }];
          }),
          body: this.block(childIn(node, "body")),
          line,
        };
      case "if_statement":
        return {
          kind: "condition",
          test: this.expression(childIn(node, "condition")),
          then: this.expression(childIn(node, "consequence")),
          otherwise: this.expression(childIn(node, "alternative")),
          line,
        };
      default:
        return unknown(line, node.children.map((child) => this.expression(child)));
    }
  }

  private string(node: SyntaxNode): string {
    const text = this.text(node);
    const raw = /^[rR](["'])(-*)[([{]([\s\S]*)[)\]}]\2\1$/.exec(text);
    return raw === null ? unescape(text.slice(1, -1)) : raw[3] ?? "";
  }

  private arguments(node: SyntaxNode | undefined): Argument[] {
    return (node?.children ?? []).flatMap((child): Argument[] => {
      if (child.type !== "argument") return [];
      const name = childIn(child, "name");
      const value = childIn(child, "value");
      if (value === undefined) return [];
      return [{
        name: name === undefined ? null : this.name(name).replace(/^["'](.*)["']$/, "$1"),
        value: this.expression(value),
      }];
    });
  }

  private call(node: SyntaxNode): Expression {
    const callee = childIn(node, "function");
    const args = this.arguments(childIn(node, "arguments"));
    const name = this.text(callee).replace(/^.*::/, "");
    if (
      name === "return" || name === "invisible" || name === "suppressWarnings" ||
      name === "suppressMessages"
    ) {
      return args[0]?.value ?? unknown(node.line);
    }
    return {
      kind: "call",
      callee: this.expression(callee),
      arguments: args,
      isVectorized: true,
      line: node.line,
    };
  }

  private operation(node: SyntaxNode): Expression {
    const left = childIn(node, "lhs");
    const right = childIn(node, "rhs");
    const operator = this.operatorOf(node);
    const { line } = node;
    if (/^(<<?-|=|->>?)$/.test(operator)) {
      const [to, from] = operator.startsWith("-") ? [right, left] : [left, right];
      return { kind: "assignment", target: this.target(to), value: this.expression(from), line };
    }
    if (operator === "|>" || operator === "%>%" || operator === "%T>%") {
      return this.piped(this.expression(left), right, line);
    }
    if (operator === ":") {
      return callOf("@closed_range", [this.expression(left), this.expression(right)], line);
    }
    if (operator === "%||%") {
      return {
        kind: "default",
        value: this.expression(left),
        otherwise: this.expression(right),
        line,
      };
    }
    const names: Record<string, string> = { "&&": "and", "&": "and", "||": "||", "%+%": "+" };
    // R adds numbers only
    const known = operator === "+" ? "number+" : names[operator] ?? operator;
    return {
      kind: "operation",
      operator: known,
      left: this.expression(left),
      right: this.expression(right),
      line,
    };
  }

  /** `x |> f(y)` is `f(x, y)`; where a dot means x, it is `f(y, x)`. */
  private piped(value: Expression, right: SyntaxNode | undefined, line: number): Expression {
    const next = this.expression(right);
    if (next.kind !== "call") {
      return next.kind === "name" || next.kind === "member"
        ? {
          kind: "call",
          callee: next,
          arguments: [{ name: null, value }],
          isVectorized: true,
          line,
        }
        : unknown(line, [value, next]);
    }
    const isDot = (argument: Argument) =>
      argument.value.kind === "name" &&
      (argument.value.name === "." || argument.value.name === "_");
    const args = next.arguments.some(isDot)
      ? next.arguments.map((argument) => isDot(argument) ? { ...argument, value } : argument)
      : [{ name: null, value }, ...next.arguments];
    return { ...next, arguments: args };
  }
}
