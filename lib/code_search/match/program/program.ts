/**
 * The common form of programs: what the readers of the languages make of a syntax tree, and the
 * evaluator works on. Only what can make a text is kept; everything else is `unknown`, with the
 * parts in which calls may still be found.
 *
 * @module
 */

/** Something that has a value. Lines count from 1. */
export type Expression =
  | { kind: "text"; parts: (string | Expression)[]; line: number; lastLine: number }
  | { kind: "number"; value: number; digits: string; line: number }
  | { kind: "truth"; value: boolean; line: number }
  | { kind: "name"; name: string; line: number }
  /** Something of another module: `requests.get`. */
  | { kind: "path"; path: string; line: number }
  | { kind: "member"; object: Expression; name: string; line: number }
  | { kind: "item"; object: Expression; key: Expression; line: number }
  | { kind: "operation"; operator: string; left: Expression; right: Expression; line: number }
  | { kind: "call"; callee: Expression; arguments: Argument[]; isVectorized: boolean; line: number }
  | { kind: "list"; items: Expression[]; line: number }
  | { kind: "dictionary"; entries: Entry[]; line: number }
  | {
    kind: "comprehension";
    loops: Loop[];
    condition: Expression | null;
    body: Expression;
    key: Expression | null;
    line: number;
  }
  | { kind: "function"; parameters: Parameter[]; body: Statement[]; line: number }
  /** The first value that is there: `a or "b"`, `a ?? "b"`, `${A:-b}`. */
  | { kind: "default"; value: Expression; otherwise: Expression; line: number }
  | { kind: "condition"; test: Expression; then: Expression; otherwise: Expression; line: number }
  | { kind: "assignment"; target: Target; value: Expression; line: number }
  | { kind: "unknown"; parts: Expression[]; line: number };

/** An argument of a call. */
export interface Argument {
  name: string | null;
  value: Expression;
}

/** An entry of a dictionary; without a key the entries of another dictionary are taken. */
export interface Entry {
  key: Expression | null;
  value: Expression;
}

/** One `for … in …` of a comprehension. */
export interface Loop {
  target: Target;
  values: Expression;
}

/** A parameter of a function. */
export interface Parameter {
  target: Target;
  default: Expression | null;
  /** Takes all remaining arguments. */
  isRest: boolean;
}

/** What is assigned to. */
export type Target =
  | { kind: "name"; name: string }
  | { kind: "list"; targets: Target[] }
  | { kind: "keys"; targets: { key: string; target: Target; default: Expression | null }[] }
  | { kind: "member"; object: Expression; name: string }
  | { kind: "item"; object: Expression; key: Expression }
  | { kind: "other" };

/** Something that is done. */
export type Statement =
  /** `declares`: the name belongs to this scope, whatever the scopes around it have. */
  | {
    kind: "assign";
    target: Target;
    value: Expression;
    declares: boolean;
    isImport?: boolean;
    /** 0 where the name is only declared. */
    line: number;
  }
  /** `x += 1` and whatever else changes a variable in a way that is not followed. */
  | { kind: "change"; target: Target; parts: Expression[]; declares: boolean; line: number }
  | { kind: "expression"; value: Expression; line: number }
  | { kind: "return"; value: Expression | null; line: number }
  | { kind: "loop"; target: Target; values: Expression; body: Statement[]; line: number }
  /** A loop whose turns cannot be counted. */
  | { kind: "repeat"; parts: Expression[]; body: Statement[]; line: number }
  | { kind: "branch"; test: Expression; then: Statement[]; otherwise: Statement[]; line: number }
  /** Whether it runs is not known: a case, a handler of exceptions. */
  | { kind: "perhaps"; body: Statement[]; line: number }
  /** A block with its own variables, as in JavaScript. */
  | { kind: "scope"; body: Statement[]; line: number }
  | { kind: "function"; name: string; parameters: Parameter[]; body: Statement[]; line: number }
  | { kind: "class"; name: string; base: Expression | null; body: Statement[]; line: number }
  /** `break` and `continue`. */
  | { kind: "jump"; line: number };

/** An expression whose value is not known. */
export function unknown(line: number, parts: Expression[] = []): Expression {
  return { kind: "unknown", parts, line };
}

/** A text that is written as such. */
export function literal(text: string, line: number): Expression {
  return { kind: "text", parts: [text], line, lastLine: line };
}

/** A call of a function of the evaluator's own tables. */
export function callOf(name: string, values: Expression[], line: number): Expression {
  return {
    kind: "call",
    callee: { kind: "name", name, line },
    arguments: values.map((value) => ({ name: null, value })),
    isVectorized: false,
    line,
  };
}
