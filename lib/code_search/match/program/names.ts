/**
 * Where names belong, and which of them resolve to nothing: a variable that is assigned twice, or
 * in a branch, may have several values, so none is taken.
 *
 * @module
 */
import type { Expression, Parameter, Statement, Target } from "./program.ts";
import type { Names } from "./values.ts";

/** The names of every body of a program, and the loops whose variable is assigned inside. */
export interface ProgramNames {
  of: Map<Statement[], Names>;
  changedInLoop: Map<Statement, Set<string>>;
}

interface Static {
  counts: Map<string, { count: number; isBranch: boolean }>;
  parent: Static | null;
  loops: { statement: Statement; names: Set<string> }[];
}

/** Finds out where the names of a program belong, in one visit. */
export function namesOf(program: Statement[]): ProgramNames {
  const statics = new Map<Statement[], Static>();
  const changedInLoop = new Map<Statement, Set<string>>();
  const elsewhere: { name: string; from: Static; isBranch: boolean }[] = [];

  const open = (body: Statement[], parent: Static | null, parameters: Parameter[]): Static => {
    const scope: Static = { counts: new Map(), parent, loops: [] };
    statics.set(body, scope);
    for (const { target } of parameters) declare(scope, target, false, 1);
    return scope;
  };
  const declare = (scope: Static, target: Target, isBranch: boolean, count: number) => {
    for (const name of targetNames(target)) {
      const known = scope.counts.get(name);
      if (known === undefined) scope.counts.set(name, { count, isBranch });
      else {
        known.count += count;
        known.isBranch ||= isBranch;
      }
    }
  };
  const changes = (scope: Static, target: Target) => {
    for (const name of targetNames(target)) {
      for (let at: Static | null = scope; at !== null; at = at.parent) {
        for (const { statement, names } of at.loops) {
          if (!names.has(name)) continue;
          const changed = changedInLoop.get(statement) ?? new Set();
          changedInLoop.set(statement, changed.add(name));
        }
        if (at.counts.has(name)) break;
      }
    }
  };
  const assign = (
    scope: Static,
    target: Target,
    declares: boolean,
    isBranch: boolean,
    count: number,
  ) => {
    changes(scope, target);
    if (declares) declare(scope, target, isBranch, count);
    else {
      for (const name of targetNames(target)) {
        for (let time = 0; time < count; time++) elsewhere.push({ name, from: scope, isBranch });
      }
    }
    partsOf(target).forEach((part) => expression(part, scope));
  };
  const block = (body: Statement[], scope: Static, isBranch: boolean) => {
    for (const one of body) statement(one, scope, isBranch);
  };
  const statement = (one: Statement, scope: Static, isBranch: boolean) => {
    switch (one.kind) {
      case "assign": {
        // an import may be tried in two ways
        const count = one.line === 0 || one.isImport ? 0 : 1;
        assign(scope, one.target, one.declares, isBranch && count > 0, count);
        return expression(one.value, scope);
      }
      case "change":
        assign(scope, one.target, one.declares, isBranch, 2);
        return one.parts.forEach((part) => expression(part, scope));
      case "expression":
        return expression(one.value, scope);
      case "return":
        return one.value === null ? undefined : expression(one.value, scope);
      case "loop": {
        expression(one.values, scope);
        changes(scope, one.target);
        scope.loops.push({ statement: one, names: new Set(targetNames(one.target)) });
        block(one.body, scope, isBranch);
        scope.loops.pop();
        return;
      }
      case "repeat":
        one.parts.forEach((part) => expression(part, scope));
        return block(one.body, scope, isBranch);
      case "branch": {
        expression(one.test, scope);
        const isSure = one.test.kind === "truth" && one.test.value;
        block(one.then, scope, isBranch || !isSure);
        return block(one.otherwise, scope, true);
      }
      case "perhaps":
        return block(one.body, scope, true);
      case "scope":
        return block(one.body, open(one.body, scope, []), false);
      case "function":
        declare(scope, { kind: "name", name: one.name }, isBranch, 1);
        return body(one, scope);
      case "class":
        declare(scope, { kind: "name", name: one.name }, isBranch, 1);
        if (one.base !== null) expression(one.base, scope);
        return block(one.body, open(one.body, scope, []), false);
    }
  };
  const body = (one: { parameters: Parameter[]; body: Statement[] }, scope: Static) => {
    for (const parameter of one.parameters) {
      if (parameter.default !== null) expression(parameter.default, scope);
    }
    block(one.body, open(one.body, scope, one.parameters), false);
  };
  const expression = (one: Expression, scope: Static): void => {
    switch (one.kind) {
      case "function":
        return body(one, scope);
      case "assignment":
        assign(scope, one.target, true, false, 1);
        return expression(one.value, scope);
      default:
        for (const part of childrenOf(one)) expression(part, scope);
    }
  };

  const root = open(program, null, []);
  block(program, root, false);
  for (const { name, from, isBranch } of elsewhere) {
    let at: Static = from;
    while (!at.counts.has(name) && at.parent !== null) at = at.parent;
    declare(at, { kind: "name", name }, isBranch, 1);
  }
  const of = new Map<Statement[], Names>();
  for (const [body, { counts }] of statics) {
    const declared = new Map<string, boolean>();
    for (const [name, { count, isBranch }] of counts) declared.set(name, count > 1 || isBranch);
    of.set(body, { declared });
  }
  return { of, changedInLoop };
}

/** The expressions directly inside an expression. */
export function childrenOf(one: Expression): Expression[] {
  switch (one.kind) {
    case "text":
      return one.parts.filter((part) => typeof part !== "string");
    case "member":
      return [one.object];
    case "item":
      return [one.object, one.key];
    case "operation":
      return [one.left, one.right];
    case "call":
      return [one.callee, ...one.arguments.map(({ value }) => value)];
    case "list":
      return one.items;
    case "dictionary":
      return one.entries.flatMap(({ key, value }) => key === null ? [value] : [key, value]);
    case "comprehension":
      return [
        ...one.loops.map(({ values }) => values),
        ...[one.condition, one.key].filter((part) => part !== null),
        one.body,
      ];
    case "default":
      return [one.value, one.otherwise];
    case "condition":
      return [one.test, one.then, one.otherwise];
    case "unknown":
      return one.parts;
    default:
      return [];
  }
}

/** The names that a target assigns to. */
export function targetNames(target: Target): string[] {
  switch (target.kind) {
    case "name":
      return [target.name];
    case "list":
      return target.targets.flatMap(targetNames);
    case "keys":
      return target.targets.flatMap((one) => targetNames(one.target));
    default:
      return [];
  }
}

function partsOf(target: Target): Expression[] {
  return target.kind === "member"
    ? [target.object]
    : target.kind === "item"
    ? [target.object, target.key]
    : [];
}

/** The fields of `self` or `this` that methods assign twice, or in a branch. */
export function unsettledFields(body: Statement[]): Set<string> {
  const counts = new Map<string, number>();
  const visit = (statements: Statement[], isBranch: boolean) => {
    for (const one of statements) {
      if ((one.kind === "assign" || one.kind === "change") && one.target.kind === "member") {
        const { object, name } = one.target;
        if (object.kind === "name" && /^(?:self|this|cls)$/.test(object.name)) {
          const times = isBranch || one.kind === "change" ? 2 : 1;
          counts.set(name, (counts.get(name) ?? 0) + times);
        }
      }
      if (one.kind === "branch") {
        visit(one.then, true);
        visit(one.otherwise, true);
      } else if (one.kind === "perhaps") visit(one.body, true);
      else if ("body" in one) visit(one.body, isBranch);
    }
  };
  visit(body, false);
  return new Set([...counts].filter(([, count]) => count > 1).map(([name]) => name));
}
