// The `@std/cli/parse-args` of this project: command lines as the original reads them, but for
// dotted names ("--a.b") and `boolean: true`, which no command here has.

import type { Aliases, Args, ParseOptions, Values } from "./parse_args_types.ts";

export type { Args, ParseOptions } from "./parse_args_types.ts";

type Value = string | number | boolean;

const LONG_FLAG = /^--(no-)?(.+?)(?:=(.+))?$/s;
const NUMBER = /^(?:0[xX][0-9a-fA-F]+|[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)$/;
const NUMBER_AT_END = /-?\d+(?:\.\d*)?(?:e-?\d+)?$/;

/**
 * Reads a command line: "--name=value", "--name value", "--name", "--no-name", "-n value", "-abc".
 * What looks like a number becomes one, unless the flag is declared a string.
 *
 * @param args The arguments, as in `Deno.args`.
 * @param options What the flags are; see {@linkcode ParseOptions}.
 * @returns One property per flag, and `_` with everything that is not a flag.
 * @throws {TypeError} If an alias is undefined.
 */
export function parseArgs<
  B extends string = never,
  S extends string = never,
  C extends string = never,
  N extends string = never,
  // deno-lint-ignore ban-types -- no defaults, no aliases: nothing to add to the result's type
  D extends Record<string, unknown> = {},
  // deno-lint-ignore ban-types
  const A extends Aliases = {},
  DD extends boolean = false,
>(
  args: readonly string[],
  options: ParseOptions<B, S, C, N, D, A, DD> = {},
): Args<Values<B, S, C, N, D, A>, DD> {
  const end = args.indexOf("--");
  const flags = end === -1 ? args : args.slice(0, end);
  const rest = end === -1 ? [] : args.slice(end + 1);

  const parser = new Parser(options as ParseOptions);
  parser.readAll(flags);
  parser.fillIn(options.default ?? {});

  if (options["--"]) parser.result["--"] = [...rest];
  else parser.result._.push(...rest);
  return parser.result as Args<Values<B, S, C, N, D, A>, DD>;
}

class Parser {
  readonly result: Args = { _: [] };
  readonly #options: ParseOptions;
  readonly #aliases: Map<string, string[]>;
  readonly #boolean: Set<string>;
  readonly #string: Set<string>;
  readonly #collect: Set<string>;
  readonly #negatable: Set<string>;

  constructor(options: ParseOptions) {
    this.#options = options;
    this.#aliases = readAliases(options.alias ?? {});
    this.#boolean = this.#names(options.boolean);
    this.#string = this.#names(options.string);
    this.#collect = this.#names(options.collect);
    this.#negatable = this.#names(options.negatable);
  }

  readAll(args: readonly string[]): void {
    for (let at = 0; at < args.length; at++) {
      const arg = args[at]!;
      const next = args[at + 1];
      const long = LONG_FLAG.exec(arg);
      if (long) {
        if (this.#readLong(long, next)) at++;
      } else if (/^-./s.test(arg)) {
        if (this.#readShort(arg, next)) at++;
      } else {
        this.#readPositional(arg);
        if (!this.#options.stopEarly) continue;
        this.result._.push(...args.slice(at + 1));
        return;
      }
    }
  }

  /** Gives every flag that was not on the command line its default. */
  fillIn(defaults: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(defaults)) {
      if (Object.hasOwn(this.result, name)) continue;
      for (const each of this.#allNames(name)) this.result[each] = value;
    }
    for (const name of this.#boolean) {
      if (!Object.hasOwn(this.result, name)) {
        this.result[name] = this.#collect.has(name) ? [] : false;
      }
    }
    // Only declared strings: the original leaves other collected flags undefined.
    for (const name of this.#string) {
      if (this.#collect.has(name) && !Object.hasOwn(this.result, name)) this.result[name] = [];
    }
  }

  /** Reads "--name…" and says whether the next argument was taken as its value. */
  #readLong(match: RegExpExecArray, next: string | undefined): boolean {
    const [arg, no] = match;
    const value = match[3];
    let name = match[2]!;
    if (value) {
      this.#set(name, this.#boolean.has(name) ? value !== "false" : value, arg);
      return false;
    }
    if (no) {
      if (this.#negatable.has(name)) {
        this.#set(name, false, arg, { collect: false });
        return false;
      }
      name = `no-${name}`;
    }
    return this.#setFromNext(name, next, arg, !next?.startsWith("-"));
  }

  /** Reads "-abc", "-n5", "-n=5", "-n" and says whether the next argument was taken as value. */
  #readShort(arg: string, next: string | undefined): boolean {
    const letters = arg.slice(1, -1);
    for (let at = 0; at < letters.length; at++) {
      const letter = letters[at]!;
      const rest = arg.slice(at + 2);
      if (rest === "-") {
        this.#set(letter, rest, arg);
        continue;
      }
      if (/[a-z]/i.test(letter)) {
        const value = /=(.+)/s.exec(rest)?.[1] ?? (NUMBER_AT_END.test(rest) ? rest : undefined);
        if (value !== undefined) {
          this.#set(letter, value, arg);
          return false;
        }
      }
      if (/\W/.test(letters[at + 1] ?? "")) {
        this.#set(letter, rest, arg);
        return false;
      }
      this.#set(letter, this.#string.has(letter) ? "" : true, arg);
    }
    const last = arg.slice(-1);
    if (last === "-") return false;
    return this.#setFromNext(last, next, arg, !/^--?[^-]/.test(next ?? ""));
  }

  #setFromNext(name: string, next: string | undefined, arg: string, takesText: boolean): boolean {
    if (next && takesText && !this.#allNames(name).some((each) => this.#boolean.has(each))) {
      this.#set(name, next, arg);
      return true;
    }
    if (next === "true" || next === "false") {
      this.#set(name, next === "true", arg);
      return true;
    }
    this.#set(name, this.#string.has(name) ? "" : true, arg);
    return false;
  }

  #readPositional(arg: string): void {
    if (this.#options.unknown?.(arg) === false) return;
    this.result._.push(this.#string.has("_") ? arg : toNumber(arg));
  }

  #set(name: string, value: Value, arg: string, { collect = true } = {}): void {
    const isKnown = this.#boolean.has(name) || this.#string.has(name) || this.#aliases.has(name);
    if (!isKnown && this.#options.unknown?.(arg, name, value) === false) return;

    if (typeof value === "string" && !this.#string.has(name)) value = toNumber(value);
    for (const each of this.#allNames(name)) {
      if (collect && this.#collect.has(name)) {
        const before: unknown = this.result[each];
        this.result[each] = Array.isArray(before)
          ? [...before, value]
          : before
          ? [before, value]
          : [value];
      } else {
        this.result[each] = value;
      }
    }
  }

  #allNames(name: string): string[] {
    return [name, ...this.#aliases.get(name) ?? []];
  }

  #names(names: string | readonly string[] = []): Set<string> {
    const list = typeof names === "string" ? [names] : names;
    return new Set(list.filter(Boolean).flatMap((name) => this.#allNames(name)));
  }
}

function readAliases(alias: Aliases): Map<string, string[]> {
  const aliases = new Map<string, string[]>();
  for (const [name, others] of Object.entries(alias)) {
    if (others === undefined) throw new TypeError("Alias value must be defined");
    const group = [name, ...(typeof others === "string" ? [others] : others)];
    for (const each of group) aliases.set(each, group.filter((other) => other !== each));
  }
  return aliases;
}

function toNumber(text: string): string | number {
  return NUMBER.test(text) ? Number(text) : text;
}
