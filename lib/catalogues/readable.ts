/**
 * What DuckDB's JSON parser refuses, replaced by U+FFFD: bytes that are not UTF-8, halves of surrogate
 * pairs.
 *
 * @module
 */

import { Buffer, isUtf8 } from "node:buffer";
import type { RecordPage } from "./catalogue.ts";

/**
 * The same records, readable; works in place where it can. `replaced` counts the characters that were
 * lost.
 */
export function makeReadable(page: RecordPage): RecordPage & { replaced: number } {
  const readable = isUtf8(page.bytes) ? { ...page, replaced: 0 } : decoded(page);
  readable.replaced += page.replaced ?? 0;
  const { bytes } = readable;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const start of ["\\ud", "\\uD"]) readable.replaced += replaceHalves(text, start);
  return readable;
}

/** The records copied, with U+FFFD for each sequence that is not UTF-8. */
function decoded({ bytes, bounds }: RecordPage): RecordPage & { replaced: number } {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const encoder = new TextEncoder();
  const records: Uint8Array[] = [];
  let replaced = 0;
  for (let index = 0; index < bounds.length; index += 2) {
    const record = bytes.subarray(bounds[index], bounds[index + 1]);
    const text = decoder.decode(record);
    replaced += count(text, "\ufffd") - count(Buffer.from(record), "\ufffd");
    records.push(encoder.encode(text));
  }
  return { ...joined(records), replaced };
}

/** Records as one page, with room for a line end behind each. */
export function joined(records: Uint8Array[]): RecordPage {
  const length = records.reduce((sum, record) => sum + record.length + 1, 0);
  const bytes = new Uint8Array(length).fill(32);
  const bounds: number[] = [];
  let at = 0;
  for (const record of records) {
    bytes.set(record, at);
    bounds.push(at, at + record.length);
    at += record.length + 1;
  }
  return { bytes, bounds };
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
  if (at < 0 || bytes[at] !== 92 || bytes[at + 1] !== 117) return NaN;
  return parseInt(bytes.toString("latin1", at + 2, at + 6), 16);
}

/** Whether the backslash at an offset is no escaped one itself. */
function isEscape(bytes: Buffer, at: number): boolean {
  let before = at - 1;
  while (bytes[before] === 92) before--;
  return at >= 0 && (at - before) % 2 === 1;
}
