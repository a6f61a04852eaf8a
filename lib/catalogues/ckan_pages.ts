/**
 * Cuts one answer of `package_search` into its datasets without making objects of it: the bytes of
 * every dataset stay as the portal gave them. The scanner knows strings, escapes and depth; whether
 * a piece is good JSON is for a parser to say.
 */

/** Where the datasets of an answer lie: offsets into its bytes, ends exclusive. */
export interface ResultSlices {
  /** Start and end of each element of `result.results`, one after the other. */
  bounds: number[];
  /** The array itself, its brackets included. */
  arrayStart: number;
  arrayEnd: number;
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const BOM = [0xef, 0xbb, 0xbf];

/**
 * Finds the elements of `result.results`; undefined where the answer has no such array.
 * @throws {SyntaxError} where the bytes cannot be JSON or end too early.
 */
export function splitResults(bytes: Uint8Array): ResultSlices | undefined {
  const start = BOM.every((byte, index) => bytes[index] === byte) ? BOM.length : 0;
  const result = findValue(bytes, skipSpace(bytes, start), "result");
  if (result === undefined || bytes[result] !== 123) return undefined;
  const results = findValue(bytes, result, "results");
  if (results === undefined || bytes[results] !== 91) return undefined;
  return splitArray(bytes, results);
}

function splitArray(bytes: Uint8Array, arrayStart: number): ResultSlices {
  const bounds: number[] = [];
  let at = skipSpace(bytes, arrayStart + 1);
  if (bytes[at] === 93) return { bounds, arrayStart, arrayEnd: at + 1 };
  for (;;) {
    const end = skipValue(bytes, at);
    bounds.push(at, end);
    at = skipSpace(bytes, end);
    if (bytes[at] === 93) return { bounds, arrayStart, arrayEnd: at + 1 };
    if (bytes[at] !== COMMA) throw fault(bytes, at);
    at = skipSpace(bytes, at + 1);
  }
}

/** The offset of a member's value in the object at `at`; undefined where it has no such member. */
function findValue(bytes: Uint8Array, at: number, name: string): number | undefined {
  if (bytes[at] !== 123) return undefined;
  at = skipSpace(bytes, at + 1);
  while (bytes[at] === QUOTE) {
    const end = skipString(bytes, at);
    const isIt = end - at === name.length + 2 &&
      [...name].every((letter, index) => bytes[at + 1 + index] === letter.charCodeAt(0));
    at = skipSpace(bytes, end);
    if (bytes[at] !== COLON) throw fault(bytes, at);
    at = skipSpace(bytes, at + 1);
    if (isIt) return at;
    at = skipSpace(bytes, skipValue(bytes, at));
    if (bytes[at] !== COMMA) break;
    at = skipSpace(bytes, at + 1);
  }
  if (bytes[at] !== 125) throw fault(bytes, at);
  return undefined;
}

function skipSpace(bytes: Uint8Array, at: number): number {
  while (bytes[at] === 32 || bytes[at] === 10 || bytes[at] === 13 || bytes[at] === 9) at += 1;
  return at;
}

function skipValue(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === QUOTE) return skipString(bytes, at);
  if (first !== 123 && first !== 91) {
    const start = at;
    // numbers and words: up to a comma, a closing bracket or space
    while (at < bytes.length && !isEndOfWord(bytes[at]!)) at += 1;
    if (at === start) throw fault(bytes, at);
    return at;
  }
  let depth = 0;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = skipString(bytes, at);
      continue;
    }
    at += 1;
    // { and [ are 123 and 91, } and ] are 125 and 93
    if (byte === 123 || byte === 91) depth += 1;
    else if (byte === 125 || byte === 93) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  throw fault(bytes, at);
}

function isEndOfWord(byte: number): boolean {
  return byte === COMMA || byte === 93 || byte === 125 || byte <= 32;
}

/** The offset behind the string that begins at `at`. */
export function skipString(bytes: Uint8Array, at: number): number {
  for (let quote = bytes.indexOf(QUOTE, at + 1); quote >= 0;) {
    let before = quote - 1;
    while (bytes[before] === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 1) return quote + 1;
    quote = bytes.indexOf(QUOTE, quote + 1);
  }
  throw fault(bytes, bytes.length);
}

function fault(bytes: Uint8Array, at: number): SyntaxError {
  return new SyntaxError(
    at >= bytes.length ? "the JSON ends too early" : `bad JSON at byte ${at}`,
  );
}
