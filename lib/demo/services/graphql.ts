/** A small GraphQL: aliases, arguments, variables, fragments. Enough to answer honestly what is asked. */

/** Gives a field of an object; `undefined` where the type has no such field. */
export type Resolve = (
  field: string,
  args: Readonly<Record<string, unknown>>,
  path: readonly string[],
) => unknown;

/** An object whose fields are asked for one by one. */
export class Resolvable {
  constructor(readonly type: string, readonly resolve: Resolve) {}
}

/** A query that cannot be read, or asks for what there is not. */
export class GraphqlError extends Error {}

interface Field {
  alias: string;
  name: string;
  args: Record<string, unknown>;
  selections: Selection[] | undefined;
}
type Selection = { field: Field } | { spread: string } | { on: string; selections: Selection[] };

const TOKEN = /\.\.\.|[{}():,!$\[\]=]|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[A-Za-z_]\w*/g;

class Parser {
  #tokens: string[];
  #at = 0;
  readonly fragments = new Map<string, { on: string; selections: Selection[] }>();
  operation: Selection[] = [];

  constructor(text: string, readonly variables: Readonly<Record<string, unknown>>) {
    this.#tokens = text.replace(/#[^\n]*/g, "").match(TOKEN) ?? [];
    while (this.#at < this.#tokens.length) this.#definition();
  }

  #next(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new GraphqlError("Unexpected end of document");
    return token;
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #definition(): void {
    if (this.#takes("fragment")) {
      const name = this.#next();
      this.#next();
      const on = this.#next();
      this.fragments.set(name, { on, selections: this.#selections() });
      return;
    }
    if (this.#takes("query")) {
      while (this.#tokens[this.#at] !== "{") this.#next();
    }
    this.operation = this.#selections();
  }

  #selections(): Selection[] {
    if (this.#next() !== "{") throw new GraphqlError("Expected {");
    const selections: Selection[] = [];
    while (!this.#takes("}")) selections.push(this.#selection());
    return selections;
  }

  #selection(): Selection {
    if (this.#takes("...")) {
      if (!this.#takes("on")) return { spread: this.#next() };
      return { on: this.#next(), selections: this.#selections() };
    }
    let name = this.#next();
    const alias = name;
    if (this.#takes(":")) name = this.#next();
    const args: Record<string, unknown> = {};
    if (this.#takes("(")) {
      while (!this.#takes(")")) {
        const key = this.#next();
        if (!this.#takes(":")) throw new GraphqlError("Expected :");
        args[key] = this.#value();
        this.#takes(",");
      }
    }
    const selections = this.#tokens[this.#at] === "{" ? this.#selections() : undefined;
    return { field: { alias, name, args, selections } };
  }

  #value(): unknown {
    const token = this.#next();
    if (token === "$") {
      const name = this.#next();
      if (!Object.hasOwn(this.variables, name)) {
        throw new GraphqlError(`Variable $${name} was not provided`);
      }
      return this.variables[name];
    }
    return /^["\d-]/.test(token) || token === "true" || token === "false"
      ? JSON.parse(token)
      : token;
  }
}

/**
 * Evaluates a query against a root.
 * @throws {GraphqlError} where it cannot be read or asks for an unknown field.
 */
export function evaluate(
  query: string,
  variables: Readonly<Record<string, unknown>>,
  root: Resolvable,
): Record<string, unknown> {
  const { operation, fragments } = new Parser(query, variables);
  const select = (object: Resolvable, selections: Selection[], path: readonly string[]) => {
    const result: Record<string, unknown> = {};
    for (const selection of selections) {
      if (!("field" in selection)) {
        const part = "on" in selection ? selection : fragments.get(selection.spread);
        if (part === undefined) throw new GraphqlError("Fragment was used, but not defined");
        if (part.on === object.type) Object.assign(result, select(object, part.selections, path));
        continue;
      }
      const { alias, name, args, selections: below } = selection.field;
      const here = [...path, alias];
      const value = object.resolve(name, args, here);
      if (value === undefined) {
        throw new GraphqlError(`Field '${name}' doesn't exist on type '${object.type}'`);
      }
      result[alias] = complete(value, below, here);
    }
    return result;
  };
  const complete = (value: unknown, below: Selection[] | undefined, path: string[]): unknown => {
    if (Array.isArray(value)) return value.map((item) => complete(item, below, path));
    if (!(value instanceof Resolvable)) return value;
    if (below === undefined) throw new GraphqlError("Field must have selections");
    return select(value, below, path);
  };
  return select(root, operation, []);
}
