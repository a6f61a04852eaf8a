/**
 * JSON read as bytes, without making objects of it: where a value ends, what the members of an object
 * are, and the records of a list that arrives in pieces. Half the time of a parser, and no garbage:
 * 50,000 datasets are 250 MB of text. The grammar is checked on the way, except for what is between
 * the quotes of a string.
 *
 * @module
 */

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
export const OPEN_LIST = 91;
const CLOSE_LIST = 93;
export const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
/** The byte order mark that some files begin with. */
export const BOM = [0xef, 0xbb, 0xbf];

/** No catalogue nests deeper; a hostile answer must not end the process. */
const DEEPEST = 500;
/** Python writes `NaN` and `Infinity`, which are no JSON but lose nothing. */
const WORD = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity)$/;

/**
 * The offset behind the value that begins at `at`.
 * @throws {SyntaxError} where it is not JSON or ends too early.
 */
export function skipValue(bytes: Uint8Array, at: number, depth = 0): number {
  const first = bytes[at];
  if (first === QUOTE) return skipString(bytes, at);
  if (depth > DEEPEST) throw new SyntaxError(`JSON nested deeper than ${DEEPEST} at byte ${at}`);
  if (first === OPEN_OBJECT) {
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    for (;;) {
      at = skipSpace(bytes, skipValue(bytes, skipName(bytes, at), depth + 1));
      if (bytes[at] === CLOSE_OBJECT) return at + 1;
      if (bytes[at] !== COMMA) throw fault(bytes, at);
      at = skipSpace(bytes, at + 1);
    }
  }
  if (first === OPEN_LIST) {
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === CLOSE_LIST) return at + 1;
    for (;;) {
      at = skipSpace(bytes, skipValue(bytes, at, depth + 1));
      if (bytes[at] === CLOSE_LIST) return at + 1;
      if (bytes[at] !== COMMA) throw fault(bytes, at);
      at = skipSpace(bytes, at + 1);
    }
  }
  return skipWord(bytes, at);
}

/**
 * Calls `member` for each member of the object at `at`, with the offsets of its name's quotes and of
 * its value; it gives the offset behind the value. Gives the offset behind the object.
 */
export function eachMember(
  bytes: Uint8Array,
  at: number,
  member: (name: number, value: number) => number,
): number {
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === CLOSE_OBJECT) return at + 1;
  for (;;) {
    at = skipSpace(bytes, member(at, skipName(bytes, at)));
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    if (bytes[at] !== COMMA) throw fault(bytes, at);
    at = skipSpace(bytes, at + 1);
  }
}

/** Calls `element` for each element of the list at `at`, as `eachMember` does. */
export function eachElement(
  bytes: Uint8Array,
  at: number,
  element: (value: number) => number,
): number {
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === CLOSE_LIST) return at + 1;
  for (;;) {
    at = skipSpace(bytes, element(at));
    if (bytes[at] === CLOSE_LIST) return at + 1;
    if (bytes[at] !== COMMA) throw fault(bytes, at);
    at = skipSpace(bytes, at + 1);
  }
}

/** Whether the string at `at` is this text, which has nothing to escape. */
export function isText(bytes: Uint8Array, at: number, text: string): boolean {
  if (bytes[at] !== QUOTE || bytes[at + 1 + text.length] !== QUOTE) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[at + 1 + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** The string at `at`, or undefined where there is another value. */
export function textAt(bytes: Uint8Array, at: number): string | undefined {
  if (bytes[at] !== QUOTE) return undefined;
  return JSON.parse(DECODER.decode(bytes.subarray(at, skipString(bytes, at))));
}

export function skipSpace(bytes: Uint8Array, at: number): number {
  for (;;) {
    const byte = bytes[at];
    if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) return at;
    at += 1;
  }
}

/** What is wrong at an offset. */
export function fault(bytes: Uint8Array, at: number): SyntaxError {
  return new SyntaxError(
    at >= bytes.length ? "the JSON ends too early" : `bad JSON at byte ${at}`,
  );
}

const DECODER = new TextDecoder();

/** The offset of the value of the member whose name begins at `at`. */
function skipName(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) throw fault(bytes, at);
  at = skipSpace(bytes, skipString(bytes, at));
  if (bytes[at] !== COLON) throw fault(bytes, at);
  return skipSpace(bytes, at + 1);
}

function skipString(bytes: Uint8Array, at: number): number {
  // byte by byte: three times as fast as a search for each quote
  const length = bytes.length;
  for (at += 1; at < length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at += 1;
  }
  throw fault(bytes, length);
}

function skipWord(bytes: Uint8Array, at: number): number {
  const start = at;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT || byte <= 32) break;
  }
  if (!isKnownWord(bytes, start, at - start)) throw fault(bytes, start);
  return at;
}

function isKnownWord(bytes: Uint8Array, at: number, length: number): boolean {
  // null, true and small numbers are nearly all there is
  const first = bytes[at]!;
  if (length === 1) return first >= 48 && first <= 57;
  if (length === 4 && (first === 110 || first === 116)) {
    const [second, third, fourth] = first === 110 ? [117, 108, 108] : [114, 117, 101];
    return bytes[at + 1] === second && bytes[at + 2] === third && bytes[at + 3] === fourth;
  }
  return length <= 4096 && WORD.test(DECODER.decode(bytes.subarray(at, at + length)));
}

/** No record is as long; a hostile file must not fill the memory. */
const LONGEST_RECORD = 64e6;

/**
 * Cuts the records of one list out of a JSON file while it arrives in pieces: their bytes stay as they
 * are, and never more of the file is held than one record.
 *
 * The list is a member of the file's object, or the file itself (DCAT-US 1.0). Where it is an object,
 * its values are the records (`{"0": {…}}`), or it is a single record. Commas that are missing between
 * records are counted, and the records are cut all the same.
 */
export class RecordCutter {
  /** Elements of the list that are not objects. */
  odd = 0;
  /** Records that no comma separates from the one before. */
  missingCommas = 0;
  /** The list was met. */
  hasList = false;
  /** The file was read to its closing bracket. */
  isWhole = false;
  #position = 0;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** Depth of the records; 0 where the list is not open. */
  #listDepth = 0;
  /** The list is an object, whose names are none of its elements. */
  #isKeyed = false;
  /** The byte of the list's object, where it is not known yet whether it is a record itself. */
  #maybeRecord = false;
  /** Between two elements of the list, or before the first. */
  #isBetween = false;
  /** The last string on the level of the file, which a colon makes a name; or in a keyed list. */
  #text: number[] = [];
  #name = "";
  #parts: Uint8Array[] | undefined;
  #recordDepth = 0;
  #length = 0;

  /** @param list the name of the member of the file's object that is the list */
  constructor(readonly list: string) {}

  /** Bytes of the file so far. */
  get position(): number {
    return this.#position;
  }

  /**
   * Takes the next piece and gives the records that end in it. They are good until the piece is
   * used otherwise.
   * @throws {SyntaxError} where the file is neither a JSON object nor a list
   */
  push(piece: Uint8Array): Uint8Array[] {
    const records: Uint8Array[] = [];
    let start = this.#parts === undefined ? -1 : 0;
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]!;
      if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#inString = false;
        if (this.#inString && this.#keepsText && this.#text.length < 64) this.#text.push(byte);
        continue;
      }
      if (byte <= 32) continue;
      if (this.#depth === 0) this.#atEdge(byte, this.#position + at);
      const inList = this.#listDepth > 0 && this.#depth === this.#listDepth;
      if (inList && byte === OPEN_OBJECT && this.#parts === undefined) {
        if (!this.#isBetween && !this.#isKeyed) this.missingCommas++;
        this.#isBetween = false;
        start = this.#begin(at, this.#depth);
      } else if (
        inList && this.#isBetween && !this.#isKeyed && byte !== COMMA && byte !== CLOSE_LIST
      ) {
        this.#isBetween = false;
        this.odd++;
      }
      switch (byte) {
        case QUOTE:
          this.#inString = true;
          if (this.#keepsText) this.#text = [];
          break;
        case COLON:
          if (this.#depth === 1) this.#name = String.fromCharCode(...this.#text);
          if (this.#maybeRecord && this.#depth === this.#listDepth) {
            this.#maybeRecord = false;
            // "0": {…} names an element; "title": … is a record's own member
            if (/^\d+$/.test(String.fromCharCode(...this.#text))) start = this.#forget();
            else this.#listDepth = 0;
          }
          break;
        case COMMA:
          if (inList) this.#isBetween = true;
          break;
        case OPEN_LIST:
        case OPEN_OBJECT:
          if (this.#opensList(byte)) {
            this.hasList = this.#isBetween = true;
            this.#listDepth = this.#depth + 1;
            this.#isKeyed = byte === OPEN_OBJECT;
            if (this.#isKeyed) {
              this.#maybeRecord = true;
              start = this.#begin(at, this.#depth);
            }
          }
          this.#depth++;
          break;
        case CLOSE_LIST:
        case CLOSE_OBJECT:
          this.#depth--;
          if (this.#parts !== undefined && this.#depth === this.#recordDepth) {
            if (this.#maybeRecord) start = this.#forget();
            else records.push(this.#record(piece.subarray(start, at + 1)));
            this.#maybeRecord = false;
            start = -1;
          }
          if (this.#listDepth > 0 && this.#depth < this.#listDepth) this.#listDepth = 0;
          if (this.#depth === 0) this.isWhole = true;
          break;
      }
    }
    this.#position += piece.length;
    if (start >= 0) this.#keep(piece.slice(start));
    return records;
  }

  get #keepsText(): boolean {
    return this.#depth === 1 || this.#maybeRecord && this.#depth === this.#listDepth;
  }

  #opensList(byte: number): boolean {
    if (this.hasList) return false;
    return this.#depth === 0 ? byte === OPEN_LIST : this.#depth === 1 && this.#name === this.list;
  }

  #begin(at: number, depth: number): number {
    this.#parts = [];
    this.#length = 0;
    this.#recordDepth = depth;
    return at;
  }

  /** What was taken for a record is a list: its elements are the records. */
  #forget(): number {
    this.#parts = undefined;
    return -1;
  }

  #keep(part: Uint8Array): void {
    this.#parts!.push(part);
    this.#length += part.length;
    if (this.#length > LONGEST_RECORD) {
      throw new SyntaxError(`a record longer than ${LONGEST_RECORD} bytes`);
    }
  }

  #record(last: Uint8Array): Uint8Array {
    const parts = this.#parts!;
    this.#parts = undefined;
    if (parts.length === 0) return last;
    const whole = new Uint8Array(this.#length + last.length);
    let length = 0;
    for (const part of [...parts, last]) {
      whole.set(part, length);
      length += part.length;
    }
    return whole;
  }

  /** Before and behind the file's value only white space and a byte order mark may occur. */
  #atEdge(byte: number, position: number): void {
    if (byte === BOM[position]) return;
    const opens = byte === OPEN_OBJECT || byte === OPEN_LIST;
    if (!opens || this.isWhole) {
      throw new SyntaxError(
        this.isWhole
          ? `the JSON continues behind its end at byte ${position}`
          : `the JSON is not an object: it begins with ${
            JSON.stringify(String.fromCharCode(byte))
          }`,
      );
    }
  }
}
