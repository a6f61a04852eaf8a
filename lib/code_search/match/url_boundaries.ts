/**
 * Where a URL in a line of code ends: a question of quotes, brackets, punctuation and scripts, not
 * of URL syntax.
 *
 * A catalogue URL may hold blanks, quotes, brackets or letters of any script, so a line often has
 * several possible ends and only a comparison with the catalogue can decide among them. A URL is
 * never ended in the middle of a name.
 * @module
 */

import { skipBraces } from "./placeholders.ts";
import { namedEntity } from "./urls.ts";

/** The possible ends of a URL. */
export interface UrlEnds {
  /** Where it ends by all signs. */
  end: number;
  /** Every possible end, longest first, `end` among them. */
  ends: number[];
  /** Ends before `end` that are likely enough to be tried for more than whole catalogue URLs. */
  likely: number[];
}

const LONGEST = 4000;
const MOST_ENDS = 32;
const MOST_LIKELY = 4;
// Tags that follow a URL in HTML; any other <word> is taken for a placeholder.
const TAG =
  /^<(?:\/|!|(?:a|b|br|code|dd|div|dt|em|hr|i|img|li|ol|p|pre|small|span|strong|sub|sup|table|td|th|tr|tt|u|ul)\b)/i;
const LINE_BREAK = /^<\/?wbr\s*\/?>/i;
const PLACEHOLDER_TAG = /^<(?:%[^>]{0,80}%>|\?[^>]{0,80}\?>|[A-Za-z_][\w .:-]{0,60}>)/;
const ESCAPE = /^\\{1,8}(?:u\{?([0-9a-f]{4})\}?|x([0-9a-f]{2})|[/&_%#~=?.:$-])/i;
const ENTITY = /^&(?:amp;)*(?:#0*(\d{2,6})|#x0*([0-9a-f]{2,5})|([a-z]{2,31}\d{0,2}));/i;
const ENCODED = /[A-Za-z0-9%._~*!()+-]/;
const ENCODED_END = /%(?:25)*(?:20|0a|0d|22|27|3c|3e|60|7b|7c|7d|5d|29|2c|26|3b)/gi;
// {target=_blank}, {:.class}, {#id} and {.class} of Markdown; {?page,size} of URI templates.
const ATTRIBUTES = /^\{(?:[:.#][\w.:-]|[?&#]|\s*[\w-]+\s*=)/;
/** A blank, bracket or quote that is percent-encoded with the URL before it; "%s" of a format. */
const AFTER_PERCENT = /^%(?:20|0[ad]|22|27|3[ce]|60|7[cd]|5d|29|2c|[sd(])/i;
const AFTER_FILE = /\.[A-Za-z][A-Za-z0-9]{1,7}$/;
const LETTER = /[\p{L}\p{M}\p{Nd}]/u;
const LATIN = /[\p{Script=Latin}\p{M}]/u;
const SPACE = /\s|\u0085|\u180e/;
const TRAILING = ".,;:!?'\"*_|\\)]}>=-";

/** Finds the ends of the URL whose path begins at `tail`. */
export function findUrlEnds(
  line: string,
  start: number,
  tail: number,
  quote: string,
  isEncoded: boolean,
): UrlEnds {
  if (isEncoded) return encodedEnds(line, tail);
  const hard = hardEnd(line, tail, quote);
  const { soft, sure, likely } = cutsWithin(line, start, tail, hard, quote);
  const ends = new Set<number>();
  const closing = quote === "" || line.startsWith(quote, hard)
    ? -1
    : closingQuote(line, hard, quote);
  if (closing > hard) ends.add(closing);
  for (const cut of [hard, ...soft.reverse()]) {
    for (let at = cut; at > tail && ends.size < MOST_ENDS; at--) {
      ends.add(at);
      if (!TRAILING.includes(line.charAt(at - 1))) break;
    }
  }
  let end = sure;
  const isClosed = quote !== "" && line.startsWith(quote, end);
  const trimmed = isClosed ? "\\" : ".,;:!?'\"*\\";
  while (end > tail && trimmed.includes(line.charAt(end - 1))) end--;
  ends.add(end);
  const before = likely.length === 0
    ? likely
    : [...new Set(likely.map((at) => withoutPunctuation(line, tail, at)))]
      .filter((at) => at < end && at > tail);
  for (const at of before) ends.add(at);
  return {
    end,
    ends: [...ends].sort((a, b) => b - a),
    likely: before.sort((a, b) => b - a).slice(0, MOST_LIKELY),
  };
}

function withoutPunctuation(line: string, tail: number, from: number): number {
  let at = from;
  while (at > tail && ".,;:!?'\"*\\".includes(line.charAt(at - 1))) at--;
  return at;
}

/** In a URL that is percent-encoded as a whole, its end may be too. */
function encodedEnds(line: string, tail: number): UrlEnds {
  let end = tail;
  while (end < line.length && end < tail + LONGEST && ENCODED.test(line.charAt(end))) end++;
  const ends = [end];
  const text = line.slice(tail, end);
  for (const found of text.matchAll(ENCODED_END)) {
    const isPart = /20|2c|29$/i.test(found[0]) && !AFTER_FILE.test(text.slice(0, found.index));
    if (ends.length < MOST_ENDS && found.index > 0 && !isPart) ends.push(tail + found.index);
  }
  for (let at = end; at > tail && ".)!*".includes(line.charAt(at - 1)); at--) ends.push(at - 1);
  ends.sort((a, b) => b - a);
  return { end, ends, likely: ends.filter((at) => at < end).slice(0, MOST_LIKELY) };
}

function hardEnd(line: string, tail: number, quote: string): number {
  const stop = Math.min(line.length, tail + LONGEST);
  let at = tail;
  while (at < stop) {
    const code = line.charCodeAt(at);
    if (code <= 32 || code === 34 || code === 62 || code === 96) break;
    if (code > 0x7f) {
      if (code < 0xa1 || (code >= 0x1680 && SPACE.test(line.charAt(at)))) break;
      at++;
      continue;
    }
    // the next URL of a list; without this a long list would be read once for each of its URLs
    if ((code === 44 || code === 59) && /^.https?:/.test(line.slice(at, at + 8))) break;
    if (code === 39 && quote === "'" && line.charCodeAt(at - 1) !== 92) break;
    if (code === 60) {
      const rest = line.slice(at, at + 90);
      const placeholder = LINE_BREAK.exec(rest) ??
        (TAG.test(rest) ? null : PLACEHOLDER_TAG.exec(rest));
      if (!placeholder) break;
      at += placeholder[0].length;
    } else if (code === 123 || (code === 40 && isOneOf(line.charAt(at - 1), "$\\"))) {
      at = Math.max(at + 1, skipBraces(line, at));
    } else at++;
  }
  return Math.min(at, line.length);
}

/** Positions at which the URL may end before the hard end, and the first at which it surely does. */
function cutsWithin(line: string, start: number, tail: number, hard: number, quote: string) {
  const soft: number[] = [];
  const likely: number[] = [];
  let sure = hard;
  let round = 0;
  let square = 0;
  let hasQuery = false;
  const isInQuery = line.charAt(start - 1) === "=";
  const isAfterFile = (at: number) => AFTER_FILE.test(line.slice(Math.max(tail, at - 12), at));
  for (let at = tail; at < hard; at++) {
    const cut = at;
    const code = line.charCodeAt(at);
    let isCut = false;
    let isSure = true;
    let isLikely = false;
    if (code > 0x7f) {
      const character = String.fromCodePoint(line.codePointAt(at) ?? code);
      at += character.length - 1;
      if (!LETTER.test(character)) isCut = true;
      else if (!LATIN.test(character) && isPlain(line.charAt(cut - 1))) {
        // letters of another script right after a URL are as a rule the sentence's
        isCut = isLikely = true;
        isSure = false;
      }
    } else {
      const character = line.charAt(at);
      switch (character) {
        case "?":
          hasQuery = true;
          break;
        case "{":
          if (line.startsWith("{\\", at)) {
            at = Math.max(at, skipBraces(line, at) - 1); // LaTeX: {\_}
          } else if (ATTRIBUTES.test(line.slice(at, at + 40))) {
            isCut = true;
            at = Math.max(at, skipBraces(line, at) - 1);
          } else {
            isCut = isAfterFile(at);
            isSure = false;
            at = Math.max(at, skipBraces(line, at) - 1);
          }
          break;
        case "<":
          isCut = LINE_BREAK.test(line.slice(at, at + 8)) || isAfterFile(at);
          isSure = false;
          at = Math.max(at, line.indexOf(">", at));
          break;
        case "$":
          isCut = isAfterFile(at);
          isSure = false;
          break;
        case "%":
          isCut = AFTER_PERCENT.test(line.slice(at, at + 3)) && isAfterFile(at);
          isSure = false;
          break;
        case "(":
          round++;
          isCut = isAfterFile(at);
          isSure = false;
          break;
        case ")":
          isCut = round-- <= 0;
          break;
        case "[":
          square++;
          isSure = isLabel(line, at, hard);
          isCut = isSure || isAfterFile(at);
          if (isSure) square--;
          break;
        case "]":
          isCut = square-- <= 0;
          break;
        case "}":
        case "|":
        case "^":
          isCut = true;
          break;
        case "'":
          isCut = true;
          isSure = quote !== '"' && quote !== "`";
          break;
        case ",":
        case ";":
          isSure = isSeparator(line, start, at, hard);
          isLikely = !isSure && /^[,;] ?[A-Za-z_-]+=/.test(line.slice(at, at + 24));
          isCut = isSure || isLikely || isAfterFile(at);
          break;
        case "~":
          isCut = line.startsWith("~~", at);
          isSure = false;
          break;
        case ":":
        case "*":
        case "=":
          isCut = at + 1 < hard && (isAfterFile(at) || !/[\w%/]/.test(line.charAt(at + 1)));
          isSure = false;
          break;
        case ".":
          isCut = line.startsWith("...", at) && isAfterFile(at);
          isSure = false;
          break;
        case "\\": {
          const escape = ESCAPE.exec(line.slice(at, at + 16));
          const letter = escape?.[1] ?? escape?.[2];
          if (!escape) isCut = line.charAt(at + 1) !== "(";
          else if (letter !== undefined && !isUrlCode(parseInt(letter, 16))) isCut = true;
          else at += escape[0].length - 1;
          break;
        }
        case "&": {
          const entity = ENTITY.exec(line.slice(at, at + 40));
          if (entity && isEnd(entity)) isCut = true;
          else if (entity && !entity[3]?.startsWith("amp")) at += entity[0].length - 1;
          else {
            isCut = !hasQuery;
            isSure = hasQuery || isInQuery;
            if (entity) at += entity[0].length - 1;
          }
          break;
        }
        default:
          break;
      }
    }
    if (!isCut) continue;
    if (soft.length < MOST_ENDS) soft.push(cut);
    if (isLikely && sure === hard) likely.push(cut);
    if (isSure && sure === hard) sure = cut;
    if (isSure && soft.length >= MOST_ENDS) break;
  }
  return { soft, sure, likely };
}

/** Whether an entity ends a URL: a quote, a bracket, a dash, a blank; `&lt;year&gt;` is a hole. */
function isEnd(entity: RegExpExecArray): boolean {
  const [all, decimal, hex, name] = entity;
  if (name !== undefined) {
    if (name.toLowerCase() === "lt") return !/^&lt;\w+&gt;/i.test(entity.input);
    return namedEntity(name) === undefined && all !== "";
  }
  const code = decimal !== undefined ? Number(decimal) : parseInt(hex ?? "", 16);
  return !isUrlCode(code);
}

/** Whether a character given by its number may be part of a URL. */
function isUrlCode(code: number): boolean {
  if (code > 0x7f) return code <= 0x10ffff && LETTER.test(String.fromCodePoint(code));
  return code > 32 && !`"'<>\`{}|^\\`.includes(String.fromCharCode(code));
}

function isPlain(character: string): boolean {
  return character === "" || character <= "\u007f" || LATIN.test(character);
}

/** "…csv[label]" of AsciiDoc; "filters[year]=2020" and "trees_[year].csv" continue after the bracket. */
function isLabel(line: string, at: number, hard: number): boolean {
  const close = line.indexOf("]", at);
  if (close < 0 || close >= hard) return true;
  return !/[\w/.?=&%-]/.test(line.charAt(close + 1)) && /[A-Za-z0-9/)]/.test(line.charAt(at - 1));
}

/** Whether a comma or semicolon separates the URL from what follows, as in a list or a CSV line. */
function isSeparator(line: string, start: number, at: number, hard: number): boolean {
  if (start === 0 || isOneOf(line.charAt(start - 1), ",;\t")) return true;
  return at + 1 >= hard || isOneOf(line.charAt(at + 1), ",;'([{") ||
    line.startsWith("http", at + 1);
}

function closingQuote(line: string, from: number, quote: string): number {
  const near = line.slice(from, from + 400);
  let at = near.indexOf(quote);
  while (at > 0 && near.charAt(at - 1) === "\\") at = near.indexOf(quote, at + 1);
  return at < 0 ? -1 : from + at;
}

function isOneOf(character: string, characters: string): boolean {
  return character !== "" && characters.includes(character);
}
