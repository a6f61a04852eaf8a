/**
 * Evaluates a program in the common form, as far as its texts can be known: every statement once,
 * loops over known lists turn by turn, functions for every call of the file. Nothing is executed;
 * steps, depth, lists and time are bounded.
 *
 * @module
 */
import { type Client, CLIENT_MEMBERS, CLIENTS, siteUrl } from "./clients.ts";
import type { Call, Given, LanguageName, Work } from "./calls.ts";
import { FUNCTIONS, METHODS } from "./functions.ts";
import type { Argument, Expression, Parameter, Statement, Target } from "./program.ts";
import { namesOf, type ProgramNames, unsettledFields } from "./names.ts";
import { formatValue, joinPaths, printf } from "./text_functions.ts";
import {
  asText,
  type ClassValue,
  concatenate,
  type DictionaryValue,
  type FunctionValue,
  HOLE,
  isAddress,
  isWhole,
  joinLines,
  linesOf,
  listOf,
  numberOf,
  type ObjectValue,
  queryOf,
  Scope,
  textOf,
  type TextValue,
  UNKNOWN,
  type Value,
  withQuery,
} from "./values.ts";

/** What an evaluation may cost. */
export interface EvaluationLimits {
  steps: number;
  milliseconds: number;
  /** Of calls within calls, and of expressions. */
  depth: number;
  /** Elements of a list, turns of a loop. */
  items: number;
  /** Addresses that are kept. */
  addresses: number;
}

/** An address that the program makes. */
export interface MadeAddress {
  text: string;
  /** Where it is used, or made when nothing in the file uses it. */
  line: number;
  madeFrom: readonly number[];
}

const NOT_USES =
  /^(?:print|println|echo|printf|cat|message|warning|stop|sys\.exit|exit|str|repr|len|assert|test|\[|\[\[|export|set|cd|mkdir|rm|read|source|library|require|isinstance|type|hash)$|^(?:console|logging|logger|log|LOGGER|_logger|_LOGGER|click\.echo|st\.write|pprint)(?:\.|$)|(?:^|\.)(?:info|debug|warn|warning|error|println|startswith|startsWith|push|append|add|has|test|match|includes)$/;
const NONE = /^(?:None|null|undefined|NULL|nothing|missing|NA|@missing)$/;
const FROM_OUTSIDE = /^(?:process\.env|import\.meta\.env|Deno\.env|@environment)(?:\.|$)/;

class Exhausted extends Error {}

/** Evaluates a program; what was found until a limit was reached counts. */
export function evaluateProgram(
  program: Statement[],
  language: LanguageName,
  limits: EvaluationLimits,
): { addresses: MadeAddress[]; isComplete: boolean } {
  const evaluator = new Evaluator(language, limits);
  const isComplete = evaluator.run(program);
  return { addresses: evaluator.addresses(), isComplete };
}

/** The state of one evaluation. */
export class Evaluator implements Work {
  /** Sites that a library was reported of for the rest of the file. */
  readonly sites = new Map<string, TextValue>();

  private names: ProgramNames = { of: new Map(), changedInLoop: new Map() };
  private readonly deadline: number;
  private steps = 0;
  private depth = 0;
  /** How many branches that may not run are being evaluated. */
  private uncertain = 0;
  private readonly used = new Map<string, MadeAddress>();
  private readonly made = new Map<string, MadeAddress>();
  private readonly functions = new Map<Statement[], FunctionValue[]>();
  private readonly called = new Set<Statement[]>();
  private readonly classes: { value: ClassValue; instances: ObjectValue[] }[] = [];
  private readonly active = new Map<Statement[], number>();
  private returns: Value[] = [];
  /** Of the statement that ran last. */
  private latest: Value = UNKNOWN;

  constructor(readonly language: LanguageName, private readonly limits: EvaluationLimits) {
    this.deadline = performance.now() + limits.milliseconds;
  }

  /** Whether it came to the end. */
  run(program: Statement[]): boolean {
    try {
      this.names = namesOf(program);
      this.execute(program, new Scope(null, this.names.of.get(program) ?? null));
      this.runUncalled();
      return true;
    } catch (error) {
      // a program nested so deeply that the stack ends is no program of a person
      if (error instanceof Exhausted || error instanceof RangeError) return false;
      throw error;
    }
  }

  /** The addresses; those that are only a step to another are left out. */
  addresses(): MadeAddress[] {
    const texts = new Set([...this.used.values(), ...this.made.values()].map(({ text }) => text));
    const ordered = [...texts].sort();
    const isStep = new Set<string>();
    ordered.forEach((text, at) => {
      const stem = text.endsWith(HOLE) ? text.slice(0, -1) : text;
      if (ordered[at + 1]?.startsWith(stem)) isStep.add(text);
    });
    const kept = [...this.used.values()];
    const usedTexts = new Set(kept.map(({ text }) => text));
    for (const one of this.made.values()) {
      if (!usedTexts.has(one.text) && !isStep.has(one.text)) kept.push(one);
    }
    return kept.slice(0, this.limits.addresses);
  }

  /** Notes that a call is given an address. */
  use(value: Value, line: number): void {
    if (value.kind === "list") {
      for (const item of value.items) this.use(item, line);
      return;
    }
    if (value.kind !== "text" && value.kind !== "url") return;
    const text = asText(value);
    if (!text.isMade || !isAddress(text.text)) return;
    this.note(this.used, text, line);
  }

  /** Notes a text that was put together. */
  assembled(value: TextValue, line: number): TextValue {
    if (value.isMade && isAddress(value.text)) this.note(this.made, value, line);
    return value;
  }

  private note(into: Map<string, MadeAddress>, { text, from }: TextValue, line: number): void {
    // what is known of it must go beyond the host
    if (!/^[a-z]*:?\/\/[^/\ufffc]+\/[^\ufffc]/i.test(text) || /[\s"<>]/.test(text.trim())) return;
    const key = into === this.used ? `${line} ${text}` : text;
    if (into.size >= this.limits.addresses || into.has(key)) return;
    into.set(key, { text: text.trim(), line, madeFrom: from });
  }

  // --- statements -------------------------------------------------------------------------------

  /** Whether the block was left before its end. */
  private execute(body: Statement[], scope: Scope): boolean {
    for (const statement of body) {
      this.step();
      if (this.statement(statement, scope)) return true;
    }
    return false;
  }

  private statement(one: Statement, scope: Scope): boolean {
    switch (one.kind) {
      case "assign":
        if (one.line === 0) return false;
        if (one.isImport && one.target.kind === "name") {
          if (scope.get(one.target.name)?.kind === "path") return false;
        }
        this.latest = this.evaluate(one.value, scope);
        this.assign(one.target, this.latest, scope);
        return false;
      case "change": {
        for (const part of one.parts) this.evaluate(part, scope);
        // a list may grow, and its name keeps it
        const target = one.target;
        if (target.kind === "item" || target.kind === "member") this.assign(target, UNKNOWN, scope);
        return false;
      }
      case "expression":
        this.latest = this.evaluate(one.value, scope);
        return false;
      case "return":
        this.returns.push(one.value === null ? UNKNOWN : this.evaluate(one.value, scope));
        return true;
      case "loop":
        return this.loop(one, scope);
      case "repeat":
        for (const part of one.parts) this.evaluate(part, scope);
        this.execute(one.body, scope);
        return false;
      case "branch": {
        const test = this.truth(this.evaluate(one.test, scope));
        if (test === true) return this.execute(one.then, scope);
        if (test === false) return this.execute(one.otherwise, scope);
        this.perhaps(() => {
          this.execute(one.then, scope);
          this.execute(one.otherwise, scope);
        });
        return false;
      }
      case "perhaps":
        this.perhaps(() => this.execute(one.body, scope));
        return false;
      case "scope":
        return this.execute(one.body, new Scope(scope, this.names.of.get(one.body) ?? null));
      case "function":
        this.assign({ kind: "name", name: one.name }, this.functionOf(one, scope, null), scope);
        return false;
      case "class":
        this.assign({ kind: "name", name: one.name }, this.classOf(one, scope), scope);
        return false;
      case "jump":
        return true;
    }
  }

  private perhaps(run: () => void): void {
    this.uncertain++;
    run();
    this.uncertain--;
  }

  private loop(one: Extract<Statement, { kind: "loop" }>, scope: Scope): boolean {
    const values = this.elements(this.evaluate(one.values, scope));
    const changed = this.names.changedInLoop.get(one);
    const turn = (value: Value) => {
      const inner = new Scope(scope, null);
      this.bind(one.target, value, inner, scope);
      for (const name of changed ?? []) inner.values.set(name, UNKNOWN);
      return this.execute(one.body, inner);
    };
    if (values === null || values.length > this.limits.items) {
      turn(UNKNOWN);
      return false;
    }
    for (const value of values) {
      this.step();
      const before = this.returns.length;
      const isLeft = turn(value);
      // what left the turn may have left the function
      if (isLeft && this.returns.length > before) return true;
    }
    return false;
  }

  /** Values for the names of a target, in a scope of their own. */
  private bind(target: Target, value: Value, inner: Scope, outer: Scope): void {
    if (target.kind === "name") inner.values.set(target.name, value);
    else if (target.kind === "list") {
      const items = this.elements(value);
      target.targets.forEach((one, at) => this.bind(one, items?.[at] ?? UNKNOWN, inner, outer));
    } else if (target.kind === "keys") {
      for (const { key, target: one, default: otherwise } of target.targets) {
        const found = this.member(value, key, 0);
        const isMissing = found.kind === "unknown" || this.isNone(found);
        this.bind(
          one,
          isMissing && otherwise !== null && this.isDictionary(value)
            ? this.evaluate(otherwise, outer)
            : found,
          inner,
          outer,
        );
      }
    } else this.assign(target, value, outer);
  }

  private isDictionary(value: Value): boolean {
    return value.kind === "dictionary" && !value.isOpen;
  }

  private assign(target: Target, value: Value, scope: Scope): void {
    switch (target.kind) {
      case "name":
        scope.set(target.name, value);
        return;
      case "list": {
        const items = this.elements(value);
        target.targets.forEach((one, at) => this.assign(one, items?.[at] ?? UNKNOWN, scope));
        return;
      }
      case "keys": {
        const inner = new Scope(null, null);
        this.bind(target, value, inner, scope);
        for (const [name, of] of inner.values) scope.set(name, of);
        return;
      }
      case "member": {
        const object = this.evaluate(target.object, scope);
        const known = this.uncertain > 0 ? UNKNOWN : value;
        if (object.kind === "object") object.fields.set(target.name, known);
        else if (object.kind === "class") object.fields.set(target.name, known);
        else if (object.kind === "dictionary") object.entries.set(target.name, known);
        else if (object.kind === "list" && target.name === "@names" && value.kind === "list") {
          object.names = value.items.map((item) => asText(item).text);
        } else if (object.kind === "url") this.setUrlPart(object, target.name, value);
        return;
      }
      case "item": {
        const object = this.evaluate(target.object, scope);
        const key = this.evaluate(target.key, scope);
        const known = this.uncertain > 0 ? UNKNOWN : value;
        const name = asText(key);
        if (object.kind === "dictionary" || object.kind === "query") {
          if (!isWhole(name)) object.isOpen = true;
          else if (object.kind === "dictionary") object.entries.set(name.text, known);
          else object.pairs.push([name.text, known]);
        } else if (object.kind === "list") {
          if (object.names !== null && key.kind === "text") {
            const at = object.names.indexOf(key.text);
            if (at >= 0) object.items[at] = known;
            else {
              object.items.push(known);
              object.names.push(key.text);
            }
          } else if (key.kind === "number" && this.language !== "r") {
            object.items[Math.min(key.value, object.items.length)] = known;
          } else if (key.kind === "number") {
            object.items[Math.max(0, Math.min(key.value - 1, object.items.length))] = known;
          } else if (key.kind === "text" && object.items.length === 0) {
            object.items.push(known);
            object.names = [key.text];
          }
        }
      }
    }
  }

  private setUrlPart(url: Extract<Value, { kind: "url" }>, name: string, value: Value): void {
    const text = asText(value);
    const lines = joinLines([url.base.from, text.from]);
    if (name === "search") url.query = queryOf(value.kind === "unknown" ? value : text);
    else if (name === "pathname") {
      const origin = /^[a-z]+:\/\/[^/?#]*/i.exec(url.base.text)?.[0] ?? HOLE;
      const path = text.text.startsWith("/") ? text.text : `/${text.text}`;
      url.base = textOf(origin + path, lines);
    } else if (name !== "hash") url.base = textOf(HOLE, []);
  }

  // --- functions and classes ----------------------------------------------------------------------

  private functionOf(
    one: { parameters: Parameter[]; body: Statement[] },
    scope: Scope,
    self: Value | null,
  ): FunctionValue {
    const value: FunctionValue = {
      kind: "function",
      parameters: one.parameters,
      body: one.body,
      scope,
      self,
    };
    const known = this.functions.get(one.body) ?? [];
    if (known.length < this.limits.items) known.push(value);
    this.functions.set(one.body, known);
    return value;
  }

  private classOf(one: Extract<Statement, { kind: "class" }>, scope: Scope): ClassValue {
    const base = one.base === null ? null : this.evaluate(one.base, scope);
    const value: ClassValue = {
      kind: "class",
      name: one.name,
      base,
      fields: new Map(),
      unsettled: unsettledFields(one.body),
    };
    const inner = new Scope(scope, this.names.of.get(one.body) ?? null);
    for (const statement of one.body) {
      if (statement.kind === "function") {
        // a method is run through its class
        value.fields.set(statement.name, {
          kind: "function",
          parameters: statement.parameters,
          body: statement.body,
          scope: this.language === "python" ? scope : inner,
          self: null,
        });
      } else this.statement(statement, inner);
    }
    for (const name of inner.names?.declared.keys() ?? []) {
      if (!value.fields.has(name)) value.fields.set(name, inner.get(name) ?? UNKNOWN);
    }
    this.classes.push({ value, instances: [] });
    return value;
  }

  private instantiate(of: ClassValue, given: Given[]): Value {
    const object: ObjectValue = { kind: "object", of, fields: new Map() };
    const known = this.classes.find(({ value }) => value === of);
    if (known !== undefined && known.instances.length < 20) known.instances.push(object);
    const made = this.field(object, "__init__") ?? this.field(object, "constructor");
    if (made?.kind === "function") this.invoke({ ...made, self: object }, given);
    else for (const { name, value } of given) if (name !== null) object.fields.set(name, value);
    return object;
  }

  private field(object: ObjectValue | ClassValue, name: string): Value | undefined {
    if (object.kind === "object" && object.fields.has(name)) {
      return object.of.unsettled.has(name) ? UNKNOWN : object.fields.get(name);
    }
    let at: Value | null = object.kind === "object" ? object.of : object;
    for (let level = 0; level < 5 && at?.kind === "class"; level++) {
      const found = at.fields.get(name);
      if (found !== undefined) return found;
      at = at.base;
    }
    return undefined;
  }

  /** Calls a function of the file; its value where it returns one. */
  invoke(of: FunctionValue, given: Given[], isMissingKnown = true): Value {
    const nested = this.active.get(of.body) ?? 0;
    if (nested >= 2) return UNKNOWN;
    this.enter();
    this.called.add(of.body);
    this.active.set(of.body, nested + 1);
    const outside = new Scope(of.scope, null);
    if (of.self !== null) {
      outside.values.set("this", of.self);
      outside.values.set("self", of.self);
    }
    const inner = new Scope(outside, this.names.of.get(of.body) ?? null);
    this.bindParameters(of, given, inner, isMissingKnown);
    const outerReturns = this.returns;
    const outerUncertain = this.uncertain;
    this.returns = [];
    this.execute(of.body, inner);
    let values = this.returns;
    if (this.language === "r" && values.length === 0) values = this.lastValue(of.body);
    this.returns = outerReturns;
    this.uncertain = outerUncertain;
    this.active.set(of.body, nested);
    this.depth--;
    const known = values.filter((value) => value.kind !== "unknown" && !this.isNone(value));
    return known.length === 1 ? known[0]! : UNKNOWN;
  }

  /** R's functions give the value of their last expression. */
  private lastValue(body: Statement[]): Value[] {
    const last = body.at(-1)?.kind;
    return last === "expression" || last === "assign" ? [this.latest] : [];
  }

  private bindParameters(
    of: FunctionValue,
    given: Given[],
    inner: Scope,
    isMissingKnown: boolean,
  ): void {
    const positional = given.filter(({ name }) => name === null);
    const named = new Map(
      given.filter(({ name }) => name !== null).map((one) => [one.name, one.value]),
    );
    let next = 0;
    of.parameters.forEach((parameter, at) => {
      const { target } = parameter;
      const isSelf = at === 0 && this.language === "python" && target.kind === "name" &&
        /^(?:self|cls)$/.test(target.name);
      let value: Value | undefined;
      if (isSelf) {
        value = of.self ?? UNKNOWN;
        if (of.self === null) next++;
      } else if (parameter.isRest) {
        value = isMissingKnown ? listOf(positional.slice(next).map((one) => one.value)) : UNKNOWN;
        next = positional.length;
      } else if (target.kind === "name" && named.has(target.name)) value = named.get(target.name);
      else value = positional[next++]?.value;
      value ??= parameter.default !== null
        ? this.evaluate(parameter.default, inner)
        : isMissingKnown && !named.has("**")
        ? { kind: "path", path: "@missing" }
        : UNKNOWN;
      this.assignParameter(target, value, inner);
    });
  }

  private assignParameter(target: Target, value: Value, inner: Scope): void {
    if (target.kind === "name") {
      if (inner.names?.declared.has(target.name)) inner.set(target.name, value);
      else inner.values.set(target.name, value);
    } else this.assign(target, value, inner);
  }

  /** Functions that nothing in the file calls are run with their defaults. */
  private runUncalled(): void {
    for (let round = 0; round < 5; round++) {
      const bodies = [...this.functions.keys()].filter((body) => !this.called.has(body));
      for (const body of bodies) {
        for (const one of this.functions.get(body) ?? []) this.invoke(one, [], false);
      }
      let isNew = bodies.length > 0;
      for (const { value, instances } of this.classes) {
        const methods = [...value.fields.values()].filter((field) => field.kind === "function")
          .filter(({ body }) => !this.called.has(body));
        if (methods.length === 0) continue;
        isNew = true;
        if (instances.length === 0) {
          const object: ObjectValue = { kind: "object", of: value, fields: new Map() };
          const made = this.field(object, "__init__") ?? this.field(object, "constructor");
          if (made?.kind === "function") this.invoke({ ...made, self: object }, [], false);
          instances.push(object);
        }
        const left = methods.filter(({ body }) => !this.called.has(body));
        for (const method of left) {
          for (const self of instances) this.invoke({ ...method, self }, [], false);
        }
      }
      if (!isNew) return;
    }
  }

  // --- expressions --------------------------------------------------------------------------------

  /** The value of an expression. */
  evaluate(one: Expression, scope: Scope): Value {
    this.step();
    this.enter();
    const value = this.valueOf(one, scope);
    this.depth--;
    return value;
  }

  private valueOf(one: Expression, scope: Scope): Value {
    switch (one.kind) {
      case "text": {
        const [only] = one.parts;
        if (one.parts.length === 1 && typeof only === "string" && one.lastLine === one.line) {
          return {
            kind: "text",
            text: only.replaceAll(HOLE, "").slice(0, 4000),
            from: [one.line],
            isMade: false,
          };
        }
        const parts = one.parts.map((part) =>
          typeof part === "string"
            ? textOf(part, [one.line], one.parts.length > 1)
            : asText(this.evaluate(part, scope))
        );
        const isMultiline = one.lastLine > one.line;
        const text = concatenate(parts, [one.line]);
        return this.assembled(isMultiline ? { ...text, isMade: true } : text, one.line);
      }
      case "number":
        return { kind: "number", value: one.value, digits: one.digits, from: [one.line] };
      case "truth":
        return { kind: "truth", value: one.value };
      case "name":
        return scope.get(one.name) ?? { kind: "path", path: one.name };
      case "path":
        return { kind: "path", path: one.path };
      case "member":
        return this.member(this.evaluate(one.object, scope), one.name, one.line);
      case "item":
        return this.item(this.evaluate(one.object, scope), this.evaluate(one.key, scope));
      case "operation":
        return this.operation(one, scope);
      case "call":
        return this.call(one, scope);
      case "list": {
        const items = one.items.flatMap((item) => this.spread(item, scope));
        return listOf(items.slice(0, this.limits.items));
      }
      case "dictionary":
        return this.dictionary(one, scope);
      case "comprehension":
        return this.comprehension(one, scope);
      case "function":
        return this.functionOf(one, scope, null);
      case "default": {
        const value = this.evaluate(one.value, scope);
        const isMissing = this.isNone(value) ||
          (value.kind === "path" && (this.language === "shell" || FROM_OUTSIDE.test(value.path))) ||
          (value.kind === "text" && value.text === "");
        if (isMissing) return this.evaluate(one.otherwise, scope);
        if (value.kind === "unknown" || value.kind === "path") this.evaluate(one.otherwise, scope);
        return value.kind === "truth" && !value.value ? this.evaluate(one.otherwise, scope) : value;
      }
      case "condition": {
        const test = this.truth(this.evaluate(one.test, scope));
        if (test !== null) return this.evaluate(test ? one.then : one.otherwise, scope);
        this.perhaps(() => {
          this.evaluate(one.then, scope);
          this.evaluate(one.otherwise, scope);
        });
        return UNKNOWN;
      }
      case "assignment": {
        const value = this.evaluate(one.value, scope);
        this.assign(one.target, value, scope);
        return value;
      }
      case "unknown":
        for (const part of one.parts) this.evaluate(part, scope);
        return UNKNOWN;
    }
  }

  private spread(one: Expression, scope: Scope): Value[] {
    if (one.kind !== "call" || one.callee.kind !== "name" || one.callee.name !== "@spread") {
      return [this.evaluate(one, scope)];
    }
    const inner = one.arguments[0]?.value;
    const value = inner === undefined ? UNKNOWN : this.evaluate(inner, scope);
    return this.elements(value) ?? [UNKNOWN];
  }

  private dictionary(
    one: Extract<Expression, { kind: "dictionary" }>,
    scope: Scope,
  ): DictionaryValue {
    const value: DictionaryValue = { kind: "dictionary", entries: new Map(), isOpen: false };
    for (const { key, value: expression } of one.entries.slice(0, this.limits.items)) {
      const of = this.evaluate(expression, scope);
      if (key === null) {
        if (of.kind === "dictionary") {
          for (const [name, entry] of of.entries) value.entries.set(name, entry);
          value.isOpen ||= of.isOpen;
        } else value.isOpen = true;
        continue;
      }
      const name = asText(this.evaluate(key, scope));
      if (isWhole(name)) value.entries.set(name.text, of);
      else value.isOpen = true;
    }
    return value;
  }

  private comprehension(one: Extract<Expression, { kind: "comprehension" }>, scope: Scope): Value {
    const items: Value[] = [];
    const keys: string[] = [];
    let isKnown = true;
    const turn = (level: number, inner: Scope): void => {
      this.step();
      const loop = one.loops[level];
      if (loop === undefined) {
        const test = one.condition === null
          ? true
          : this.truth(this.evaluate(one.condition, inner));
        if (test === false) return;
        if (test === null) isKnown = false;
        if (one.key !== null) keys.push(asText(this.evaluate(one.key, inner)).text);
        items.push(this.evaluate(one.body, inner));
        return;
      }
      const values = this.elements(this.evaluate(loop.values, inner));
      if (values === null || values.length > this.limits.items) {
        isKnown = false;
        const next = new Scope(inner, null);
        this.bind(loop.target, UNKNOWN, next, inner);
        return turn(level + 1, next);
      }
      for (const value of values) {
        if (items.length >= this.limits.items) return;
        const next = new Scope(inner, null);
        this.bind(loop.target, value, next, inner);
        turn(level + 1, next);
      }
    };
    turn(0, scope);
    if (one.key === null) return isKnown ? listOf(items) : UNKNOWN;
    if (!isKnown) return UNKNOWN;
    return {
      kind: "dictionary",
      entries: new Map(keys.map((key, at) => [key, items[at] ?? UNKNOWN])),
      isOpen: keys.some((key) => key.includes(HOLE)),
    };
  }

  private operation(one: Extract<Expression, { kind: "operation" }>, scope: Scope): Value {
    const left = this.evaluate(one.left, scope);
    if (one.operator === "and") {
      const test = this.truth(left);
      if (test === false) return left;
      const right = this.evaluate(one.right, scope);
      return test === true ? right : UNKNOWN;
    }
    const right = this.evaluate(one.right, scope);
    return this.operate(one.operator, left, right, one.line);
  }

  private operate(operator: string, left: Value, right: Value, line: number): Value {
    const isText = left.kind === "text" || right.kind === "text" || left.kind === "url";
    const lists = left.kind === "list" || right.kind === "list";
    switch (operator) {
      case "+":
        if (left.kind === "list" && right.kind === "list") {
          return listOf([...left.items, ...right.items].slice(0, this.limits.items));
        }
        if (left.kind === "number" && right.kind === "number") {
          return numberOf(left.value + right.value, joinLines([left.from, right.from]));
        }
        return isText
          ? this.assembled(concatenate([asText(left), asText(right)], [line]), line)
          : UNKNOWN;
      case "join*":
        if (left.kind === "number" && right.kind === "number") {
          return numberOf(left.value * right.value, joinLines([left.from, right.from]));
        }
        return isText
          ? this.assembled(concatenate([asText(left), asText(right)], [line]), line)
          : UNKNOWN;
      case ".join*":
        return this.vectorized(
          [left, right],
          (values) => this.operate("join*", values[0]!, values[1]!, line),
        );
      case "%":
        if (left.kind === "text") {
          if (right.kind === "dictionary") {
            return this.assembled(printf(left, [], right.entries), line);
          }
          const values = right.kind === "list" ? right.items : [right];
          return this.assembled(printf(left, values, null), line);
        }
        if (left.kind === "url" && right.kind === "dictionary") {
          return { ...left, query: queryOf(right) };
        }
        return this.calculate(operator, left, right);
      case "/":
        if (left.kind === "url") {
          return { ...left, base: joinPaths([left.base, asText(right)], [line]) };
        }
        return this.calculate(operator, left, right);
      case "==":
      case "===":
      case "is":
      case "!=":
      case "!==":
      case "is not": {
        const isSame = this.isSame(left, right);
        if (isSame === null) return UNKNOWN;
        return {
          kind: "truth",
          value: operator.startsWith("!") || operator === "is not" ? !isSame : isSame,
        };
      }
      case "in":
      case "not in":
      case "%in%": {
        const items = right.kind === "dictionary" && !right.isOpen
          ? [...right.entries.keys()].map((key) => textOf(key, []))
          : right.kind === "list"
          ? right.items
          : null;
        if (items === null) return UNKNOWN;
        const found = items.map((item) => this.isSame(left, item));
        if (found.includes(true)) return { kind: "truth", value: operator !== "not in" };
        return found.includes(null) ? UNKNOWN : { kind: "truth", value: operator === "not in" };
      }
      default:
        if (lists && this.language === "r") {
          return this.vectorized(
            [left, right],
            (values) => this.operate(operator, values[0]!, values[1]!, line),
          );
        }
        return this.calculate(operator.replace(/^number/, ""), left, right);
    }
  }

  private calculate(operator: string, left: Value, right: Value): Value {
    if (left.kind !== "number" || right.kind !== "number") return UNKNOWN;
    const [one, other] = [left.value, right.value];
    const lines = joinLines([left.from, right.from]);
    const truth = (value: boolean): Value => ({ kind: "truth", value });
    switch (operator) {
      case "+":
        return numberOf(one + other, lines);
      case "-":
        return numberOf(one - other, lines);
      case "*":
        return numberOf(one * other, lines);
      case "//":
      case "%/%":
        return other === 0 ? UNKNOWN : numberOf(Math.floor(one / other), lines);
      case "%":
      case "%%":
        return other === 0 ? UNKNOWN : numberOf(((one % other) + other) % other, lines);
      case "<":
        return truth(one < other);
      case "<=":
        return truth(one <= other);
      case ">":
        return truth(one > other);
      case ">=":
        return truth(one >= other);
      default:
        return UNKNOWN;
    }
  }

  private isSame(left: Value, right: Value): boolean | null {
    if (this.isNone(left) || this.isNone(right)) {
      if (this.isNone(left) && this.isNone(right)) return true;
      const other = this.isNone(left) ? right : left;
      return other.kind === "unknown" || other.kind === "path" ? null : false;
    }
    if (left.kind === "truth" && right.kind === "truth") return left.value === right.value;
    if (left.kind === "number" && right.kind === "number") return left.value === right.value;
    if (left.kind === "text" && right.kind === "text" && isWhole(left) && isWhole(right)) {
      return left.text === right.text;
    }
    return null;
  }

  /** A value as a condition; null where it is not known. */
  truth(value: Value): boolean | null {
    if (value.kind === "truth") return value.value;
    if (value.kind === "number") return value.value !== 0;
    if (value.kind === "text" && isWhole(value)) return value.text !== "";
    return this.isNone(value) ? false : null;
  }

  /** Whether a value is the language's nothing. */
  isNone(value: Value): boolean {
    return value.kind === "path" && NONE.test(value.path);
  }

  /** The elements of a value that can be gone through; null where they are not known. */
  elements(value: Value): Value[] | null {
    switch (value.kind) {
      case "list":
        return value.items;
      case "dictionary":
        if (value.isOpen) return null;
        if (this.language === "julia") {
          return [...value.entries].map(([key, of]) =>
            listOf([textOf(key, linesOf(of), false), of])
          );
        }
        if (this.language === "javascript") {
          // a Map; an object cannot be gone through
          return [...value.entries].map(([key, of]) => listOf([textOf(key, [], false), of]));
        }
        return [...value.entries].map(([key, of]) => textOf(key, linesOf(of), false));
      case "text":
        return this.language === "r" || this.language === "shell" ? [value] : null;
      case "number":
        return this.language === "r" || this.language === "shell" ? [value] : null;
      default:
        return null;
    }
  }

  /** Runs for every element of the lists among the values; others are the same for each. */
  vectorized(values: Value[], run: (values: Value[]) => Value): Value {
    const lists = values.filter((value) => value.kind === "list");
    const longest = Math.max(0, ...lists.map(({ items }) => items.length));
    if (lists.length === 0) return run(values);
    if (longest > this.limits.items) return UNKNOWN;
    const items: Value[] = [];
    for (let at = 0; at < longest; at++) {
      this.step();
      items.push(
        run(
          values.map((value) =>
            value.kind === "list"
              ? value.items[at % Math.max(1, value.items.length)] ?? UNKNOWN
              : value
          ),
        ),
      );
    }
    return {
      kind: "list",
      items,
      names: lists.find(({ items: { length } }) => length === longest)?.names ?? null,
    };
  }

  /** A value's member: a field, a key, a part of a path that is not known. */
  member(object: Value, name: string, line: number): Value {
    switch (object.kind) {
      case "path":
        return { kind: "path", path: `${object.path}.${name}` };
      case "object":
      case "class": {
        const found = this.field(object, name);
        if (found?.kind === "function") return { ...found, self: object };
        return found ?? UNKNOWN;
      }
      case "dictionary":
        return object.entries.get(name) ?? UNKNOWN;
      case "list":
        return this.named(object, name) ??
          (name === "length" ? numberOf(object.items.length, []) : UNKNOWN);
      case "url":
        if (name === "href" || name === "url") return this.assembled(asText(object), line);
        if (name === "searchParams" || name === "query") return object.query;
        if (name === "origin") {
          const origin = /^[a-z]+:\/\/[^/?#]*/i.exec(object.base.text)?.[0] ?? HOLE;
          return textOf(origin, object.base.from);
        }
        return UNKNOWN;
      case "text":
        // the value of an enumeration's member
        return name === "value" ? object : UNKNOWN;
      case "client":
        return CLIENT_MEMBERS.has(name) ? { ...object, member: name } : UNKNOWN;
      default:
        return UNKNOWN;
    }
  }

  private named(list: Extract<Value, { kind: "list" }>, name: string): Value | undefined {
    const at = list.names?.indexOf(name) ?? -1;
    return at < 0 ? undefined : list.items[at];
  }

  private item(object: Value, key: Value): Value {
    if (object.kind === "path") {
      const path = /(?:^|\.)(?:environ|ENV|env)$/.test(object.path)
        ? "@environment"
        : `${object.path}[]`;
      return { kind: "path", path };
    }
    if (object.kind === "dictionary" || object.kind === "object") {
      const name = asText(key);
      if (!isWhole(name)) return UNKNOWN;
      return (object.kind === "dictionary" ? object.entries : object.fields).get(name.text) ??
        UNKNOWN;
    }
    if (object.kind !== "list") {
      // in R and in shells one value is a list of one
      const isFirst = key.kind === "number" && key.value === (this.language === "r" ? 1 : 0);
      return object.kind === "text" && isFirst && this.language !== "javascript" &&
          this.language !== "python"
        ? object
        : UNKNOWN;
    }
    if (key.kind === "text") {
      const index = /^-?\d+$/.test(key.text) ? Number(key.text) : null;
      return this.named(object, key.text) ??
        (index === null ? UNKNOWN : object.items.at(index) ?? UNKNOWN);
    }
    if (key.kind === "list" && this.language === "r") {
      return listOf(key.items.map((one) => this.item(object, one)));
    }
    if (key.kind !== "number") return UNKNOWN;
    const isFromOne = this.language === "r" || this.language === "julia";
    const at = isFromOne ? key.value - 1 : key.value;
    if (at < 0 && this.language !== "python") return UNKNOWN;
    return object.items.at(at) ?? UNKNOWN;
  }

  // --- calls --------------------------------------------------------------------------------------

  private call(one: Extract<Expression, { kind: "call" }>, scope: Scope): Value {
    const { callee, line } = one;
    const given = this.given(one.arguments, scope);
    if (callee.kind === "member") {
      const object = this.evaluate(callee.object, scope);
      const done = this.callMethod(object, callee.name, given, callee.line || line, scope);
      if (done !== undefined) return done;
      return this.callValue(
        this.member(object, callee.name, line),
        given,
        line,
        scope,
        callee.name,
      );
    }
    const value = this.evaluate(callee, scope);
    if (
      one.isVectorized && this.language === "julia" &&
      given.some(({ value }) => value.kind === "list")
    ) {
      return this.vectorized(
        given.map((argument) => argument.value),
        (values) =>
          this.callValue(
            value,
            given.map((argument, at) => ({ ...argument, value: values[at]! })),
            line,
            scope,
          ),
      );
    }
    return this.callValue(value, given, line, scope);
  }

  private given(list: Argument[], scope: Scope): Given[] {
    return list.flatMap(({ name, value }): Given[] => {
      const { line } = value;
      if (name === "**") {
        const of = this.evaluate(value, scope);
        return of.kind === "dictionary" && !of.isOpen
          ? [...of.entries].map(([key, entry]) => ({ name: key, value: entry, line }))
          : [{ name: "**", value: of, line }];
      }
      if (name !== null) return [{ name, value: this.evaluate(value, scope), line }];
      return this.spread(value, scope).map((of) => ({ name: null, value: of, line }));
    });
  }

  /** Calls whatever a value is. */
  callValue(
    value: Value,
    given: Given[],
    line: number,
    scope: Scope,
    method?: string,
  ): Value {
    switch (value.kind) {
      case "function":
        return this.invoke(value, given);
      case "class":
        return this.instantiate(value, given);
      case "path":
        return this.callPath(value.path, given, line, scope);
      case "client":
        return this.callMethod(value, "@call", given, line, scope) ?? UNKNOWN;
      default:
        return this.request(method ?? "", given, line);
    }
  }

  private callPath(path: string, given: Given[], line: number, scope: Scope): Value {
    const call = this.callOf(given, line, scope);
    const client = CLIENTS.find(({ constructors }) =>
      constructors.some((name) => path === name || path.endsWith(`.${name}`))
    );
    if (client !== undefined) {
      const made = this.clientOf(client, call);
      if (made !== undefined) return made;
    }
    for (const table of [FUNCTIONS[this.language], FUNCTIONS.any]) {
      for (let name = path; table !== undefined;) {
        const own = Object.hasOwn(table, name) ? table[name] : undefined;
        const value = own?.(call);
        if (value !== undefined) return value.kind === "text" ? this.assembled(value, line) : value;
        const dot = name.indexOf(".");
        // a module's name may be an alias; a bare "get" or "map" says too little
        if (dot < 0) break;
        name = name.slice(dot + 1);
      }
    }
    return this.request(path, given, line);
  }

  private callOf(given: Given[], line: number, scope: Scope): Call {
    const named = new Map<string, Value>();
    for (const { name, value } of given) if (name !== null) named.set(name, value);
    const args = given.filter(({ name }) => name === null).map(({ value }) => value);
    return { language: this.language, args, named, given, line, scope, evaluator: this };
  }

  private clientOf(client: Client, { args, named, line }: Call): Value | undefined {
    const { at, names } = client.site;
    const given = names.map((name) => named.get(name)).find((value) => value !== undefined) ??
      args[at];
    if (given === undefined) return undefined;
    const text = asText(given);
    if (!isWhole(text) || !text.text.includes(".")) return undefined;
    const site = { ...text, text: siteUrl(text.text) };
    const own = client.methods["@constructor"];
    if (own !== undefined) {
      const id = own.names.map((name) => named.get(name)).find((value) => value !== undefined);
      if (id !== undefined) this.useClient(own.url, site, asText(id), line);
    }
    return { kind: "client", client, site, member: null };
  }

  /** Notes the request of a client library. */
  useClient(url: string, site: TextValue, id: TextValue, line: number): void {
    const text = url.replace("{site}", () => site.text).replace("{id}", () => encodeId(id.text));
    this.use(textOf(text, joinLines([site.from, id.from, [line]])), line);
  }

  /** Undefined where the tables have no such method for what the object is. */
  private callMethod(
    object: Value,
    name: string,
    given: Given[],
    line: number,
    scope: Scope,
  ): Value | undefined {
    const call = this.callOf(given, line, scope);
    if (object.kind === "client") {
      const { client, site } = object;
      const method = Object.hasOwn(client.methods, name) ? client.methods[name] : undefined;
      if (method !== undefined) {
        const id = method.names.map((one) =>
          call.named.get(one)
        ).find((one) => one !== undefined) ??
          call.args[method.at];
        if (id !== undefined) {
          const ids = id.kind === "list" ? id.items : [id];
          for (const one of ids) this.useClient(method.url, site, asText(one), line);
        }
        return UNKNOWN;
      }
      if (client.actions !== undefined) return this.action(object, name, call);
      return CLIENT_MEMBERS.has(name) ? { ...object, member: name } : UNKNOWN;
    }
    const methods = METHODS[object.kind];
    const handler = methods !== undefined && Object.hasOwn(methods, name)
      ? methods[name]
      : undefined;
    const value = handler?.(object as never, call);
    return value?.kind === "text" ? this.assembled(value, line) : value;
  }

  /** `portal.action.package_show(id="x")`, `portal.call_action("package_show", {"id": "x"})`. */
  private action(object: Extract<Value, { kind: "client" }>, name: string, call: Call): Value {
    let action = name;
    let query = queryOf({ kind: "dictionary", entries: call.named, isOpen: call.named.has("**") });
    if (name === "call_action" || (object.member === null && name === "action")) {
      const [first, second] = call.args;
      action = first === undefined ? HOLE : asText(first).text;
      const data = second ?? call.named.get("data_dict");
      query = queryOf(data ?? { kind: "dictionary", entries: new Map(), isOpen: true });
    } else if (object.member !== "action") return UNKNOWN;
    const base = textOf(
      object.site.text + "/api/3/action/" + action,
      joinLines([object.site.from, [call.line]]),
    );
    this.use(withQuery(base, query), call.line);
    return UNKNOWN;
  }

  /** A call that is not known: what it is given may be an address that it asks for. */
  request(path: string, given: Given[], line: number): Value {
    if (NOT_USES.test(path)) return UNKNOWN;
    const address = given.find(({ value, name }) =>
      (value.kind === "text" || value.kind === "url") && isAddress(asText(value).text) &&
      (name === null || /^(?:url|uri|href|base_?url|input|path|file|endpoint)$/i.test(name))
    );
    const query = this.queryIn(path, given, address);
    for (const one of given) {
      if (one === address) {
        const text = asText(one.value);
        this.use(query === null ? one.value : withQuery(text, query), one.line || line);
      } else this.useAll(one.value, one.line || line, 0);
    }
    return UNKNOWN;
  }

  /** Addresses inside of what a call is given: `axios({ url, params })`. */
  private useAll(value: Value, line: number, depth: number): void {
    if (depth > 3) return;
    if (value.kind === "dictionary") {
      const address = value.entries.get("url") ?? value.entries.get("uri");
      const base = value.entries.get("baseURL");
      if (address !== undefined) {
        const params = value.entries.get("params") ?? value.entries.get("qs");
        const text = base === undefined || isAddress(asText(address).text)
          ? asText(address)
          : joinPaths([asText(base), {
            ...asText(address),
            text: asText(address).text.replace(/^\/+/, ""),
          }], [line]);
        this.use(params === undefined ? text : withQuery(text, queryOf(params)), line);
        return;
      }
      for (const entry of value.entries.values()) this.useAll(entry, line, depth + 1);
    } else if (value.kind === "list") {
      for (const item of value.items) this.useAll(item, line, depth + 1);
    } else this.use(value, line);
  }

  /** The query that a call puts behind its address; null where there is none. */
  private queryIn(path: string, given: Given[], address: Given | undefined) {
    if (address === undefined) return null;
    const named = given.find(({ name }) => name === "params" || name === "query");
    if (named !== undefined && !this.isNone(named.value)) return queryOf(named.value);
    const isAction = /\/api\/(?:\d\/)?action\/\w*$/.test(asText(address.value).text);
    const data = given.find(({ name }) => name === "json" || name === "data" || name === "body");
    if (isAction && data?.value.kind === "dictionary") return queryOf(data.value);
    if (
      this.language === "shell" &&
      given.some(({ value }) => /^(?:-[a-zA-Z]*G|--get)$/.test(asText(value).text))
    ) {
      return this.curlQuery(given);
    }
    if (this.language !== "javascript") return null;
    const isJquery = /^(?:\$|jQuery)\./.test(path);
    for (const { value } of given) {
      if (value.kind !== "dictionary") continue;
      const query = ["params", "searchParams", "query", "qs"].map((name) => value.entries.get(name))
        .find((one) => one !== undefined);
      if (query !== undefined) return queryOf(query);
      if (isJquery) {
        return path.endsWith("ajax")
          ? queryOf(value.entries.get("data") ?? listOf([]))
          : queryOf(value);
      }
      if (isAction && value.entries.has("resource_id")) return queryOf(value);
    }
    return null;
  }

  private curlQuery(given: Given[]) {
    const query = queryOf(listOf([]));
    given.forEach(({ value }, at) => {
      if (!/^(?:-d|--data|--data-urlencode|--data-raw)$/.test(asText(value).text)) return;
      const next = given[at + 1]?.value;
      if (next !== undefined) query.pairs.push(...queryOf(asText(next)).pairs);
    });
    return query;
  }

  // --- limits -------------------------------------------------------------------------------------

  /** Counts a step of work. */
  step(): void {
    this.steps++;
    if (this.steps > this.limits.steps) throw new Exhausted();
    if (this.steps % 1024 === 0 && performance.now() > this.deadline) throw new Exhausted();
  }

  private enter(): void {
    this.depth++;
    if (this.depth > this.limits.depth) throw new Exhausted();
  }

  /** The longest list that is made. */
  get longest(): number {
    return this.limits.items;
  }

  /** Whether what is being evaluated may not run. */
  get isUncertain(): boolean {
    return this.uncertain > 0;
  }

  /** A format specification applied. */
  format(value: Value, spec: Value): TextValue {
    return formatValue(value, asText(spec).text);
  }
}

function encodeId(id: string): string {
  return id.split(HOLE).map((part) => encodeURIComponent(part.toWellFormed())).join(HOLE);
}
