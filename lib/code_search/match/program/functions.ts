/**
 * The functions and methods of the languages that make texts, lists and URLs. What is not in these
 * tables is a call that may use an address.
 *
 * @module
 */
import type { Call, LanguageName } from "./calls.ts";
import { SITE_FUNCTIONS, SITE_SETTERS, type SiteFunction, siteUrl } from "./clients.ts";
import {
  fill,
  formatValue,
  joinPaths,
  pad,
  printf,
  replaced,
  resolveUrl,
  stripped,
} from "./text_functions.ts";
import {
  asText,
  concatenate,
  type DictionaryValue,
  encode,
  HOLE,
  isAddress,
  isWhole,
  joinLines,
  linesOf,
  listOf,
  type ListValue,
  numberOf,
  queryOf,
  type QueryValue,
  textOf,
  type TextValue,
  UNKNOWN,
  type UrlValue,
  type Value,
} from "./values.ts";

/** A function of a table; undefined where it has nothing to say about the call. */
export type Handler = (call: Call) => Value | undefined;

const EMPTY: Value = listOf([]);
const MISSING: Value = { kind: "path", path: "@environment" };

function argument({ args, named }: Call, at: number, ...names: string[]): Value | undefined {
  for (const name of names) {
    const value = named.get(name);
    if (value !== undefined) return value;
  }
  return args[at];
}

/** Numbers from one to another; R and Julia count the last one. */
function range(
  call: Call,
  from: Value | undefined,
  to: Value | undefined,
  by: Value | undefined,
  isClosed: boolean,
): Value {
  if (from?.kind !== "number" || to?.kind !== "number") return UNKNOWN;
  const step = by?.kind === "number" ? by.value : isClosed && from.value > to.value ? -1 : 1;
  const count = step === 0 ? Infinity : (to.value - from.value) / step + (isClosed ? 1e-9 : 0);
  if (!(count < call.evaluator.longest)) return UNKNOWN;
  const width = from.digits.startsWith("0") && from.digits.length > 1 ? from.digits.length : 0;
  const lines = joinLines([from.from, to.from]);
  const items: Value[] = [];
  for (let at = 0; isClosed ? at <= count : at < count; at++) {
    const item = numberOf(from.value + at * step, lines);
    items.push(width === 0 ? item : { ...item, digits: item.digits.padStart(width, "0") });
  }
  return listOf(items);
}

function mapped(call: Call, fn: Value | undefined, ...lists: (Value | undefined)[]): Value {
  if (fn === undefined) return UNKNOWN;
  const { evaluator, line, scope } = call;
  const values = lists.map((list) => list === undefined ? null : evaluator.elements(list));
  const longest = Math.max(0, ...values.map((items) => items?.length ?? 0));
  const turn = (at: number) =>
    evaluator.callValue(
      fn,
      values.map((items) => ({ name: null, value: items?.[at % items.length] ?? UNKNOWN, line })),
      line,
      scope,
    );
  if (values.some((items) => items === null) || longest > evaluator.longest) {
    turn(-1);
    return UNKNOWN;
  }
  const items: Value[] = [];
  for (let at = 0; at < longest; at++) {
    evaluator.step();
    items.push(turn(at));
  }
  const first = lists[0];
  return { kind: "list", items, names: first?.kind === "list" ? first.names : null };
}

function keys(value: Value | undefined): Value {
  if (value?.kind === "dictionary") {
    if (value.isOpen) return UNKNOWN;
    return listOf([...value.entries].map(([key, of]) => textOf(key, linesOf(of), false)));
  }
  if (value?.kind === "list") {
    if (value.names !== null) {
      return listOf(
        value.names.map((name, at) =>
          textOf(name ?? "", linesOf(value.items[at] ?? UNKNOWN), false)
        ),
      );
    }
    return listOf(value.items.map((_, at) => numberOf(at, [])));
  }
  return UNKNOWN;
}

function entryValues(value: Value | undefined): Value {
  if (value?.kind === "dictionary") {
    return value.isOpen ? UNKNOWN : listOf([...value.entries.values()]);
  }
  return value?.kind === "list" ? listOf(value.items) : UNKNOWN;
}

function pairs(value: Value | undefined): Value {
  if (value?.kind !== "dictionary" || value.isOpen) return UNKNOWN;
  return listOf(
    [...value.entries].map(([key, of]) => listOf([textOf(key, linesOf(of), false), of])),
  );
}

function zipped(call: Call, lists: Value[]): Value {
  const all = lists.map((list) => call.evaluator.elements(list));
  if (all.some((items) => items === null)) return UNKNOWN;
  const shortest = Math.min(...all.map((items) => items!.length));
  return listOf(
    Array.from({ length: shortest }, (_, at) => listOf(all.map((items) => items![at]!))),
  );
}

function numbered(call: Call, value: Value | undefined, first: number): Value {
  const items = value === undefined ? null : call.evaluator.elements(value);
  return items === null
    ? UNKNOWN
    : listOf(items.map((item, at) => listOf([numberOf(at + first, []), item])));
}

function sorted(call: Call, value: Value | undefined): Value {
  const items = value === undefined ? null : call.evaluator.elements(value);
  return items === null ? UNKNOWN : listOf([...items].sort((one, other) => {
    const [left, right] = [asText(one).text, asText(other).text];
    return left < right ? -1 : left > right ? 1 : 0;
  }));
}

function product(call: Call, lists: Value[]): Value {
  let rows: Value[][] = [[]];
  for (const list of lists) {
    const items = call.evaluator.elements(list);
    if (items === null || rows.length * items.length > call.evaluator.longest) return UNKNOWN;
    rows = rows.flatMap((row) => items.map((item) => [...row, item]));
  }
  return listOf(rows.map(listOf));
}

function encoded(value: Value | undefined): Value {
  if (value === undefined) return UNKNOWN;
  const text = asText(value);
  return textOf(encode(text.text), text.from, text.isMade);
}

/** Texts joined with one between them. */
function joinTexts(items: Value[], separator: TextValue, line: number): TextValue {
  const parts = items.flatMap((item, at) => at === 0 ? [asText(item)] : [separator, asText(item)]);
  return concatenate(parts, [line]);
}

function joined(call: Call, list: Value | undefined, separator: Value | undefined): Value {
  const items = list === undefined ? null : call.evaluator.elements(list);
  if (items === null) return UNKNOWN;
  return joinTexts(items, separator === undefined ? textOf("", []) : asText(separator), call.line);
}

function urlOf(value: Value | undefined, base: Value | undefined, line: number): Value {
  if (value === undefined) return UNKNOWN;
  const query: QueryValue = { kind: "query", pairs: [], isOpen: false };
  const text = base === undefined ? asText(value) : resolveUrl(asText(base), asText(value), [line]);
  return { kind: "url", base: text, query };
}

/** A call of a library that has the site fixed, set before, or in the call. */
function siteCall(call: Call, of: SiteFunction, key: string): Value | undefined {
  const given = of.site.map((name) => call.named.get(name)).find((value) => value !== undefined);
  const site = given !== undefined
    ? asText(given)
    : of.own !== undefined
    ? textOf(of.own, [])
    : call.evaluator.sites.get(key);
  const id = argument(call, of.at, ...of.names);
  if (site === undefined || id === undefined || !isWhole(site) || site.text === "") {
    return undefined;
  }
  const ids = call.evaluator.elements(id) ?? [id];
  for (const one of ids) {
    const text = asText(one);
    // what is an address already needs no site
    if (isAddress(text.text)) call.evaluator.use(text, call.line);
    else if (isWhole(text)) {
      call.evaluator.useClient(of.url, { ...site, text: siteUrl(site.text) }, text, call.line);
    }
  }
  return UNKNOWN;
}

function siteTable(language: string): Record<string, Handler> {
  const table: Record<string, Handler> = {};
  for (const [name, of] of Object.entries(SITE_FUNCTIONS[language] ?? {})) {
    table[name] = (call) => siteCall(call, of, language);
  }
  for (const [name, { at, names }] of Object.entries(SITE_SETTERS[language] ?? {})) {
    table[name] = (call) => {
      const site = argument(call, at, ...names);
      if (site !== undefined) call.evaluator.sites.set(language, asText(site));
      return UNKNOWN;
    };
  }
  return table;
}

const PYTHON: Record<string, Handler> = {
  str: ({ args }) => args[0] === undefined ? textOf("", []) : asText(args[0]),
  int: ({ args }) => args[0]?.kind === "number" ? args[0] : UNKNOWN,
  format: ({ args }) =>
    args[0] === undefined
      ? UNKNOWN
      : formatValue(args[0], args[1] === undefined ? "" : asText(args[1]).text),
  list: (call) => call.args[0] === undefined ? listOf([]) : copied(call, call.args[0]),
  tuple: (call) => call.args[0] === undefined ? listOf([]) : copied(call, call.args[0]),
  set: (call) => call.args[0] === undefined ? listOf([]) : copied(call, call.args[0]),
  sorted: (call) => sorted(call, call.args[0]),
  reversed: (call) => {
    const items = call.args[0] === undefined ? null : call.evaluator.elements(call.args[0]);
    return items === null ? UNKNOWN : listOf([...items].reverse());
  },
  tqdm: ({ args }) => args[0] ?? UNKNOWN,
  enumerate: (call) => {
    const first = argument(call, 1, "start");
    return numbered(call, call.args[0], first?.kind === "number" ? first.value : 0);
  },
  zip: (call) => zipped(call, call.args),
  range: (call) => {
    const [first, last, step] = call.args;
    return last === undefined
      ? range(call, numberOf(0, []), first, undefined, false)
      : range(call, first, last, step, false);
  },
  dict: (call) => {
    const base = call.args[0];
    const entries = new Map<string, Value>(base?.kind === "dictionary" ? base.entries : []);
    for (const pair of base?.kind === "list" ? base.items : []) {
      if (pair.kind === "list" && pair.items.length === 2) {
        entries.set(asText(pair.items[0]!).text, pair.items[1]!);
      }
    }
    for (const [name, value] of call.named) entries.set(name, value);
    const isOpen = base !== undefined && base.kind !== "list" &&
      !(base.kind === "dictionary" && !base.isOpen);
    return { kind: "dictionary", entries, isOpen: isOpen || call.named.has("**") };
  },
  map: (call) =>
    call.args.length > 1 ? mapped(call, call.args[0], ...call.args.slice(1)) : undefined,
  len: ({ args }) => args[0]?.kind === "list" ? numberOf(args[0].items.length, []) : UNKNOWN,
  "os.path.join": (call) => joinPaths(call.args.map(asText), [call.line]),
  "path.join": (call) => joinPaths(call.args.map(asText), [call.line]),
  "posixpath.join": (call) => joinPaths(call.args.map(asText), [call.line]),
  urljoin: (call) => {
    const [base, reference] = call.args;
    if (base === undefined || reference === undefined) return undefined;
    return resolveUrl(asText(base), asText(reference), [call.line]);
  },
  urlencode: ({ args }) => args[0] === undefined ? UNKNOWN : queryOf(args[0]),
  quote: ({ args }) => encoded(args[0]),
  quote_plus: ({ args }) => encoded(args[0]),
  "urllib.parse.quote": ({ args }) => encoded(args[0]),
  "os.getenv": (call) => argument(call, 1, "default") ?? MISSING,
  getenv: (call) => argument(call, 1, "default") ?? MISSING,
  "os.environ.get": (call) => argument(call, 1, "default") ?? MISSING,
  "environ.get": (call) => argument(call, 1, "default") ?? MISSING,
  "itertools.product": (call) => product(call, call.args),
  product: (call) => product(call, call.args),
  "itertools.chain": (call) => chained(call, call.args),
  "asyncio.gather": () => UNKNOWN,
  "threading.Thread": (call) => {
    const target = call.named.get("target");
    const args = call.named.get("args");
    const { evaluator, line, scope } = call;
    if (target !== undefined && args !== undefined) {
      const given = (evaluator.elements(args) ?? []).map((value) => ({ name: null, value, line }));
      evaluator.callValue(target, given, line, scope);
    }
    return UNKNOWN;
  },
  "yarl.URL": ({ args, line }) => urlOf(args[0], undefined, line),
  "copy.deepcopy": (call) => call.args[0] === undefined ? UNKNOWN : copied(call, call.args[0]),
  ...siteTable("python"),
};

function chained(call: Call, lists: Value[]): Value {
  const all = lists.map((list) => call.evaluator.elements(list));
  return all.some((items) => items === null) ? UNKNOWN : listOf(all.flatMap((items) => items!));
}

function copied(call: Call, value: Value): Value {
  if (value.kind === "dictionary" && call.language !== "python") {
    return { ...value, entries: new Map(value.entries) };
  }
  const items = call.evaluator.elements(value);
  return items === null ? UNKNOWN : listOf([...items]);
}

const JAVASCRIPT: Record<string, Handler> = {
  require: ({ args }) => args[0]?.kind === "text" ? { kind: "path", path: args[0].text } : UNKNOWN,
  String: ({ args }) => args[0] === undefined ? textOf("", []) : asText(args[0]),
  Number: ({ args }) => args[0]?.kind === "number" ? args[0] : UNKNOWN,
  URL: ({ args, line }) => urlOf(args[0], args[1], line),
  Request: ({ args, line, evaluator }) => {
    if (args[0] !== undefined) evaluator.use(args[0], line);
    return UNKNOWN;
  },
  URLSearchParams: ({ args }) => queryOf(args[0] ?? EMPTY),
  encodeURIComponent: ({ args }) => encoded(args[0]),
  encodeURI: ({ args }) => args[0] ?? UNKNOWN,
  "Object.keys": ({ args }) => keys(args[0]),
  "Object.values": ({ args }) => entryValues(args[0]),
  "Object.entries": ({ args }) => pairs(args[0]),
  "Object.freeze": ({ args }) => args[0] ?? UNKNOWN,
  "Object.assign": ({ args }) => {
    const entries = new Map<string, Value>();
    let isOpen = false;
    for (const value of args) {
      if (value.kind !== "dictionary") isOpen = true;
      else for (const [key, of] of value.entries) entries.set(key, of);
    }
    return { kind: "dictionary", entries, isOpen };
  },
  "Object.fromEntries": (call) => PYTHON.dict!(call),
  Map: (call) => PYTHON.dict!({ ...call, named: new Map() }),
  Set: ({ args }) => args[0] ?? listOf([]),
  "Array.from": (call) => {
    const [source, fn] = call.args;
    if (source?.kind === "dictionary" && source.entries.has("length")) {
      const length = source.entries.get("length");
      const positions = range(call, numberOf(0, []), length, undefined, false);
      if (fn === undefined) return positions;
      return mapped(
        call,
        fn,
        listOf((positions.kind === "list" ? positions.items : []).map(() => UNKNOWN)),
        positions,
      );
    }
    if (source === undefined) return UNKNOWN;
    return fn === undefined ? copied(call, source) : mapped(call, fn, source);
  },
  "Promise.all": ({ args }) => args[0] ?? UNKNOWN,
  "Promise.resolve": ({ args }) => args[0] ?? UNKNOWN,
  "path.join": (call) => joinPaths(call.args.map(asText), [call.line]),
  "url.resolve": ({ args, line }) =>
    args.length < 2 ? undefined : resolveUrl(asText(args[0]!), asText(args[1]!), [line]),
  "Deno.env.get": () => MISSING,
  "qs.stringify": ({ args }) => args[0] === undefined ? UNKNOWN : queryOf(args[0]),
  "querystring.stringify": ({ args }) => args[0] === undefined ? UNKNOWN : queryOf(args[0]),
  "util.format": ({ args }) =>
    args[0]?.kind === "text" ? printf(args[0], args.slice(1), null) : UNKNOWN,
  "axios.create": ({ args }) => sessionOf(args[0], "baseURL"),
  "ky.create": ({ args }) => sessionOf(args[0], "prefixUrl"),
  "got.extend": ({ args }) => sessionOf(args[0], "prefixUrl"),
};

/** A client that is given relative paths: an instance of a class whose only field is the base. */
function sessionOf(options: Value | undefined, key: string): Value {
  const base = options?.kind === "dictionary" ? options.entries.get(key) : undefined;
  if (base === undefined) return UNKNOWN;
  return sessionAt(asText(base));
}

function sessionAt(base: TextValue): Value {
  return {
    kind: "dictionary",
    entries: new Map<string, Value>([["@session", base]]),
    isOpen: true,
  };
}

function pasted(call: Call, separator: Value | undefined): Value {
  const { given, evaluator, line } = call;
  const values = given.filter(({ name }) => name === null || !/^(?:sep|collapse)$/.test(name))
    .map(({ value }) => value).filter((value) =>
      !(value.kind === "list" && value.items.length === 0)
    );
  const between = separator === undefined ? textOf("", []) : asText(separator);
  const result = evaluator.vectorized(
    values,
    (parts) => evaluator.assembled(joinTexts(parts, between, line), line),
  );
  const collapse = call.named.get("collapse");
  return collapse === undefined || evaluator.isNone(collapse)
    ? result
    : joined(call, result, collapse);
}

/** `glue("{base}/{year}.csv")`: names only, no expressions. */
function glued(call: Call): Value {
  const { evaluator, scope, line } = call;
  const templates = call.given.filter(({ name }) => name === null);
  const text = concatenate(templates.map(({ value }) => asText(value)), [line]);
  if (!isWhole(text)) return UNKNOWN;
  const values: Value[] = [];
  const pieces: (string | number)[] = [];
  let at = 0;
  for (const match of text.text.matchAll(/\{([^{}]*)\}/g)) {
    pieces.push(text.text.slice(at, match.index));
    at = match.index + match[0].length;
    const [name = "", field] = (match[1] ?? "").trim().split("$");
    let value = call.named.get(name) ?? (/^[.\w]+$/.test(name) ? scope.get(name) : undefined) ??
      UNKNOWN;
    if (field !== undefined) {
      value = value.kind === "list"
        ? value.items[value.names?.indexOf(field) ?? -1] ?? UNKNOWN
        : UNKNOWN;
    }
    pieces.push(values.push(value) - 1);
  }
  pieces.push(text.text.slice(at));
  return evaluator.vectorized(values, (parts) =>
    evaluator.assembled(
      {
        ...concatenate(
          pieces.map((piece) =>
            typeof piece === "number" ? asText(parts[piece]!) : textOf(piece, text.from)
          ),
          [line],
        ),
        isMade: values.length > 0 || text.isMade,
      },
      line,
    ));
}

const isPlain = (pattern: TextValue) =>
  isWhole(pattern) && !/[\\^$.|?*+()[\]{}]/.test(pattern.text);

function substituted(call: Call, isAll: boolean, order: [number, number, number]): Value {
  const search = argument(call, order[0], "pattern");
  const replacement = argument(call, order[1], "replacement");
  const text = argument(call, order[2], "x", "string");
  if (search === undefined || replacement === undefined || text === undefined) return UNKNOWN;
  const pattern = asText(search);
  const fixed = call.named.get("fixed");
  const isFixed = fixed?.kind === "truth" && fixed.value;
  if (!isFixed && !isPlain(pattern)) return UNKNOWN;
  return call.evaluator.vectorized(
    [text],
    ([one]) => replaced(asText(one!), pattern, asText(replacement), isAll),
  );
}

function numberList(call: Call): Value {
  const from = argument(call, 0, "from");
  const to = argument(call, 1, "to");
  if (to === undefined) {
    return from?.kind === "number" ? range(call, numberOf(1, []), from, undefined, true) : UNKNOWN;
  }
  return range(call, from, to, argument(call, 2, "by"), true);
}

function named(call: Call): Value {
  const items: Value[] = [];
  const names: (string | null)[] = [];
  for (const { name, value } of call.given) {
    // c() of lists is one list
    if (value.kind === "list" && name === null) {
      items.push(...value.items);
      names.push(...value.names ?? value.items.map(() => null));
    } else {
      items.push(value);
      names.push(name);
    }
  }
  const isNamed = names.some((name) => name !== null);
  return {
    kind: "list",
    items: items.slice(0, call.evaluator.longest),
    names: isNamed ? names : null,
  };
}

function rList(call: Call): Value {
  const isNamed = call.given.some(({ name }) => name !== null);
  return {
    kind: "list",
    items: call.given.map(({ value }) => value),
    names: isNamed ? call.given.map(({ name }) => name) : null,
  };
}

const applied: Handler = (call) => {
  const list = argument(call, 0, "X", ".x");
  const fn = argument(call, call.named.has("X") || call.named.has(".x") ? 0 : 1, "FUN", ".f");
  const result = mapped(call, fn, list);
  return result.kind === "list" && result.names === null && list?.kind === "list" &&
      list.items.every(({ kind }) => kind === "text")
    ? { ...result, names: list.items.map((item) => asText(item).text) }
    : result;
};
const appliedToTwo: Handler = (call) =>
  mapped(call, argument(call, 2, ".f"), call.args[0], call.args[1]);
const appliedToMany: Handler = (call) => {
  const fn = argument(call, 0, "f", "FUN");
  const lists = call.given.filter(({ value, name }) =>
    value !== fn && (name === null || !/^[A-Z]/.test(name))
  )
    .map(({ value }) => value);
  return mapped(call, fn, ...lists);
};
const appliedWithNames: Handler = (call) =>
  mapped(call, argument(call, 1, ".f"), call.args[0], keys(call.args[0]));

function requestPath(call: Call, isAppended: boolean): Value {
  const url = call.args[0];
  if (url?.kind !== "url") return UNKNOWN;
  const parts = call.args.slice(1).map(asText);
  const origin = /^[a-z]+:\/\/[^/?#]*/i.exec(url.base.text)?.[0] ?? HOLE;
  const start = isAppended ? url.base : textOf(origin, url.base.from);
  const base = joinPaths([
    stripped(start, "/", "end"),
    ...parts.map((part) => stripped(part, "/", "start")),
  ], [call.line]);
  return { ...url, base };
}

const R: Record<string, Handler> = {
  paste0: (call) => pasted(call, undefined),
  paste: (call) => pasted(call, call.named.get("sep") ?? textOf(" ", [])),
  str_c: (call) => pasted(call, call.named.get("sep")),
  glue: glued,
  str_glue: glued,
  "file.path": (call) => pasted(call, call.named.get("fsep") ?? textOf("/", [])),
  sprintf: (call) => {
    const template = argument(call, 0, "fmt");
    if (template === undefined) return UNKNOWN;
    const values = call.named.has("fmt") ? call.args : call.args.slice(1);
    return call.evaluator.vectorized(
      [template, ...values],
      ([fmt, ...rest]) => call.evaluator.assembled(printf(asText(fmt!), rest, null), call.line),
    );
  },
  c: named,
  list: rList,
  tibble: rList,
  "data.frame": rList,
  unlist: ({ args }) => args[0] ?? UNKNOWN,
  setNames: ({ args }) => namesGiven(args[0], args[1]),
  set_names: ({ args }) => namesGiven(args[0], args[1]),
  names: ({ args }) => keys(args[0]),
  seq: numberList,
  "seq.int": numberList,
  seq_len: (call) => range(call, numberOf(1, []), call.args[0], undefined, true),
  seq_along: (call) => range(call, numberOf(1, []), lengthOf(call.args[0]), undefined, true),
  length: ({ args }) => lengthOf(args[0]),
  rep: ({ args }) => args[0] ?? UNKNOWN,
  rev: (call) => PYTHON.reversed!(call),
  sort: (call) => sorted(call, call.args[0]),
  unique: ({ args }) => args[0] ?? UNKNOWN,
  head: ({ args }) => args.length === 1 ? args[0] : UNKNOWN,
  "as.character": (call) => texts(call),
  "as.list": ({ args }) => args[0] ?? UNKNOWN,
  "as.vector": ({ args }) => args[0] ?? UNKNOWN,
  trimws: (call) =>
    call.evaluator.vectorized(
      call.args.slice(0, 1),
      ([one]) => stripped(asText(one!), " \t\n", "both"),
    ),
  tolower: (call) => call.evaluator.vectorized(call.args, ([one]) => lowered(asText(one!))),
  toupper: (call) => call.evaluator.vectorized(call.args, ([one]) => raised(asText(one!))),
  URLencode: (call) => call.evaluator.vectorized(call.args.slice(0, 1), ([one]) => encoded(one)),
  curlEscape: (call) => call.evaluator.vectorized(call.args.slice(0, 1), ([one]) => encoded(one)),
  gsub: (call) => substituted(call, true, [0, 1, 2]),
  sub: (call) => substituted(call, false, [0, 1, 2]),
  str_replace: (call) => substituted(call, false, [1, 2, 0]),
  str_replace_all: (call) => substituted(call, true, [1, 2, 0]),
  formatC: (call) => {
    const width = call.named.get("width");
    const flag = call.named.get("flag");
    if (width?.kind !== "number") return UNKNOWN;
    const filler = flag !== undefined && asText(flag).text === "0" ? "0" : " ";
    return call.evaluator.vectorized(
      call.args.slice(0, 1),
      ([one]) => pad(asText(one!), width.value, filler),
    );
  },
  str_pad: (call) => {
    const width = argument(call, 1, "width");
    const filler = argument(call, 3, "pad");
    const side = argument(call, 2, "side");
    if (width?.kind !== "number") return UNKNOWN;
    return call.evaluator.vectorized(
      call.args.slice(0, 1),
      ([one]) =>
        pad(
          asText(one!),
          width.value,
          filler === undefined ? " " : asText(filler).text,
          side !== undefined && asText(side).text === "right",
        ),
    );
  },
  "Sys.getenv": (call) => argument(call, 1, "unset") ?? MISSING,
  "is.null": ({ args, evaluator }) => {
    const value = args[0];
    if (
      value === undefined || value.kind === "unknown" ||
      (value.kind === "path" && !evaluator.isNone(value))
    ) return UNKNOWN;
    return { kind: "truth", value: evaluator.isNone(value) };
  },
  lapply: applied,
  sapply: applied,
  vapply: applied,
  map: applied,
  map_chr: applied,
  map_df: applied,
  map_dfr: applied,
  map_dfc: applied,
  future_map: applied,
  walk: applied,
  imap: appliedWithNames,
  iwalk: appliedWithNames,
  imap_dfr: appliedWithNames,
  map2: appliedToTwo,
  map2_dfr: appliedToTwo,
  map2_chr: appliedToTwo,
  walk2: appliedToTwo,
  Map: appliedToMany,
  mapply: appliedToMany,
  modifyList: ({ args }) =>
    args[0]?.kind === "list" && args[1]?.kind === "list" ? merged(args[0], args[1]) : UNKNOWN,
  modify_url: (call) => {
    const url = argument(call, 0, "url");
    if (url === undefined) return UNKNOWN;
    const path = call.named.get("path");
    const query = call.named.get("query");
    const text = asText(url);
    const origin = /^[a-z]+:\/\/[^/?#]*/i.exec(text.text)?.[0] ?? HOLE;
    const base = path === undefined
      ? text
      : joinPaths([textOf(origin, text.from), stripped(asText(path), "/", "start")], [call.line]);
    return { kind: "url", base, query: query === undefined ? queryOf(EMPTY) : queryOf(query) };
  },
  request: ({ args, line }) => urlOf(args[0], undefined, line),
  req_url_path_append: (call) => requestPath(call, true),
  req_url_path: (call) => requestPath(call, false),
  req_url_query: ({ args, named: given }) => {
    const url = args[0];
    if (url?.kind !== "url") return UNKNOWN;
    return {
      ...url,
      query: {
        ...url.query,
        pairs: [...url.query.pairs, ...[...given].filter(([name]) => !name.startsWith("."))],
      },
    };
  },
  req_headers: ({ args }) => args[0] ?? UNKNOWN,
  req_user_agent: ({ args }) => args[0] ?? UNKNOWN,
  req_retry: ({ args }) => args[0] ?? UNKNOWN,
  req_timeout: ({ args }) => args[0] ?? UNKNOWN,
  req_throttle: ({ args }) => args[0] ?? UNKNOWN,
  GET: (call) => {
    const url = argument(call, 0, "url");
    const path = call.named.get("path");
    if (url === undefined || path === undefined) return undefined;
    const query = call.named.get("query");
    const made = R.modify_url!({ ...call, args: [url] });
    if (made?.kind === "url") {
      call.evaluator.use(
        query === undefined ? made : { ...made, query: queryOf(query) },
        call.line,
      );
    }
    return UNKNOWN;
  },
  url: ({ args, evaluator, line }) => {
    if (args[0] !== undefined) evaluator.use(args[0], line);
    return args[0] ?? UNKNOWN;
  },
  "do.call": (call) => {
    const [fn, args] = call.args;
    if (fn === undefined || args?.kind !== "list") return UNKNOWN;
    const given = args.items.map((value, at) => ({
      name: args.names?.[at] ?? null,
      value,
      line: call.line,
    }));
    return call.evaluator.callValue(
      fn.kind === "text" ? { kind: "path", path: fn.text } : fn,
      given,
      call.line,
      call.scope,
    );
  },
  nchar: () => UNKNOWN,
  stopifnot: () => UNKNOWN,
  ...siteTable("r"),
};

function merged(one: ListValue, other: ListValue): Value {
  const result = rNamed(one);
  for (const [name, value] of rNamed(other)) result.set(name, value);
  return { kind: "list", items: [...result.values()], names: [...result.keys()] };
}

function rNamed(list: ListValue): Map<string, Value> {
  return new Map(list.items.map((item, at) => [list.names?.[at] ?? String(at), item]));
}

function namesGiven(list: Value | undefined, names: Value | undefined): Value {
  if (list?.kind !== "list") return list ?? UNKNOWN;
  if (names?.kind !== "list") {
    return {
      ...list,
      names: list.items.map((item) => asText(item).text),
    };
  }
  return { ...list, names: names.items.map((name) => asText(name).text) };
}

function lengthOf(value: Value | undefined): Value {
  if (value?.kind === "list") return numberOf(value.items.length, []);
  return value?.kind === "text" ? numberOf(1, []) : UNKNOWN;
}

function texts(call: Call): Value {
  return call.evaluator.vectorized(call.args.slice(0, 1), ([one]) => asText(one ?? UNKNOWN));
}

const lowered = (text: TextValue) => textOf(text.text.toLowerCase(), text.from, text.isMade);
const raised = (text: TextValue) => textOf(text.text.toUpperCase(), text.from, text.isMade);

const JULIA: Record<string, Handler> = {
  string: (call) => joinTexts(call.args, textOf("", []), call.line),
  String: ({ args }) => asText(args[0] ?? UNKNOWN),
  joinpath: (call) => joinPaths(call.args.map(asText), [call.line]),
  join: (call) => joined(call, call.args[0], call.args[1]),
  lpad: ({ args }) => padded(args, false),
  rpad: ({ args }) => padded(args, true),
  replace: ({ args }) => {
    // pairs are not values here, so only texts that are not changed are known
    return args.length === 1 ? args[0] : UNKNOWN;
  },
  collect: (call) => call.args[0] === undefined ? UNKNOWN : copied(call, call.args[0]),
  sort: (call) => sorted(call, call.args[0]),
  reverse: (call) => PYTHON.reversed!(call),
  enumerate: (call) => numbered(call, call.args[0], 1),
  zip: (call) => zipped(call, call.args),
  keys: ({ args }) => keys(args[0]),
  values: ({ args }) => entryValues(args[0]),
  pairs: ({ args }) => pairs(args[0]),
  map: (call) => mapped(call, call.args[0], ...call.args.slice(1)),
  foreach: (call) => mapped(call, call.args[0], ...call.args.slice(1)),
  asyncmap: (call) => mapped(call, call.args[0], ...call.args.slice(1)),
  pmap: (call) => mapped(call, call.args[0], ...call.args.slice(1)),
  broadcast: (call) => mapped(call, call.args[0], ...call.args.slice(1)),
  get: ({ args }) => {
    const [from, key, otherwise] = args;
    if (from?.kind === "path") return otherwise ?? MISSING;
    if (from?.kind !== "dictionary" || key === undefined) return undefined;
    return from.entries.get(asText(key).text) ?? (from.isOpen ? UNKNOWN : otherwise);
  },
  "push!": ({ args, evaluator }) => {
    if (
      args[0]?.kind === "list" && !evaluator.isUncertain && args[0].items.length < evaluator.longest
    ) args[0].items.push(...args.slice(1));
    return args[0] ?? UNKNOWN;
  },
  uppercase: ({ args }) => raised(asText(args[0] ?? UNKNOWN)),
  lowercase: ({ args }) => lowered(asText(args[0] ?? UNKNOWN)),
  strip: ({ args }) => stripped(asText(args[0] ?? UNKNOWN), " \t\n", "both"),
  rstrip: ({ args }) =>
    stripped(
      asText(args[0] ?? UNKNOWN),
      args[1] === undefined ? " \t\n" : asText(args[1]).text,
      "end",
    ),
  escapeuri: ({ args }) => args[0]?.kind === "dictionary" ? queryOf(args[0]) : encoded(args[0]),
  URI: ({ args, line }) => urlOf(args[0], undefined, line),
  length: ({ args }) => lengthOf(args[0]),
  split: ({ args }) => splitText(args[0], args[1]),
  dict: (call) => PYTHON.dict!({ ...call, named: new Map() }),
  Symbol: ({ args }) => asText(args[0] ?? UNKNOWN),
  isnothing: (call) => R["is.null"]!(call),
};

function padded(args: Value[], isAfter: boolean): Value {
  const [text, width, filler] = args;
  if (text === undefined || width?.kind !== "number") return UNKNOWN;
  return pad(asText(text), width.value, filler === undefined ? " " : asText(filler).text, isAfter);
}

const ANY: Record<string, Handler> = {
  "@range": (call) => range(call, call.args[0], call.args[1], call.args[2], false),
  "@closed_range": (call) => range(call, call.args[0], call.args[1], call.args[2], true),
  "@keys": ({ args }) => keys(args[0]),
  "@elements": ({ args }) => entryValues(args[0]),
  "@format": ({ args }) => formatValue(args[0] ?? UNKNOWN, asText(args[1] ?? UNKNOWN).text),
  "@printf": ({ args }) =>
    args[0] === undefined ? UNKNOWN : printf(asText(args[0]), args.slice(1), null),
  "@not": ({ args, evaluator }) => {
    const truth = evaluator.truth(args[0] ?? UNKNOWN);
    return truth === null ? UNKNOWN : { kind: "truth", value: !truth };
  },
  "@run": ({ args, evaluator, line, scope }) =>
    evaluator.callValue(args[0] ?? UNKNOWN, [], line, scope),
  "@without_end": ({ args }) => stripped(asText(args[0] ?? UNKNOWN), "/", "end"),
  "@words": ({ args }) => {
    const value = args[0] ?? UNKNOWN;
    if (value.kind === "list" || value.kind === "number") {
      return value.kind === "list" ? listOf(value.items.slice(0, 1)) : listOf([value]);
    }
    const text = asText(value);
    if (!/\s/.test(text.text.trim())) return listOf([text]);
    return splitText(text, undefined);
  },
  "@joined_words": ({ args }) => args[0] ?? UNKNOWN,
  "@slice": ({ args }) => {
    const [object, from, to] = args;
    const bound = (value: Value | undefined) => {
      const text = value === undefined ? "" : asText(value).text;
      return text === "" ? undefined : Number(text);
    };
    if (object?.kind === "list") return listOf(object.items.slice(bound(from) ?? 0, bound(to)));
    if (object?.kind === "text" && isWhole(object)) {
      return textOf(object.text.slice(bound(from) ?? 0, bound(to)), object.from);
    }
    return UNKNOWN;
  },
};

/** Functions by language and name; a name with dots is tried with its modules and without. */
export const FUNCTIONS: Partial<Record<LanguageName | "any", Record<string, Handler>>> = {
  python: PYTHON,
  javascript: JAVASCRIPT,
  r: R,
  julia: JULIA,
  any: ANY,
};

function splitText(value: Value | undefined, separator: Value | undefined): Value {
  const text = value === undefined ? null : asText(value);
  if (text === null || !isWhole(text)) return UNKNOWN;
  const parts = separator === undefined
    ? text.text.split(/\s+/).filter((part) => part !== "")
    : text.text.split(asText(separator).text);
  return listOf(parts.map((part) => textOf(part, text.from)));
}

type Method = (object: never, call: Call) => Value | undefined;

function grown(list: ListValue, values: Value[], { evaluator }: Call): Value {
  if (!evaluator.isUncertain && list.items.length + values.length <= evaluator.longest) {
    list.items.push(...values);
  }
  return UNKNOWN;
}

const TEXT_METHODS: Record<string, (text: TextValue, call: Call) => Value | undefined> = {
  format: (text, { args, named: given }) => fill(text, args, given),
  format_map: (text, { args }) =>
    args[0]?.kind === "dictionary" ? fill(text, [], args[0].entries) : UNKNOWN,
  join: (text, call) => joined(call, call.args[0], text),
  strip: (text, { args }) =>
    stripped(text, args[0] === undefined ? " \t\n\r" : asText(args[0]).text, "both"),
  rstrip: (text, { args }) =>
    stripped(text, args[0] === undefined ? " \t\n\r" : asText(args[0]).text, "end"),
  lstrip: (text, { args }) =>
    stripped(text, args[0] === undefined ? " \t\n\r" : asText(args[0]).text, "start"),
  trim: (text) => stripped(text, " \t\n\r", "both"),
  replace: (text, { args, language }) => {
    if (args[0]?.kind !== "text" || args[1] === undefined) return UNKNOWN;
    return replaced(text, args[0], asText(args[1]), language === "python");
  },
  replaceAll: (text, { args }) =>
    args[0]?.kind === "text" && args[1] !== undefined
      ? replaced(text, args[0], asText(args[1]), true)
      : UNKNOWN,
  lower: lowered,
  upper: raised,
  toLowerCase: lowered,
  toUpperCase: raised,
  toString: (text: TextValue) => text,
  encode: (text) => text,
  valueOf: (text: TextValue) => text,
  zfill: (text, { args }) => args[0]?.kind === "number" ? pad(text, args[0].value, "0") : UNKNOWN,
  rjust: (text, { args }) => padded([text, ...args], false),
  padStart: (text, { args }) => padded([text, ...args], false),
  concat: (text, { args, line }) => concatenate([text, ...args.map(asText)], [line]),
  split: (text, { args }) => splitText(text, args[0]),
  removesuffix: (text, { args }) => {
    const end = asText(args[0] ?? UNKNOWN).text;
    return text.text.endsWith(end) ? textOf(text.text.slice(0, -end.length), text.from) : text;
  },
};

const LIST_METHODS: Record<string, (list: ListValue, call: Call) => Value | undefined> = {
  append: (list, call) => grown(list, call.args.slice(0, 1), call),
  add: (list, call) => grown(list, call.args.slice(0, 1), call),
  push: (list, call) => grown(list, call.args, call),
  extend: (list, call) => {
    const items = call.args[0] === undefined ? null : call.evaluator.elements(call.args[0]);
    return items === null ? UNKNOWN : grown(list, items, call);
  },
  map: (list, call) => mapped(call, call.args[0], list, keys({ ...list, names: null })),
  flatMap: (list, call) => {
    const result = mapped(call, call.args[0], list, keys({ ...list, names: null }));
    if (result.kind !== "list") return UNKNOWN;
    return listOf(
      result.items.flatMap((item) => item.kind === "list" ? item.items : [item]).slice(
        0,
        call.evaluator.longest,
      ),
    );
  },
  forEach: (list, call) => mapped(call, call.args[0], list, keys({ ...list, names: null })),
  filter: (list, call) => {
    const kept: Value[] = [];
    for (const value of list.items) {
      const test = call.evaluator.callValue(
        call.args[0] ?? UNKNOWN,
        [{ name: null, value, line: call.line }],
        call.line,
        call.scope,
      );
      const truth = call.evaluator.truth(test);
      if (truth === null) return UNKNOWN;
      if (truth) kept.push(value);
    }
    return listOf(kept);
  },
  join: (list, call) => joined(call, list, call.args[0] ?? textOf(",", [])),
  concat: (list, call) =>
    listOf([
      ...list.items,
      ...call.args.flatMap((value) => value.kind === "list" ? value.items : [value]),
    ]),
  slice: (list, { args }) => {
    const [from, to] = args;
    return listOf(
      list.items.slice(
        from?.kind === "number" ? from.value : 0,
        to?.kind === "number" ? to.value : undefined,
      ),
    );
  },
  reverse: (list) => listOf([...list.items].reverse()),
  sort: (list) => list,
  values: (list) => list,
  keys: (list) => keys(list),
  entries: (list) => listOf(list.items.map((item, at) => listOf([numberOf(at, []), item]))),
  at: (list, { args }) =>
    args[0]?.kind === "number" ? list.items.at(args[0].value) ?? UNKNOWN : UNKNOWN,
  flat: (list) => listOf(list.items.flatMap((item) => item.kind === "list" ? item.items : [item])),
  get: (list, { args }) => {
    const name = asText(args[0] ?? UNKNOWN).text;
    return list.items[list.names?.indexOf(name) ?? -1] ?? UNKNOWN;
  },
};

/** Requests through a client that has a base of its own. */
function sessionCall(session: DictionaryValue, call: Call): Value | undefined {
  const base = session.entries.get("@session");
  if (base?.kind !== "text") return undefined;
  const [first, ...rest] = call.given;
  if (first === undefined) return UNKNOWN;
  const reference = asText(first.value);
  const text = isAddress(reference.text)
    ? reference
    : joinPaths([stripped(base, "/", "end"), stripped(reference, "/", "start")], [call.line]);
  return call.evaluator.request("", [{ ...first, value: text }, ...rest], call.line);
}

const DICTIONARY_METHODS: Record<
  string,
  (dictionary: DictionaryValue, call: Call) => Value | undefined
> = {
  items: (dictionary) => pairs(dictionary),
  entries: (dictionary) => pairs(dictionary),
  keys: (dictionary) => keys(dictionary),
  values: (dictionary) => entryValues(dictionary),
  copy: (dictionary) => ({ ...dictionary, entries: new Map(dictionary.entries) }),
  get: (dictionary, call) => {
    if (dictionary.entries.has("@session")) return sessionCall(dictionary, call);
    const key = asText(call.args[0] ?? UNKNOWN);
    if (!isWhole(key)) return UNKNOWN;
    return dictionary.entries.get(key.text) ??
      (dictionary.isOpen ? UNKNOWN : call.args[1] ?? { kind: "path", path: "None" });
  },
  post: sessionCall,
  request: sessionCall,
  set: (dictionary, call) => {
    const [key, value] = call.args;
    if (key === undefined || value === undefined) return UNKNOWN;
    const name = asText(key);
    if (isWhole(name)) {
      dictionary.entries.set(name.text, call.evaluator.isUncertain ? UNKNOWN : value);
    } else dictionary.isOpen = true;
    return dictionary;
  },
  update: (dictionary, call) => {
    const other = call.args[0];
    if (other?.kind !== "dictionary" && call.args.length > 0) dictionary.isOpen = true;
    const entries = [...other?.kind === "dictionary" ? other.entries : [], ...call.named];
    for (const [key, value] of entries) {
      dictionary.entries.set(key, call.evaluator.isUncertain ? UNKNOWN : value);
    }
    return UNKNOWN;
  },
  pop: (dictionary, { args }) => {
    const key = asText(args[0] ?? UNKNOWN).text;
    const value = dictionary.entries.get(key) ?? UNKNOWN;
    dictionary.entries.set(key, UNKNOWN);
    return value;
  },
  forEach: (dictionary, call) =>
    mapped(call, call.args[0], entryValues(dictionary), keys(dictionary)),
};

const NUMBER_METHODS: Record<string, (number: Value, call: Call) => Value | undefined> = {
  toString: (number: Value) => asText(number),
};

function appended(query: QueryValue, call: Call): Value {
  const [name, value] = call.args;
  if (name === undefined) return UNKNOWN;
  const key = asText(name);
  if (!isWhole(key) || value === undefined) query.isOpen = true;
  else query.pairs.push([key.text, call.evaluator.isUncertain ? UNKNOWN : value]);
  return UNKNOWN;
}

const QUERY_METHODS: Record<string, (query: QueryValue, call: Call) => Value | undefined> = {
  append: appended,
  set: (query, call) => {
    const key = asText(call.args[0] ?? UNKNOWN).text;
    query.pairs = query.pairs.filter(([name]) => name !== key);
    return appended(query, call);
  },
  toString: (query: QueryValue) => asText(query),
  delete: (query, { args }) => {
    const key = asText(args[0] ?? UNKNOWN).text;
    query.pairs = query.pairs.filter(([name]) => name !== key);
    return UNKNOWN;
  },
};

const URL_METHODS: Record<string, (url: UrlValue, call: Call) => Value | undefined> = {
  toString: (url: UrlValue) => asText(url),
  with_query: (url, call) => ({
    ...url,
    query: queryOf(call.args[0] ?? { kind: "dictionary", entries: call.named, isOpen: false }),
  }),
  joinpath: (url, { args, line }) => ({
    ...url,
    base: joinPaths([url.base, ...args.map(asText)], [line]),
  }),
};

/** `executor.map(fetch, urls)`, `pool.submit(fetch, url)`: others call what they are given. */
const PATH_METHODS: Record<string, (path: Value, call: Call) => Value | undefined> = {
  map: (_, call) => {
    const [fn, list] = call.args;
    if (list === undefined || (fn?.kind !== "function" && fn?.kind !== "path")) return undefined;
    return mapped(call, fn, ...call.args.slice(1));
  },
  submit: (_, call) => {
    const [fn, ...rest] = call.given;
    if (fn === undefined || (fn.value.kind !== "function" && fn.value.kind !== "path")) {
      return undefined;
    }
    return call.evaluator.callValue(fn.value, rest, call.line, call.scope);
  },
};

/** Methods by the kind of the value they are called on. */
export const METHODS: Record<string, Record<string, Method> | undefined> = {
  text: TEXT_METHODS as Record<string, Method>,
  number: NUMBER_METHODS as Record<string, Method>,
  list: LIST_METHODS as Record<string, Method>,
  dictionary: DICTIONARY_METHODS as Record<string, Method>,
  query: QUERY_METHODS as Record<string, Method>,
  url: URL_METHODS as Record<string, Method>,
  path: PATH_METHODS as Record<string, Method>,
  unknown: PATH_METHODS as Record<string, Method>,
};
