// Where a URL in a line of code ends: a question of quotes, brackets and punctuation, not of syntax.
import { skipBraces } from "./placeholders.ts";

const LONGEST = 4000;
const MOST_ENDS = 24;
// Tags that follow a URL in HTML; any other <word> is taken for a placeholder.
const TAG =
  /^<(?:\/|!|(?:a|b|br|code|dd|div|dt|em|hr|i|img|li|ol|p|pre|small|span|strong|sub|sup|table|td|th|tr|tt|u|ul)\b)/i;
const PLACEHOLDER_TAG = /^<(?:%[^>]{0,80}%>|\?[^>]{0,80}\?>|[A-Za-z_][\w .:-]{0,60}>)/;
const ESCAPE = /^\\{1,8}(?:u00(?:2[356f]|3[adf]|5f|7e)|x(?:2[356f]|3[adf])|[/&_%#~=?.:-])/i;
const ENTITY_END = /^&(?:quot|apos|gt|nbsp|#0*3[49]|#x0*2[27]|lt(?!;\w+&gt;));/i;
const ENCODED = /[A-Za-z0-9%._~*!()+-]/;

/**
 * The end of the URL whose path begins at `tail`, by all signs, and every end that is possible,
 * longest first. A catalogue URL may hold blanks, quotes or brackets, so that only a comparison
 * with the catalogue can tell; never is a URL ended in the middle of a name.
 */
export function findUrlEnds(
  line: string,
  start: number,
  tail: number,
  quote: string,
  isEncoded: boolean,
): { end: number; ends: number[] } {
  const hard = isEncoded ? encodedEnd(line, tail) : hardEnd(line, tail, quote);
  const cuts = isEncoded ? { soft: [], sure: hard } : cutsWithin(line, start, tail, hard, quote);
  const ends = new Set<number>();
  const closing = quote === "" ? -1 : closingQuote(line, hard, quote);
  if (closing > hard) ends.add(closing);
  for (const cut of [hard, ...cuts.soft.reverse()]) {
    for (let at = cut; at > tail && ends.size < MOST_ENDS; at--) {
      ends.add(at);
      if (!".,;:!?'\"*_~|\\)]}>".includes(line.charAt(at - 1))) break;
    }
  }
  let end = cuts.sure;
  const isClosed = quote !== "" && line.startsWith(quote, end);
  const trimmed = isClosed ? "\\" : ".,;:!?'\"*\\";
  while (end > tail && trimmed.includes(line.charAt(end - 1))) end--;
  ends.add(end);
  return { end, ends: [...ends].sort((a, b) => b - a) };
}

function hardEnd(line: string, tail: number, quote: string): number {
  const stop = Math.min(line.length, tail + LONGEST);
  let at = tail;
  while (at < stop) {
    const code = line.charCodeAt(at);
    if (code <= 32 || code === 34 || code === 62 || code === 96 || isForeignStop(code)) break;
    if (code === 39 && quote === "'" && line.charCodeAt(at - 1) !== 92) break;
    if (code === 60) {
      const rest = line.slice(at, at + 90);
      const placeholder = TAG.test(rest) ? null : PLACEHOLDER_TAG.exec(rest);
      if (!placeholder) break;
      at += placeholder[0].length;
    } else if (code === 123 || (code === 40 && isOneOf(line.charAt(at - 1), "$\\"))) {
      at = Math.max(at + 1, skipBraces(line, at));
    } else at++;
  }
  return at;
}

function encodedEnd(line: string, tail: number): number {
  let at = tail;
  while (at < line.length && at < tail + LONGEST && ENCODED.test(line.charAt(at))) at++;
  return at;
}

/** Positions at which the URL may end before the hard end, and the first at which it surely does. */
function cutsWithin(line: string, start: number, tail: number, hard: number, quote: string) {
  const soft: number[] = [];
  let sure = hard;
  let round = 0;
  let square = 0;
  let hasQuery = false;
  const isInQuery = line.charAt(start - 1) === "=";
  for (let at = tail; at < hard; at++) {
    const character = line.charAt(at);
    let isCut = false;
    let isSure = true;
    if (character === "?") hasQuery = true;
    else if (character === "{") at = Math.max(at, skipBraces(line, at) - 1);
    else if (character === "(") round++;
    else if (character === ")") isCut = round-- <= 0;
    else if (character === "[") square++;
    else if (character === "]") isCut = square-- <= 0;
    else if (character === "}" || character === "|" || character === "^") isCut = true;
    else if (character === "'") {
      isCut = true;
      isSure = quote !== '"' && quote !== "`";
    } else if (character === "," || character === ";") {
      isCut = isSeparator(line, start, at, hard);
    } else if (character === "\\") {
      const escape = ESCAPE.exec(line.slice(at, at + 12));
      if (escape) at += escape[0].length - 1;
      else if (line.charAt(at + 1) !== "(") isCut = true;
    } else if (character === "&") {
      isCut = !hasQuery || ENTITY_END.test(line.slice(at, at + 24));
      isSure = hasQuery || isInQuery || ENTITY_END.test(line.slice(at, at + 24));
    }
    if (!isCut) continue;
    if (soft.length < MOST_ENDS) soft.push(at);
    if (isSure && sure === hard) sure = at;
    if (isSure && soft.length >= MOST_ENDS) break;
  }
  return { soft, sure };
}

/** Whether a comma or semicolon parts the URL from what follows, as in a list or a CSV line. */
function isSeparator(line: string, start: number, at: number, hard: number): boolean {
  if (start === 0 || isOneOf(line.charAt(start - 1), ",;\t")) return true;
  return at + 1 >= hard || isOneOf(line.charAt(at + 1), ",;'([{") ||
    line.startsWith("http", at + 1);
}

function closingQuote(line: string, from: number, quote: string): number {
  let at = line.indexOf(quote, from);
  while (at > 0 && line.charAt(at - 1) === "\\") at = line.indexOf(quote, at + 1);
  return at > from + LONGEST ? -1 : at;
}

/** Typographic quotes and the punctuation of scripts that put no blank after a URL. */
function isForeignStop(code: number): boolean {
  return code === 0xa0 || code === 0xab || code === 0xbb || (code >= 0x2018 && code <= 0x201f) ||
    (code >= 0x2028 && code <= 0x2029) || (code >= 0x3000 && code <= 0x303f) ||
    (code >= 0xff01 && code <= 0xff0f) || (code >= 0xff1a && code <= 0xff1f);
}

function isOneOf(character: string, characters: string): boolean {
  return character !== "" && characters.includes(character);
}
