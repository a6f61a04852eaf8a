/**
 * Ways of filling a text: `format`, `printf`, format specifications, percent-encoding.
 *
 * @module
 */
import {
  asText,
  concatenate,
  HOLE,
  linesOf,
  textOf,
  type TextValue,
  type Value,
} from "./values.ts";

const HOLE_TEXT = textOf(HOLE, []);

/** Pieces in order: texts as they are, and what represents a value. */
function filled(
  template: TextValue,
  pattern: RegExp,
  value: (match: RegExpMatchArray) => TextValue,
): TextValue {
  const parts: TextValue[] = [];
  let at = 0;
  const plain = (text: string) => {
    if (text !== "") parts.push(textOf(text, template.from, template.isMade));
  };
  for (const match of template.text.matchAll(pattern)) {
    plain(template.text.slice(at, match.index));
    parts.push(value(match));
    at = match.index + match[0].length;
    if (parts.length > 200) return HOLE_TEXT;
  }
  plain(template.text.slice(at));
  return { ...concatenate(parts, template.from), isMade: true };
}

const PRINTF = /%(?:\((\w+)\))?([-+ #]*)(0?)(\d*)(?:\.(\d+))?[lh]*([%a-zA-Z])/g;

/** `sprintf`: `named` holds what `%(name)s` asks for. */
export function printf(
  template: TextValue,
  values: Value[],
  named: Map<string, Value> | null,
): TextValue {
  let next = 0;
  return filled(template, PRINTF, (match) => {
    const [, name, , zero, width = "", precision, letter] = match;
    if (letter === "%") return textOf("%", []);
    const value = name === undefined ? values[next++] : named?.get(name);
    if (value === undefined || precision !== undefined) return HOLE_TEXT;
    const text = asText(value);
    if (letter === "s") return width === "" ? text : pad(text, Number(width), " ");
    if (letter !== "d" && letter !== "i" && letter !== "f") return HOLE_TEXT;
    if (letter === "f" || !isNumeric(text)) return HOLE_TEXT;
    return pad(text, Number(width), zero === "0" ? "0" : " ");
  });
}

/** Python's `str.format`. */
export function fill(template: TextValue, values: Value[], named: Map<string, Value>): TextValue {
  let next = 0;
  const holes = /\{\{|\}\}|\{(\w*)((?:\.\w+|\[[^\]]*\])*)(![rsa])?(?::([^{}]*))?\}/g;
  return filled(template, holes, ([whole, name = "", path = "", conversion, spec = ""]) => {
    if (whole === "{{" || whole === "}}") return textOf(whole.charAt(0), []);
    let value = name === ""
      ? values[next++]
      : /^\d+$/.test(name)
      ? values[Number(name)]
      : named.get(name);
    const key = /^\[([^\]]+)\]$/.exec(path)?.[1];
    if (key !== undefined && value?.kind === "dictionary") value = value.entries.get(key);
    else if (path !== "") value = undefined;
    if (value === undefined || conversion !== undefined) return HOLE_TEXT;
    return formatValue(value, spec);
  });
}

/** A value by a specification such as `02d`. */
export function formatValue(value: Value, spec: string): TextValue {
  const text = asText(value);
  if (spec === "" || spec === "s" || spec === "d") return text;
  const found = /^(0?)(>?)(\d+)d?$/.exec(spec);
  if (found === null || !isNumeric(text)) return HOLE_TEXT;
  return pad(text, Number(found[3]), found[1] === "0" ? "0" : " ");
}

/** A text with something put before it until it is long enough. */
export function pad(text: TextValue, width: number, filler: string, isAfter = false): TextValue {
  if (text.text.includes(HOLE)) return HOLE_TEXT;
  if (!(width <= 100) || text.text.length >= width) return text;
  const padded = isAfter ? text.text.padEnd(width, filler) : text.text.padStart(width, filler);
  return textOf(padded, text.from);
}

/** A text in which one text takes the place of another. */
export function replaced(
  text: TextValue,
  search: TextValue,
  replacement: TextValue,
  isAll: boolean,
): TextValue {
  if (search.text === "" || search.text.includes(HOLE)) return HOLE_TEXT;
  if (!text.text.includes(search.text)) return text;
  const parts = text.text.split(search.text);
  const joined = isAll
    ? parts.join(replacement.text)
    : parts[0] + replacement.text + parts.slice(1).join(search.text);
  return concatenate([textOf(joined, text.from), textOf("", [])], linesOf(replacement));
}

/** A text without some characters at its ends. */
export function stripped(
  text: TextValue,
  characters: string,
  at: "start" | "end" | "both",
): TextValue {
  let start = 0;
  let end = text.text.length;
  if (at !== "end") { while (start < end && characters.includes(text.text.charAt(start))) start++; }
  if (at !== "start") {
    while (end > start && characters.includes(text.text.charAt(end - 1))) {
      end--;
    }
  }
  return start === 0 && end === text.text.length
    ? text
    : textOf(text.text.slice(start, end), text.from);
}

/** Texts joined as paths are, with one slash between them. */
export function joinPaths(parts: TextValue[], lines: readonly number[]): TextValue {
  const pieces: TextValue[] = [];
  parts.filter(({ text }) => text !== "").forEach((part, at) => {
    if (at > 0 && !pieces.at(-1)!.text.endsWith("/")) pieces.push(textOf("/", []));
    pieces.push(part);
  });
  return {
    ...concatenate(pieces, lines),
    isMade: pieces.length > 1 || (pieces[0]?.isMade ?? true),
  };
}

/** A reference resolved against a base, as `urljoin` and `new URL` do. */
export function resolveUrl(
  base: TextValue,
  reference: TextValue,
  lines: readonly number[],
): TextValue {
  const from = [...new Set([...base.from, ...reference.from, ...lines])].sort((a, b) => a - b);
  if (/^[a-z][a-z0-9+.-]*:/i.test(reference.text)) return reference;
  const cut = reference.text.indexOf(HOLE);
  // a hole at the start may be anything, a whole address too
  if (cut === 0 || !/^https?:\/\//i.test(base.text)) return HOLE_TEXT;
  const placeholder = "hole-in-the-url";
  try {
    const url = new URL(
      reference.text.replaceAll(HOLE, placeholder),
      base.text.replaceAll(HOLE, placeholder),
    );
    return textOf(url.href.replaceAll(placeholder, HOLE), from);
  } catch {
    return HOLE_TEXT;
  }
}

function isNumeric({ text }: TextValue): boolean {
  return /^-?\d+$/.test(text);
}
