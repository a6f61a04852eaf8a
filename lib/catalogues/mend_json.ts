/**
 * Records whose JSON no parser accepts, mended: one broken byte must not stop a catalogue.
 *
 * Nothing is guessed: what is mended has one reading (a raw tab in a string, a comma too many or too
 * few, `NaN`), every fault is counted, and what has no single reading is left to the caller to set
 * aside. Bytes that are not UTF-8 and halves of surrogate pairs become U+FFFD.
 *
 * @module
 */

import { Buffer, isUtf8 } from "node:buffer";
import type { RecordPage } from "./catalogue.ts";

/** What was wrong with a record, in the words of `cleaning_report`, and how often. */
export type JsonFaults = Map<string, number>;

/** Faults by what is wrong; the first two lose nothing, or a character that was lost already. */
export const CONTROL_CHARACTER = "raw control character in a text, escaped";
export const NOT_UNICODE = "not Unicode, replaced by U+FFFD";
const MISSING_COMMA = "missing comma, inserted";
const SURPLUS_COMMA = "surplus comma, removed";
const BAD_ESCAPE = "invalid escape in a text, kept as it is written";
const NO_VALUE = "NaN, Infinity or undefined, read as null";
const BARE_WORD = "value without quotes, read as text";

/** Whether faults leave every value as it was meant. */
export function isHarmless(faults: JsonFaults): boolean {
  return [...faults.keys()].every((fault) => fault === CONTROL_CHARACTER || fault === NOT_UNICODE);
}

export function addFaults(faults: JsonFaults, more: JsonFaults): void {
  for (const [fault, places] of more) faults.set(fault, (faults.get(fault) ?? 0) + places);
}

/**
 * The records of a page, readable; works in place where it can. `onFault` gets the number of each
 * record that was mended, and its faults.
 */
export function makeReadable(
  page: RecordPage,
  onFault: (record: number, faults: JsonFaults) => void,
): RecordPage {
  const { bytes, bounds } = page;
  const isClean = isUtf8(bytes) && !hasControlBytes(bytes);
  let records: Uint8Array[] | undefined;
  for (let index = 0; index < bounds.length; index += 2) {
    const record = bytes.subarray(bounds[index], bounds[index + 1]);
    const faults: JsonFaults = new Map();
    const readable = readableRecord(record, isClean, faults);
    if (faults.size > 0) onFault(index / 2, faults);
    if (readable !== record) {
      records ??= bounds.slice(0, index).flatMap((start, at) =>
        at % 2 === 0 ? [bytes.subarray(start, bounds[at + 1])] : []
      );
    }
    records?.push(readable);
  }
  return records === undefined ? page : joined(records);
}

function readableRecord(record: Uint8Array, isClean: boolean, faults: JsonFaults): Uint8Array {
  let readable = record;
  if (!isClean && !isUtf8(readable)) {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(readable);
    addFault(faults, NOT_UNICODE, count(text, "\ufffd") - count(bufferOf(readable), "\ufffd"));
    readable = new TextEncoder().encode(text);
  }
  const buffer = bufferOf(readable);
  for (const start of ["\\ud", "\\uD"]) {
    addFault(faults, NOT_UNICODE, replaceHalves(buffer, start));
  }
  if (!isClean && hasControlInText(readable)) {
    readable = mendJson(readable, faults) ?? readable;
  }
  return readable;
}

/** Records as one page, with room for a line end behind each. */
export function joined(records: Uint8Array[]): RecordPage {
  const length = records.reduce((sum, record) => sum + record.length + 1, 0);
  const bytes = new Uint8Array(length).fill(SPACE);
  const bounds: number[] = [];
  let at = 0;
  for (const record of records) {
    bytes.set(record, at);
    bounds.push(at, at + record.length);
    at += record.length + 1;
  }
  return { bytes, bounds };
}

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const DEEPEST = 500;
const WORD = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;
const NOTHING = /^(?:NaN|[+-]?Infinity|undefined|None)$/;

/**
 * The same value as JSON that every parser accepts; undefined where it has no single reading. Faults
 * are added to `faults`.
 */
export function mendJson(bytes: Uint8Array, faults: JsonFaults): Uint8Array | undefined {
  const mender = new Mender(bytes);
  if (!mender.mend()) return undefined;
  addFaults(faults, mender.faults);
  return mender.output();
}

class Mender {
  readonly faults: JsonFaults = new Map();
  #at = 0;
  /** Up to here everything is in `#pieces`. */
  #copied = 0;
  readonly #pieces: Uint8Array[] = [];

  constructor(readonly bytes: Uint8Array) {}

  mend(): boolean {
    this.#skipSpace();
    if (!this.#value(0)) return false;
    this.#skipSpace();
    return this.#at === this.bytes.length;
  }

  output(): Uint8Array {
    this.#replace(this.bytes.length, "");
    return Buffer.concat(this.#pieces);
  }

  #value(depth: number): boolean {
    const first = this.bytes[this.#at];
    if (first === QUOTE) return this.#text();
    if (depth > DEEPEST) return false;
    if (first === OPEN_OBJECT) return this.#list(CLOSE_OBJECT, depth);
    if (first === OPEN_LIST) return this.#list(CLOSE_LIST, depth);
    return this.#word();
  }

  /** An object or a list: elements with commas between them. */
  #list(close: number, depth: number): boolean {
    this.#at++;
    let comma = -1;
    for (let isFirst = true;; isFirst = false) {
      this.#skipSpace();
      while (this.bytes[this.#at] === COMMA) {
        if (isFirst || comma >= 0) this.#fault(SURPLUS_COMMA, this.#at, this.#at + 1, "");
        else comma = this.#at;
        this.#at++;
        this.#skipSpace();
      }
      if (this.#at >= this.bytes.length) return false;
      if (this.bytes[this.#at] === close) {
        if (comma >= 0) this.#fault(SURPLUS_COMMA, comma, comma + 1, "");
        this.#at++;
        return true;
      }
      if (!isFirst && comma < 0) this.#fault(MISSING_COMMA, this.#at, this.#at, ",");
      comma = -1;
      if (close === CLOSE_OBJECT && !this.#name()) return false;
      if (!this.#value(depth + 1)) return false;
    }
  }

  #name(): boolean {
    if (this.bytes[this.#at] !== QUOTE || !this.#text()) return false;
    this.#skipSpace();
    if (this.bytes[this.#at] !== COLON) return false;
    this.#at++;
    this.#skipSpace();
    return true;
  }

  #text(): boolean {
    for (this.#at++; this.#at < this.bytes.length; this.#at++) {
      const byte = this.bytes[this.#at]!;
      if (byte === QUOTE) {
        this.#at++;
        return true;
      }
      if (byte < SPACE) {
        const code = byte.toString(16).padStart(4, "0");
        this.#fault(CONTROL_CHARACTER, this.#at, this.#at + 1, `\\u${code}`);
      } else if (byte === BACKSLASH) {
        const rest = bufferOf(this.bytes).toString("latin1", this.#at + 1, this.#at + 6);
        if (!/^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(rest)) {
          this.#fault(BAD_ESCAPE, this.#at, this.#at + 1, "\\\\");
        } else this.#at++;
      }
    }
    return false;
  }

  #word(): boolean {
    const start = this.#at;
    for (; this.#at < this.bytes.length; this.#at++) {
      const byte = this.bytes[this.#at]!;
      if (byte <= SPACE || [COMMA, CLOSE_LIST, CLOSE_OBJECT].includes(byte)) break;
      if ([QUOTE, COLON, OPEN_LIST, OPEN_OBJECT].includes(byte)) return false;
    }
    const word = bufferOf(this.bytes).toString("utf8", start, this.#at);
    if (WORD.test(word)) return true;
    if (word === "" || !/^[\w.+-]+$/.test(word)) return false;
    if (NOTHING.test(word)) this.#fault(NO_VALUE, start, this.#at, "null");
    else this.#fault(BARE_WORD, start, this.#at, JSON.stringify(word));
    return true;
  }

  #skipSpace(): void {
    while (this.bytes[this.#at]! <= SPACE) this.#at++;
  }

  #fault(fault: string, start: number, end: number, instead: string): void {
    addFault(this.faults, fault, 1);
    this.#replace(start, instead);
    this.#copied = end;
  }

  #replace(start: number, instead: string): void {
    this.#pieces.push(this.bytes.subarray(this.#copied, start), Buffer.from(instead));
    this.#copied = start;
  }
}

function addFault(faults: JsonFaults, fault: string, places: number): void {
  if (places > 0) faults.set(fault, (faults.get(fault) ?? 0) + places);
}

/** Whether any byte is below the space; four bytes at a time, for nearly no page has one. */
function hasControlBytes(bytes: Uint8Array): boolean {
  const start = (4 - bytes.byteOffset % 4) % 4;
  const words = Math.max(0, Math.floor((bytes.length - start) / 4));
  const view = new Uint32Array(bytes.buffer, bytes.byteOffset + (words > 0 ? start : 0), words);
  for (let index = 0; index < view.length; index++) {
    const word = view[index]!;
    if (((word - 0x20202020) & ~word & 0x80808080) !== 0) return true;
  }
  const end = words > 0 ? start + 4 * words : 0;
  return bytes.subarray(0, words > 0 ? start : 0).some((byte) => byte < SPACE) ||
    bytes.subarray(end).some((byte) => byte < SPACE);
}

/** Whether a text holds a raw control character; those between tokens become spaces. */
function hasControlInText(record: Uint8Array): boolean {
  let inText = false;
  for (let at = 0; at < record.length; at++) {
    const byte = record[at]!;
    if (byte === QUOTE) inText = !inText;
    else if (inText && byte === BACKSLASH) at++;
    else if (byte < SPACE) {
      if (inText) return true;
      record[at] = SPACE;
    }
  }
  return false;
}

/** Replaces escapes of half a surrogate pair, in place: they are as long as `\ufffd`. */
function replaceHalves(bytes: Buffer, start: string): number {
  let replaced = 0;
  for (let at = bytes.indexOf(start); at >= 0; at = bytes.indexOf(start, at + 1)) {
    if (!isEscape(bytes, at)) continue;
    const code = codeAt(bytes, at);
    if (!isHalf(code, 0xd800) && !isHalf(code, 0xdc00)) continue;
    const isPair = isHalf(code, 0xd800)
      ? isHalf(codeAt(bytes, at + 6), 0xdc00)
      : isEscape(bytes, at - 6) && isHalf(codeAt(bytes, at - 6), 0xd800);
    if (isPair) continue;
    bytes.write("\\ufffd", at);
    replaced++;
  }
  return replaced;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function count(text: string | Buffer, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found++;
  return found;
}

function isHalf(code: number, first: number): boolean {
  return code >= first && code < first + 0x400;
}

/** The number of the `\uXXXX` at an offset; NaN where there is none. */
function codeAt(bytes: Buffer, at: number): number {
  if (at < 0 || bytes[at] !== BACKSLASH || bytes[at + 1] !== 117) return NaN;
  return parseInt(bytes.toString("latin1", at + 2, at + 6), 16);
}

/** Whether the backslash at an offset is not escaped itself. */
function isEscape(bytes: Buffer, at: number): boolean {
  let before = at - 1;
  while (bytes[before] === BACKSLASH) before--;
  return at >= 0 && (at - before) % 2 === 1;
}
