import { Buffer, isUtf8 } from "node:buffer";

/** What DuckDB's JSON parser refuses, replaced by U+FFFD: bytes that are no UTF-8, half surrogate pairs. */

/**
 * The same JSON, readable; works in place where it can. `replaced` counts the characters that were
 * lost.
 */
export function madeReadable(json: Uint8Array): { bytes: Uint8Array; replaced: number } {
  let replaced = 0;
  let bytes = json;
  if (!isUtf8(json)) {
    const text = new TextDecoder().decode(json);
    replaced = count(text, "\ufffd") - count(Buffer.from(json), "\ufffd");
    bytes = new TextEncoder().encode(text);
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const start of ["\\ud", "\\uD"]) replaced += replaceHalves(text, start);
  return { bytes, replaced };
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
    replaced += 1;
  }
  return replaced;
}

function count(text: string | Buffer, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found += 1;
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
  while (bytes[before] === 92) before -= 1;
  return at >= 0 && (at - before) % 2 === 1;
}
