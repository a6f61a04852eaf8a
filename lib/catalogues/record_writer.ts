import { createHash } from "node:crypto";
import { join } from "node:path";
import { factsOf } from "./ckan/answers.ts";
import { splitResults } from "./ckan/pages.ts";
import { madeReadable } from "./readable.ts";

/**
 * Cuts kept pages into files of one dataset a line, which DuckDB reads with several threads. The
 * bytes of a dataset stay as they came, but for what DuckDB's parser refuses.
 */

/** What was met on the way. */
export interface RecordCounts {
  records: number;
  /** Records that came a second time without a difference; they stand once. */
  repeats: number;
  /** Halves of surrogate pairs and bytes that are no UTF-8, replaced by U+FFFD. */
  replaced: number;
  /** Bytes of the longest record. */
  longest: number;
}

export class RecordWriter {
  readonly counts: RecordCounts = { records: 0, repeats: 0, replaced: 0, longest: 0 };
  readonly files: string[] = [];
  #known = new Set<string>();

  /** @param mayRepeat whether records came more than once: then they are told apart by their hash */
  constructor(readonly folder: string, readonly mayRepeat: boolean) {}

  /**
   * Writes the datasets of one page, whose bytes it uses up. Pages are numbered in the order in
   * which they are given.
   * @param isWanted whether a dataset is written, by its id
   */
  async add(page: Uint8Array, isWanted?: (id: string) => boolean): Promise<void> {
    const wanted = isWanted && factsOf(page).map(({ id }) => isWanted(id));
    const bytes = this.#readable(page);
    const slices = splitResults(bytes);
    if (slices === undefined) throw new Error("a kept page has no datasets");
    const { bounds } = slices;
    // the records move to the front of the page, one a line: no copy, one write
    let length = 0;
    for (let index = 0; index < bounds.length; index += 2) {
      if (wanted?.[index / 2] === false) continue;
      const start = bounds[index]!;
      const end = bounds[index + 1]!;
      if (this.mayRepeat && this.#isRepeat(bytes.subarray(start, end))) continue;
      bytes.copyWithin(length, start, end);
      length += end - start;
      bytes[length++] = LINE_FEED;
      this.counts.records += 1;
      this.counts.longest = Math.max(this.counts.longest, end - start);
    }
    if (length === 0) return;
    const file = join(this.folder, `${String(this.files.length + 1).padStart(6, "0")}.ndjson`);
    await Deno.writeFile(file, bytes.subarray(0, length));
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

  #readable(page: Uint8Array): Uint8Array {
    const { bytes, replaced } = madeReadable(page);
    this.counts.replaced += replaced;
    // inside strings JSON has no raw line ends: these stand between tokens
    for (const end of [LINE_FEED, 13]) {
      for (let at = bytes.indexOf(end); at >= 0; at = bytes.indexOf(end, at + 1)) bytes[at] = 32;
    }
    return bytes;
  }
}

const LINE_FEED = 10;
