/**
 * JavaScript and TypeScript: from the syntax tree to the common form. Types are passed over.
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
  type Parameter,
  type Statement,
  type Target,
  unknown,
} from "./program.ts";
import { childIn, type SyntaxNode } from "./syntax_tree.ts";

/** The statements of a JavaScript or TypeScript file. */
export function readJavaScript(root: SyntaxNode, source: string): Statement[] {
  return new JavaScriptReader(source).block(root);
}

class JavaScriptReader {
  constructor(private readonly source: string) {}

  block(node: SyntaxNode | undefined): Statement[] {
    return node === undefined ? [] : node.children.flatMap((child) => this.statement(child));
  }

  private text(node: SyntaxNode | undefined): string {
    return node === undefined ? "" : this.source.slice(node.start, node.end);
  }

  /** The statements of a body, in braces or not, as a block with its own variables. */
  private scope(node: SyntaxNode | undefined): Statement[] {
    if (node === undefined) return [];
    const body = node.type === "statement_block" ? this.block(node) : this.statement(node);
    return body.length === 0 ? [] : [{ kind: "scope", body, line: node.line }];
  }

  private statement(node: SyntaxNode): Statement[] {
    const { line } = node;
    switch (node.type) {
      case "lexical_declaration":
      case "variable_declaration":
        return node.children.flatMap((child) => this.declarator(child));
      case "expression_statement":
        return node.children.flatMap((child) => this.simple(child));
      case "export_statement": {
        const declared = childIn(node, "declaration");
        if (declared !== undefined) return this.statement(declared);
        const value = childIn(node, "value");
        return value === undefined
          ? []
          : [{ kind: "expression", value: this.expression(value), line }];
      }
      case "import_statement":
        return this.imports(node);
      case "function_declaration":
      case "generator_function_declaration":
        return [{
          kind: "function",
          name: this.text(childIn(node, "name")),
          parameters: this.parameters(node),
          body: this.block(childIn(node, "body")),
          line,
        }];
      case "class_declaration":
      case "abstract_class_declaration":
        return [this.classOf(node)];
      case "enum_declaration":
        return [{
          kind: "assign",
          target: { kind: "name", name: this.text(childIn(node, "name")) },
          value: { kind: "dictionary", entries: this.members(childIn(node, "body")), line },
          declares: true,
          line,
        }];
      case "if_statement": {
        const alternative = childIn(node, "alternative")?.children[0];
        return [{
          kind: "branch",
          test: this.expression(childIn(node, "condition")),
          then: this.scope(childIn(node, "consequence")),
          otherwise: this.scope(alternative),
          line,
        }];
      }
      case "for_in_statement":
        return [this.forIn(node)];
      case "for_statement":
        return this.forCount(node);
      case "while_statement":
      case "do_statement":
        return [{
          kind: "repeat",
          parts: [this.expression(childIn(node, "condition"))],
          body: this.scope(childIn(node, "body")),
          line,
        }];
      case "try_statement":
        return [
          ...this.scope(childIn(node, "body")),
          ...this.perhaps(
            childIn(childIn(node, "handler") ?? node, "body"),
            childIn(node, "handler") !== undefined,
          ),
          ...this.scope(
            childIn(childIn(node, "finalizer") ?? node, "body") === childIn(node, "body")
              ? undefined
              : childIn(childIn(node, "finalizer")!, "body"),
          ),
        ];
      case "switch_statement":
        return [{
          kind: "perhaps",
          body: (childIn(node, "body")?.children ?? []).flatMap((branch) =>
            branch.children.filter(({ field }) => field === "body")
              .flatMap((child) => this.statement(child))
          ),
          line,
        }];
      case "return_statement":
        return [{
          kind: "return",
          value: node.children[0] === undefined ? null : this.expression(node.children[0]),
          line,
        }];
      case "statement_block":
        return this.scope(node);
      case "labeled_statement":
        return this.scope(childIn(node, "body"));
      case "break_statement":
      case "continue_statement":
      case "throw_statement":
        return [{ kind: "jump", line }];
      case "ERROR":
        return this.block(node);
      case "comment":
      case "empty_statement":
      case "interface_declaration":
      case "type_alias_declaration":
      case "hash_bang_line":
        return [];
      case "ambient_declaration":
      case "internal_module":
      case "module":
        return this.block(childIn(node, "body") ?? node);
      default:
        return node.children.length === 0
          ? []
          : [{ kind: "expression", value: this.expression(node), line }];
    }
  }

  /** The members of an enumeration that are given a value. */
  private members(node: SyntaxNode | undefined): Entry[] {
    return (node?.children ?? []).filter(({ type }) => type === "enum_assignment").map((child) => ({
      key: literal(this.text(childIn(child, "name")), child.line),
      value: this.expression(childIn(child, "value")),
    }));
  }

  private perhaps(node: SyntaxNode | undefined, isThere: boolean): Statement[] {
    if (!isThere || node === undefined) return [];
    return [{ kind: "perhaps", body: this.scope(node), line: node.line }];
  }

  private declarator(node: SyntaxNode): Statement[] {
    if (node.type !== "variable_declarator") return [];
    const target = this.target(childIn(node, "name"));
    const value = childIn(node, "value");
    // "let url;" says where the name belongs; its value comes later
    if (value === undefined) {
      return [{ kind: "assign", target, value: unknown(node.line), declares: true, line: 0 }];
    }
    return [{
      kind: "assign",
      target,
      value: this.expression(value),
      declares: true,
      line: node.line,
    }];
  }

  private simple(node: SyntaxNode): Statement[] {
    const { line } = node;
    if (node.type === "assignment_expression") {
      return [{
        kind: "assign",
        target: this.target(childIn(node, "left")),
        value: this.expression(childIn(node, "right")),
        declares: false,
        line,
      }];
    }
    if (node.type === "augmented_assignment_expression" || node.type === "update_expression") {
      const right = childIn(node, "right");
      return [{
        kind: "change",
        target: this.target(childIn(node, "left") ?? childIn(node, "argument")),
        parts: right === undefined ? [] : [this.expression(right)],
        declares: false,
        line,
      }];
    }
    if (node.type === "sequence_expression") {
      return node.children.flatMap((child) => this.simple(child));
    }
    return [{ kind: "expression", value: this.expression(node), line }];
  }

  private imports(node: SyntaxNode): Statement[] {
    const { line } = node;
    const module = this.text(childIn(node, "source")).slice(1, -1);
    const found: Statement[] = [];
    const add = (name: string, value: Expression) => {
      found.push({
        kind: "assign",
        target: { kind: "name", name },
        value,
        declares: true,
        isImport: true,
        line,
      });
    };
    const of: Expression = { kind: "path", path: module, line };
    const visit = (child: SyntaxNode) => {
      if (child.type === "import_specifier") {
        const name = this.text(childIn(child, "name"));
        const alias = childIn(child, "alias");
        add(alias === undefined ? name : this.text(alias), {
          kind: "path",
          path: `${module}.${name}`,
          line,
        });
      } else if (child.type === "namespace_import") add(this.text(child.children[0]), of);
      else if (child.type === "identifier") add(this.text(child), of);
      else if (child.type !== "string") child.children.forEach(visit);
    };
    node.children.forEach(visit);
    return found;
  }

  private classOf(node: SyntaxNode): Statement {
    const heritage = node.children.find(({ type }) => type === "class_heritage")?.children[0];
    const base = heritage?.type === "extends_clause" ? heritage.children[0] : heritage;
    const body = (childIn(node, "body")?.children ?? []).flatMap((child): Statement[] => {
      const { line } = child;
      if (child.type === "method_definition") {
        return [{
          kind: "function",
          name: this.text(childIn(child, "name")),
          parameters: this.parameters(child),
          body: [...this.parameterFields(child), ...this.block(childIn(child, "body"))],
          line,
        }];
      }
      if (child.type !== "field_definition" && child.type !== "public_field_definition") return [];
      const value = childIn(child, "value");
      if (value === undefined) return [];
      return [{
        kind: "assign",
        target: {
          kind: "name",
          name: this.text(childIn(child, "property") ?? childIn(child, "name")),
        },
        value: this.expression(value),
        declares: true,
        line,
      }];
    });
    return {
      kind: "class",
      name: this.text(childIn(node, "name")),
      base: base === undefined ? null : this.expression(base),
      body,
      line: node.line,
    };
  }

  /** `constructor(private readonly base: string)` makes a field of the parameter. */
  private parameterFields(method: SyntaxNode): Statement[] {
    return (childIn(method, "parameters")?.children ?? []).flatMap((child): Statement[] => {
      const pattern = childIn(child, "pattern");
      if (
        pattern === undefined ||
        !child.children.some(({ type }) => type === "accessibility_modifier")
      ) {
        return [];
      }
      const name = this.text(pattern);
      const { line } = child;
      return [{
        kind: "assign",
        target: { kind: "member", object: { kind: "name", name: "this", line }, name },
        value: { kind: "name", name, line },
        declares: true,
        line,
      }];
    });
  }

  private forIn(node: SyntaxNode): Statement {
    const values = this.expression(childIn(node, "right"));
    const header = this.source.slice(childIn(node, "left")?.end, childIn(node, "right")?.start);
    return {
      kind: "loop",
      target: this.target(childIn(node, "left")),
      values: /\bin\b/.test(header) ? callOf("@keys", [values], node.line) : values,
      body: this.scope(childIn(node, "body")),
      line: node.line,
    };
  }

  /** `for (let i = 1; i <= 9; i++)` is a range; other loops that count are not followed. */
  private forCount(node: SyntaxNode): Statement[] {
    const { line } = node;
    const initializer = childIn(node, "initializer");
    const first = initializer?.children.find(({ type }) => type === "variable_declarator");
    const name = this.text(childIn(first ?? node, "name"));
    const condition = childIn(node, "condition");
    const step = this.text(childIn(node, "increment")).replace(/\s/g, "");
    const left = childIn(condition ?? node, "left");
    const right = childIn(condition ?? node, "right");
    const body = this.scope(childIn(node, "body"));
    const from = childIn(first ?? node, "value");
    const operator = condition === undefined || left === undefined || right === undefined
      ? ""
      : this.source.slice(left.end, right.start).trim();
    const by = step === `${name}++` || step === `++${name}` || step === `${name}+=1`
      ? 1
      : new RegExp(`^${name.replace(/\W/g, "")}\\+=(\\d+)$`).exec(step)?.[1];
    if (
      from === undefined || name === "" || this.text(left) !== name || by === undefined ||
      (operator !== "<" && operator !== "<=")
    ) {
      return [
        ...(initializer === undefined ? [] : this.statement(initializer)),
        { kind: "repeat", parts: [], body, line },
      ];
    }
    const last = this.expression(right);
    const range = callOf(operator === "<" ? "@range" : "@closed_range", [
      this.expression(from),
      last,
      { kind: "number", value: Number(by), digits: String(by), line },
    ], line);
    return [{ kind: "loop", target: { kind: "name", name }, values: range, body, line }];
  }

  private parameters(node: SyntaxNode): Parameter[] {
    const single = childIn(node, "parameter");
    if (single !== undefined) {
      return [{ target: this.target(single), default: null, isRest: false }];
    }
    return (childIn(node, "parameters")?.children ?? []).flatMap((child): Parameter[] => {
      if (child.type === "comment") return [];
      // TypeScript wraps a parameter with its type
      const isWrapped = child.type === "required_parameter" || child.type === "optional_parameter";
      const pattern = isWrapped ? childIn(child, "pattern") : child;
      if (pattern === undefined || pattern.type === "this") return [];
      if (pattern.type === "rest_pattern") {
        return [{ target: this.target(pattern.children[0]), default: null, isRest: true }];
      }
      if (pattern.type === "assignment_pattern") {
        return [{
          target: this.target(childIn(pattern, "left")),
          default: this.expression(childIn(pattern, "right")),
          isRest: false,
        }];
      }
      const value = isWrapped ? childIn(child, "value") : undefined;
      return [{
        target: this.target(pattern),
        default: value === undefined ? null : this.expression(value),
        isRest: false,
      }];
    });
  }

  private target(node: SyntaxNode | undefined): Target {
    switch (node?.type) {
      case "identifier":
      case "shorthand_property_identifier_pattern":
        return { kind: "name", name: this.text(node) };
      case "array_pattern":
      case "array":
        return { kind: "list", targets: node.children.map((child) => this.target(child)) };
      case "object_pattern":
      case "object":
        return { kind: "keys", targets: node.children.flatMap((child) => this.keyTarget(child)) };
      case "member_expression":
        return {
          kind: "member",
          object: this.expression(childIn(node, "object")),
          name: this.text(childIn(node, "property")),
        };
      case "subscript_expression":
        return {
          kind: "item",
          object: this.expression(childIn(node, "object")),
          key: this.expression(childIn(node, "index")),
        };
      case "parenthesized_expression":
      case "non_null_expression":
        return this.target(node.children[0]);
      default:
        return { kind: "other" };
    }
  }

  private keyTarget(child: SyntaxNode) {
    if (child.type === "pair_pattern") {
      const value = childIn(child, "value");
      const isDefault = value?.type === "assignment_pattern";
      return [{
        key: this.text(childIn(child, "key")),
        target: this.target(isDefault ? childIn(value, "left") : value),
        default: isDefault ? this.expression(childIn(value, "right")) : null,
      }];
    }
    if (child.type === "object_assignment_pattern") {
      const left = childIn(child, "left");
      return [{
        key: this.text(left),
        target: this.target(left),
        default: this.expression(childIn(child, "right")),
      }];
    }
    const target = this.target(child);
    return target.kind === "name" ? [{ key: target.name, target, default: null }] : [];
  }

  private expression(node: SyntaxNode | undefined): Expression {
    if (node === undefined) return unknown(0);
    const { line } = node;
    switch (node.type) {
      case "string":
        return {
          kind: "text",
          parts: [unescape(this.text(node).slice(1, -1))],
          line,
          lastLine: line,
        };
      case "template_string":
        return this.template(node);
      case "number": {
        const digits = this.text(node).replaceAll("_", "");
        return { kind: "number", value: Number(digits), digits, line };
      }
      case "true":
      case "false":
        return { kind: "truth", value: node.type === "true", line };
      case "identifier":
      case "shorthand_property_identifier":
      case "this":
      case "super":
        return { kind: "name", name: this.text(node), line };
      case "member_expression":
        return {
          kind: "member",
          object: this.expression(childIn(node, "object")),
          name: this.text(childIn(node, "property")),
          line: childIn(node, "property")?.line ?? line,
        };
      case "subscript_expression":
        return {
          kind: "item",
          object: this.expression(childIn(node, "object")),
          key: this.expression(childIn(node, "index")),
          line,
        };
      case "call_expression":
        return this.call(childIn(node, "function"), childIn(node, "arguments"), line);
      case "new_expression":
        return this.call(childIn(node, "constructor"), childIn(node, "arguments"), line);
      case "binary_expression":
        return this.operation(node);
      case "ternary_expression":
        return {
          kind: "condition",
          test: this.expression(childIn(node, "condition")),
          then: this.expression(childIn(node, "consequence")),
          otherwise: this.expression(childIn(node, "alternative")),
          line,
        };
      case "unary_expression":
        return this.text(node).startsWith("!")
          ? callOf("@not", [this.expression(childIn(node, "argument"))], line)
          : unknown(line, [this.expression(childIn(node, "argument"))]);
      case "parenthesized_expression":
      case "await_expression":
      case "as_expression":
      case "satisfies_expression":
      case "non_null_expression":
      case "expression_statement":
        return this.expression(node.children.find(({ type }) => type !== "comment"));
      case "type_assertion":
        return this.expression(node.children.at(-1));
      case "array":
        return {
          kind: "list",
          items: node.children.filter(({ type }) => type !== "comment")
            .map((child) => this.expression(child)),
          line,
        };
      case "spread_element":
        return callOf("@spread", [this.expression(node.children[0])], line);
      case "object":
        return {
          kind: "dictionary",
          entries: node.children.flatMap((child) => this.entry(child)),
          line,
        };
      case "arrow_function":
      case "function_expression":
      case "generator_function": {
        const body = childIn(node, "body");
        return {
          kind: "function",
          parameters: this.parameters(node),
          body: body?.type === "statement_block"
            ? this.block(body)
            : [{ kind: "return", value: this.expression(body), line: body?.line ?? line }],
          line,
        };
      }
      case "assignment_expression":
        return {
          kind: "assignment",
          target: this.target(childIn(node, "left")),
          value: this.expression(childIn(node, "right")),
          line,
        };
      default:
        return unknown(line, node.children.map((child) => this.expression(child)));
    }
  }

  private operation(node: SyntaxNode): Expression {
    const leftNode = childIn(node, "left");
    const rightNode = childIn(node, "right");
    const { line } = node;
    const left = this.expression(leftNode);
    const right = this.expression(rightNode);
    const operator = this.source.slice(leftNode?.end, rightNode?.start).replace(/\s+/g, "")
      .replace(/\/\/.*|\/\*.*?\*\//g, "");
    return operator === "||" || operator === "??"
      ? { kind: "default", value: left, otherwise: right, line }
      : { kind: "operation", operator: operator === "&&" ? "and" : operator, left, right, line };
  }

  private call(
    callee: SyntaxNode | undefined,
    list: SyntaxNode | undefined,
    line: number,
  ): Expression {
    if (list?.type === "template_string") return unknown(line, [this.template(list)]);
    const args = (list?.children ?? []).flatMap((child): Argument[] =>
      child.type === "comment" ? [] : [{ name: null, value: this.expression(child) }]
    );
    return {
      kind: "call",
      callee: this.expression(callee),
      arguments: args,
      isVectorized: false,
      line,
    };
  }

  private entry(node: SyntaxNode): Entry[] {
    const { line } = node;
    switch (node.type) {
      case "pair": {
        const key = childIn(node, "key");
        return [{
          key: key?.type === "property_identifier"
            ? literal(this.text(key), line)
            : key?.type === "computed_property_name"
            ? this.expression(key.children[0])
            : this.expression(key),
          value: this.expression(childIn(node, "value")),
        }];
      }
      case "shorthand_property_identifier":
        return [{ key: literal(this.text(node), line), value: this.expression(node) }];
      case "spread_element":
        return [{ key: null, value: this.expression(node.children[0]) }];
      case "method_definition":
        return [{
          key: literal(this.text(childIn(node, "name")), line),
          value: {
            kind: "function",
            parameters: this.parameters(node),
            body: this.block(childIn(node, "body")),
            line,
          },
        }];
      default:
        return [];
    }
  }

  private template(node: SyntaxNode): Expression {
    const parts = node.children.map((child): string | Expression =>
      child.type === "template_substitution"
        ? this.expression(child.children[0])
        : unescape(this.text(child))
    );
    return {
      kind: "text",
      parts,
      line: node.line,
      lastLine: node.children.at(-1)?.line ?? node.line,
    };
  }
}
