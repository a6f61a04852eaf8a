/**
 * What the evaluator knows of a value. Parts of a text that are not known are holes; every value
 * remembers the lines it was made from.
 *
 * @module
 */
import type { Parameter, Statement } from "./program.ts";
import type { Client } from "./clients.ts";

/** Takes the place of what is not known in a text. */
export const HOLE = "\ufffc";

/** A text; `isMade` where no single literal holds it. */
export interface TextValue {
  kind: "text";
  text: string;
  from: readonly number[];
  isMade: boolean;
}

/** A number, with its digits as written. */
export interface NumberValue {
  kind: "number";
  value: number;
  digits: string;
  from: readonly number[];
}

/** A list; `names` where elements have some, as in R. */
export interface ListValue {
  kind: "list";
  items: Value[];
  names: (string | null)[] | null;
}

/** A dictionary; `isOpen` where it may have more than is known. */
export interface DictionaryValue {
  kind: "dictionary";
  entries: Map<string, Value>;
  isOpen: boolean;
}

/** The query of a URL that is put together by calls. */
export interface QueryValue {
  kind: "query";
  pairs: [string, Value][];
  isOpen: boolean;
}

/** A URL object; what is set on it changes it. */
export interface UrlValue {
  kind: "url";
  base: TextValue;
  query: QueryValue;
}

/** A function of the file. */
export interface FunctionValue {
  kind: "function";
  parameters: Parameter[];
  body: Statement[];
  scope: Scope;
  self: Value | null;
}

/** A class of the file. */
export interface ClassValue {
  kind: "class";
  name: string;
  base: Value | null;
  fields: Map<string, Value>;
  /** Fields that are assigned twice, or in a branch. */
  unsettled: Set<string>;
}

/** An instance of a class of the file. */
export interface ObjectValue {
  kind: "object";
  of: ClassValue;
  fields: Map<string, Value>;
}

/** A name that is not defined in the file: `requests.get`. */
export interface PathValue {
  kind: "path";
  path: string;
}

/** A client of a known library, with the site it talks to. */
export interface ClientValue {
  kind: "client";
  client: Client;
  site: TextValue;
  /** What was reached through it: `action` of `portal.action`. */
  member: string | null;
}

/** Anything. */
export type Value =
  | TextValue
  | NumberValue
  | { kind: "truth"; value: boolean }
  | ListValue
  | DictionaryValue
  | QueryValue
  | UrlValue
  | FunctionValue
  | ClassValue
  | ObjectValue
  | PathValue
  | ClientValue
  | { kind: "unknown" };

/** A value of which nothing is known. */
export const UNKNOWN: Value = { kind: "unknown" };

/** Longer texts are no URLs. */
export const LONGEST_TEXT = 4000;
const MOST_LINES = 40;

/** A text of the code. */
export function textOf(text: string, from: readonly number[], isMade = true): TextValue {
  return { kind: "text", text: text.slice(0, LONGEST_TEXT), from, isMade };
}

/** A number that was computed. */
export function numberOf(value: number, from: readonly number[]): NumberValue {
  return { kind: "number", value, digits: String(value), from };
}

/** A list without names. */
export function listOf(items: Value[]): ListValue {
  return { kind: "list", items, names: null };
}

/** The lines a value was made from. */
export function linesOf(value: Value): readonly number[] {
  if (value.kind === "text" || value.kind === "number") return value.from;
  if (value.kind === "url") return joinLines([value.base.from, linesOf(value.query)]);
  if (value.kind === "query") return joinLines(value.pairs.map(([, of]) => linesOf(of)));
  return [];
}

/** Lines of several values, each once, in order. */
export function joinLines(lists: (readonly number[])[]): readonly number[] {
  const filled = lists.filter((list) => list.length > 0);
  if (filled.length <= 1) return filled[0] ?? [];
  const lines = [...new Set(filled.flat())].sort((one, other) => one - other);
  return lines.slice(0, MOST_LINES);
}

/** A value as text; what is not known is a hole. */
export function asText(value: Value): TextValue {
  switch (value.kind) {
    case "text":
      return value;
    case "number":
      return { kind: "text", text: value.digits, from: value.from, isMade: false };
    case "url":
      return withQuery(value.base, value.query);
    case "query":
      return textOf(writeQuery(value), linesOf(value));
    case "list":
      return value.items.length === 1 ? asText(value.items[0]!) : HOLE_TEXT;
    default:
      return HOLE_TEXT;
  }
}

const HOLE_TEXT: TextValue = { kind: "text", text: HOLE, from: [], isMade: true };

/** Texts put together; of which one alone is not empty, that one. */
export function concatenate(parts: TextValue[], lines: readonly number[]): TextValue {
  const filled = parts.filter(({ text }) => text !== "");
  if (filled.length === 1 && filled[0]!.from.length <= 1) return filled[0]!;
  let text = "";
  for (const part of filled) {
    text += part.text;
    if (text.length > LONGEST_TEXT) break;
  }
  return textOf(text, joinLines([...filled.map(({ from }) => from), lines]));
}

/** Whether a text has no holes. */
export function isWhole(value: TextValue): boolean {
  return !value.text.includes(HOLE);
}

/** A URL with a query put behind it. */
export function withQuery(url: TextValue, query: QueryValue): TextValue {
  const text = writeQuery(query);
  if (text === "") return url;
  const hash = url.text.indexOf("#");
  const base = hash < 0 ? url.text : url.text.slice(0, hash);
  const sign = !base.includes("?") ? "?" : /[?&]$/.test(base) ? "" : "&";
  return textOf(base + sign + text, joinLines([url.from, linesOf(query)]));
}

function writeQuery({ pairs, isOpen }: QueryValue): string {
  const written = pairs.flatMap(([name, value]) =>
    (value.kind === "list" ? value.items : [value]).map((item) =>
      `${encode(name)}=${encode(asText(item).text)}`
    )
  );
  if (isOpen) written.push(HOLE);
  return written.join("&");
}

/** Percent-encoding that leaves holes, and what the comparison of URLs does not need encoded. */
export function encode(text: string): string {
  return text.toWellFormed().split(HOLE).map((part) =>
    encodeURIComponent(part).replaceAll("%24", "$").replaceAll("%2C", ",").replaceAll("%3A", ":")
      .replaceAll("%2F", "/")
  ).join(HOLE);
}

/** The query that a value means: a dictionary, a list of pairs, a text, another query. */
export function queryOf(value: Value): QueryValue {
  const query: QueryValue = { kind: "query", pairs: [], isOpen: false };
  switch (value.kind) {
    case "query":
      return { ...value, pairs: [...value.pairs] };
    case "dictionary":
      query.pairs = [...value.entries];
      query.isOpen = value.isOpen;
      return query;
    case "text":
      for (const pair of value.text.replace(/^\?/, "").split("&")) {
        const at = pair.indexOf("=");
        const name = at < 0 ? pair : pair.slice(0, at);
        if (pair !== "") {
          query.pairs.push([name, textOf(at < 0 ? "" : pair.slice(at + 1), value.from)]);
        }
      }
      return query;
    case "list":
      if (value.names !== null) {
        value.items.forEach((item, at) => {
          const name = value.names?.[at];
          if (name) query.pairs.push([name, item]);
        });
        return query;
      }
      for (const pair of value.items) {
        const [name, of] = pair.kind === "list" ? pair.items : [];
        if (name === undefined || of === undefined) query.isOpen = true;
        else query.pairs.push([asText(name).text, of]);
      }
      return query;
    default:
      query.isOpen = true;
      return query;
  }
}

/** Whether a text begins as an address does. */
export function isAddress(text: string): boolean {
  return /^(?:https?|ftps?):\/\/[^\s/]/i.test(text) || /^\/\/[\w-]+(?:\.[\w-]+)+\//.test(text);
}

/** What is known of the names of a body before it runs. */
export interface Names {
  /** Names that belong here; true where they resolve to nothing. */
  declared: Map<string, boolean>;
}

/** The names of a body while it runs. */
export class Scope {
  readonly values = new Map<string, Value>();

  constructor(readonly parent: Scope | null, readonly names: Names | null) {}

  /** The value of a name; undefined where it belongs to no scope. */
  get(name: string): Value | undefined {
    for (let at: Scope | null = this as Scope; at !== null; at = at.parent) {
      if (at.names === null) {
        const value = at.values.get(name);
        if (value !== undefined) return value;
        continue;
      }
      const isUnsettled = at.names.declared.get(name);
      if (isUnsettled === undefined) continue;
      return isUnsettled ? UNKNOWN : at.values.get(name) ?? UNKNOWN;
    }
    return undefined;
  }

  /** Assigns in the scope that the name belongs to. */
  set(name: string, value: Value): void {
    for (let at: Scope | null = this as Scope; at !== null; at = at.parent) {
      if (at.names?.declared.has(name)) {
        at.values.set(name, value);
        return;
      }
    }
  }
}
