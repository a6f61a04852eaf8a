import { Buffer, isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { splitResults } from "./ckan_pages.ts";

/**
 * Cuts kept pages into files of one dataset a line, which DuckDB reads with several threads. The
 * bytes of a dataset stay as they came, but for what DuckDB's parser refuses.
 */

/** What was met on the way. */
export interface ShardCounts {
  records: number;
  /** Records that came a second time without a difference; they stand once. */
  repeats: number;
  /** Halves of surrogate pairs and bytes that are no UTF-8, replaced by U+FFFD. */
  replaced: number;
  /** Bytes of the longest record. */
  longest: number;
}

export class ShardWriter {
  readonly counts: ShardCounts = { records: 0, repeats: 0, replaced: 0, longest: 0 };
  readonly files: string[] = [];
  #known = new Set<string>();

  constructor(readonly folder: string) {}

  /** Writes the datasets of one page; pages are numbered in the order in which they are given. */
  async add(page: Uint8Array): Promise<void> {
    const slices = splitResults(page);
    if (slices === undefined) throw new Error("a kept page has no datasets");
    const lines: Uint8Array[] = [];
    for (let index = 0; index < slices.bounds.length; index += 2) {
      const record = page.subarray(slices.bounds[index]!, slices.bounds[index + 1]!);
      if (this.#isRepeat(record)) continue;
      const line = this.#readable(record);
      lines.push(line, NEWLINE);
      this.counts.records += 1;
      this.counts.longest = Math.max(this.counts.longest, line.length);
    }
    if (lines.length === 0) return;
    const file = join(this.folder, `${String(this.files.length + 1).padStart(6, "0")}.ndjson`);
    await Deno.writeFile(file, Buffer.concat(lines));
    this.files.push(file);
  }

  #isRepeat(record: Uint8Array): boolean {
    const sum = createHash("md5").update(record).digest("base64");
    if (this.#known.has(sum)) {
      this.counts.repeats += 1;
      return true;
    }
    this.#known.add(sum);
    return false;
  }

  #readable(record: Uint8Array): Uint8Array {
    const copy = isUtf8(record) ? Buffer.from(record) : this.#repaired(record);
    // inside strings JSON has no raw line ends: these stand between tokens
    for (const end of [10, 13]) {
      for (let at = copy.indexOf(end); at >= 0; at = copy.indexOf(end, at + 1)) copy[at] = 32;
    }
    for (const start of ["\\ud", "\\uD"]) this.#replaceHalves(copy, start);
    return copy;
  }

  #repaired(record: Uint8Array): Buffer {
    const text = new TextDecoder().decode(record);
    this.counts.replaced += text.split("\ufffd").length - 1;
    return Buffer.from(text);
  }

  /** Replaces escapes of half a surrogate pair, in place: they are as long as `\ufffd`. */
  #replaceHalves(record: Buffer, start: string): void {
    for (let at = record.indexOf(start); at >= 0; at = record.indexOf(start, at + 1)) {
      if (!isEscape(record, at)) continue;
      const code = codeAt(record, at);
      if (code < 0xd800 || code > 0xdfff) continue;
      const isPair = code < 0xdc00
        ? isHalf(codeAt(record, at + 6), 0xdc00)
        : isEscape(record, at - 6) && isHalf(codeAt(record, at - 6), 0xd800);
      if (isPair) continue;
      record.write("\\ufffd", at);
      this.counts.replaced += 1;
    }
  }
}

const NEWLINE = new Uint8Array([10]);

function isHalf(code: number, first: number): boolean {
  return code >= first && code < first + 0x400;
}

/** The number of the `\uXXXX` at an offset; NaN where there is none. */
function codeAt(record: Buffer, at: number): number {
  if (at < 0 || record[at] !== 92 || record[at + 1] !== 117) return NaN;
  return parseInt(record.toString("latin1", at + 2, at + 6), 16);
}

/** Whether the backslash at an offset is no escaped one itself. */
function isEscape(record: Buffer, at: number): boolean {
  let before = at - 1;
  while (record[before] === 92) before -= 1;
  return at >= 0 && (at - before) % 2 === 1;
}
