/**
 * What the tables of functions and methods are given, and what they may ask of the evaluator.
 *
 * @module
 */
import type { Scope, TextValue, Value } from "./values.ts";

/** The languages, as far as their ways of evaluating differ. */
export type LanguageName = "python" | "javascript" | "r" | "julia" | "shell";

/** A value that a call is given. */
export interface Given {
  name: string | null;
  value: Value;
  line: number;
}

/** A call of a function or method of the tables. */
export interface Call {
  language: LanguageName;
  args: Value[];
  named: Map<string, Value>;
  given: Given[];
  line: number;
  scope: Scope;
  evaluator: Work;
}

/** The evaluator, for the tables. */
export interface Work {
  /** Sites that a library was given for the rest of the file. */
  readonly sites: Map<string, TextValue>;
  /** The longest list that is made. */
  readonly longest: number;
  /** Whether what is being evaluated may not run. */
  readonly isUncertain: boolean;
  step(): void;
  use(value: Value, line: number): void;
  useClient(url: string, site: TextValue, id: TextValue, line: number): void;
  assembled(value: TextValue, line: number): TextValue;
  /** The elements of a value that can be gone through; null where they are not known. */
  elements(value: Value): Value[] | null;
  /** Runs for every element of the lists among the values. */
  vectorized(values: Value[], run: (values: Value[]) => Value): Value;
  callValue(value: Value, given: Given[], line: number, scope: Scope): Value;
  /** A call that is not known. */
  request(path: string, given: Given[], line: number): Value;
  truth(value: Value): boolean | null;
  isNone(value: Value): boolean;
}
