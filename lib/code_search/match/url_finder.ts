/**
 * Every place of a line where a URL begins, and where it may end.
 *
 * The hosts lead: a line is examined only where it has a host that the catalogue knows. So a URL
 * inside another URL is found like any other, and a million lines cost little.
 * @module
 */

import { comparableHost, comparablePort } from "./urls.ts";
import { findUrlEnds } from "./url_boundaries.ts";

/** A URL as it is in a line; all positions are UTF-16 offsets into the line. */
export interface UrlRun {
  /** Comparable host, with a port that is not a default one. */
  host: string;
  /** Where the text begins: at the scheme, at the slashes of "//host", or at the host. */
  start: number;
  /** Where path or query begin; equal to `end` when there is neither. */
  tail: number;
  /** Where the URL ends by all signs. */
  end: number;
  /** Other ends that are possible, longest first, `end` among them: catalogues have odd URLs. */
  ends: number[];
  /** Shorter ends that are likely enough to be tried for every kind of mention. */
  likely: number[];
  hasScheme: boolean;
  /** How often the URL is percent-encoded as a whole, as inside another URL; mostly 0. */
  encodings: number;
  /** The quote that opens the string which begins with this URL, or "". */
  quote: string;
}

const SLASH = "(?:\\\\*/|%(?:25)*2f|&#0*47;|&#x0*2f;|&sol;|\\\\+u002f|\\\\+x2f)";
const COLON = "(?::|%(?:25)*3a|&#0*58;|&#x0*3a;|&colon;|\\\\+u003a)";
const SCHEME_BEFORE = new RegExp(`(https?|ftps?)${COLON}${SLASH}{1,2}$`, "i");
const SLASHES_BEFORE = new RegExp(`${SLASH}${SLASH}$`, "i");
const USER_BEFORE = /(https?|ftps?):\/\/[^\s/@"'<>]*@$/i;
const ESCAPED_START = /^(?:(?:25)*[0-9a-f]{2})/i;
const TAIL_START = new RegExp(`^(?:${COLON}(\\d{1,5}))?(?:${SLASH}|[?#])`, "i");
const PORT = new RegExp(`^${COLON}\\d{1,5}`, "i");
const ENCODED_SLASH = /^%((?:25)*)2f/i;

/**
 * Finds the URLs of a line. `knows` gets a comparable host and says whether it is wanted. A host
 * without scheme counts only when a path follows.
 */
export function findUrlRuns(line: string, knows: (host: string) => boolean): UrlRun[] {
  return [...urlRuns(line, knows)];
}

/** The same, one at a time. */
export function* urlRuns(line: string, knows: (host: string) => boolean): Generator<UrlRun> {
  let from = 0;
  let dot = line.indexOf(".");
  while (dot >= 0) {
    let start = dot;
    while (start > from && isHostCode(line.charCodeAt(start - 1))) start--;
    let end = dot + 1;
    while (end < line.length && isHostCode(line.charCodeAt(end))) end++;
    from = end;
    if (end - start >= 4 && end - start <= 300) {
      const host = locateHost(line, start, end, knows);
      const run = host && readRun(line, host);
      if (run) yield run;
    }
    dot = line.indexOf(".", end);
  }
}

/** A host in a line, and its comparable name. */
type HostPlace = [start: number, end: number, name: string];

/** The wanted host in a run of host characters; escapes may stick to its front. */
function locateHost(
  line: string,
  start: number,
  end: number,
  knows: (host: string) => boolean,
): HostPlace | null {
  // a root's dot belongs to the host where a path or port follows
  const isRooted = line.charCodeAt(end - 1) === 46 && line.charCodeAt(end - 2) !== 46 &&
    (line.charCodeAt(end) === 47 || /^:\d/.test(line.slice(end, end + 2)));
  if (!isRooted) { while (end > start && line.charCodeAt(end - 1) === 46) end--; }
  let first = start;
  while (first < end && isOneOf(line.charCodeAt(first), "._-")) first++;
  const run = line.slice(first, end);
  let name = comparableHost(run);
  if (knows(name)) return [first, end, name];
  if (first > 0) {
    const before = line.charCodeAt(first - 1);
    let skipped = 0;
    if (before === 37) skipped = ESCAPED_START.exec(run)?.[0].length ?? 0; // %2Fhost
    if (before === 92) skipped = /^u00[0-9a-f]{2}|^x[0-9a-f]{2}|^[nrt]/i.exec(run)?.[0].length ?? 0;
    if (skipped > 0) {
      name = comparableHost(run.slice(skipped));
      if (knows(name)) return [first + skipped, end, name];
    }
  }
  // A host with letters beyond ASCII: "zürich.ch" was cut to "rich.ch".
  let left = first;
  while (left > 0 && isHostCodeOrLetter(line.charCodeAt(left - 1))) left--;
  let right = end;
  while (right < line.length && isHostCodeOrLetter(line.charCodeAt(right))) right++;
  if ((left < first || right > end) && right - left <= 300) {
    name = comparableHost(line.slice(left, right));
    if (knows(name)) return [left, right, name];
  }
  return hasEscapes(line, first, end) ? escapedHost(line, first, end, knows) : null;
}

const ESCAPED_LETTER = /(?:%[c-f][0-9a-f](?:%[89ab][0-9a-f]){1,3}|\\{1,8}u[0-9a-f]{4})/gi;

function hasEscapes(line: string, start: number, end: number): boolean {
  return isOneOf(line.charCodeAt(end), "%\\") ||
    (start > 2 && "%\\".includes(line.charAt(start - 3))) ||
    (start > 5 && line.charAt(start - 6) === "\\");
}

/** "z%C3%BCrich.example" and "z\\u00fcrich.example": letters beyond ASCII that were escaped. */
function escapedHost(
  line: string,
  start: number,
  end: number,
  knows: (host: string) => boolean,
): HostPlace | null {
  const from = Math.max(0, start - 60);
  const around = line.slice(from, end + 60);
  if (!/%[c-f][0-9a-f]%|\\u[0-9a-f]{4}/i.test(around)) return null;
  const host = new RegExp(`(?:[\\w.-]|${ESCAPED_LETTER.source})+`, "gi");
  for (const found of around.matchAll(host)) {
    const [left, right] = [from + found.index, from + found.index + found[0].length];
    if (left > start || right < end) continue;
    const name = comparableHost(plainHost(found[0]));
    if (knows(name)) return [left, right, name];
  }
  return null;
}

function plainHost(text: string): string {
  return text.replace(ESCAPED_LETTER, (escape) => {
    try {
      return escape.startsWith("%")
        ? decodeURIComponent(escape)
        : String.fromCharCode(parseInt(escape.slice(-4), 16));
    } catch {
      return escape;
    }
  });
}

function readRun(line: string, [hostStart, hostEnd, name]: HostPlace): UrlRun | null {
  // "https://" needs a short look; escaped slashes and users a longer one
  const reach = line.startsWith("://", hostStart - 3) ? 8 : 120;
  const before = line.slice(Math.max(0, hostStart - reach), hostStart);
  const isUser = before.endsWith("@");
  const scheme = (isUser ? USER_BEFORE : SCHEME_BEFORE).exec(before);
  if (isUser && !scheme) return null; // an e-mail address or a scoped package
  const front = scheme ?? SLASHES_BEFORE.exec(before);
  const start = front ? hostStart - before.length + front.index : hostStart;
  const quoteAt = start - 1;
  const quote = quoteAt >= 0 && isOneOf(line.charCodeAt(quoteAt), "\"'`")
    ? line.charAt(quoteAt)
    : "";

  const follows = TAIL_START.exec(line.slice(hostEnd, hostEnd + 24));
  if (!follows) {
    if (!scheme) return null;
    const port = /^:(\d{1,5})(?!\w)/.exec(line.slice(hostEnd, hostEnd + 8));
    const end = hostEnd + (port?.[0].length ?? 0);
    const host = name + comparablePort(port?.[1] ?? "", scheme[1]);
    const none = { ends: [end], likely: [] };
    return { host, start, tail: end, end, ...none, hasScheme: true, encodings: 0, quote };
  }
  const port = follows[1] ?? "";
  const tail = hostEnd +
    (port === "" ? 0 : PORT.exec(line.slice(hostEnd, hostEnd + 24))?.[0].length ?? 0);
  const encoded = ENCODED_SLASH.exec(line.slice(tail, tail + 24));
  const encodings = encoded ? 1 + (encoded[1] ?? "").length / 2 : 0;
  const { end, ends, likely } = findUrlEnds(line, start, tail, quote, encodings > 0);
  return {
    host: name + comparablePort(port, scheme?.[1]),
    start,
    tail,
    end,
    ends,
    likely,
    hasScheme: scheme !== null,
    encodings,
    quote,
  };
}

function isHostCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 45 && code <= 46) ||
    (code >= 48 && code <= 57) || code === 95;
}

function isHostCodeOrLetter(code: number): boolean {
  return isHostCode(code) || (code >= 0xc0 && code < 0x2000 && code !== 0x1680) ||
    (code >= 0x3041 && code < 0xfe00);
}

function isOneOf(code: number, characters: string): boolean {
  return characters.includes(String.fromCharCode(code));
}
