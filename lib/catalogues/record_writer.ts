/**
 * Writes records into files of one record a line, which DuckDB reads with several threads. The bytes
 * of a record stay as they are, except for what DuckDB's parser refuses.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { RecordFault, RecordPage } from "./catalogue.ts";
import { makeReadable } from "./mend_json.ts";

/** What was met on the way. */
export interface RecordCounts {
  records: number;
  /** Records received a second time without a difference; they are written once. */
  repeats: number;
  /** Bytes of the longest record. */
  longest: number;
}

const LINE_FEED = 10;

export class RecordWriter {
  readonly counts: RecordCounts = { records: 0, repeats: 0, longest: 0 };
  readonly files: string[] = [];
  /** What was wrong with records. */
  readonly faults: RecordFault[] = [];
  #known = new Set<string>();

  /** @param mayRepeat whether records may have been received more than once: copies are then compared by hash */
  constructor(readonly folder: string, readonly mayRepeat: boolean) {}

  /** Writes one page, whose bytes it uses up. Files are numbered in the order of the pages. */
  async add(page: RecordPage): Promise<void> {
    const { bytes, bounds } = this.#readable(page);
    // the records move to the front of the page, one a line: no copy, one write
    let length = 0;
    for (let index = 0; index < bounds.length; index += 2) {
      const start = bounds[index]!;
      const end = bounds[index + 1]!;
      if (this.mayRepeat && this.#isRepeat(bytes.subarray(start, end))) continue;
      bytes.copyWithin(length, start, end);
      length += end - start;
      bytes[length++] = LINE_FEED;
      this.counts.records++;
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
      this.counts.repeats++;
      return true;
    }
    this.#known.add(sum);
    return false;
  }

  #readable(page: RecordPage): RecordPage {
    const mended: { record: number; faults: RecordFault[] }[] = [];
    const readable = makeReadable(page, (record, faults) => {
      const rows = [...faults].map(([fault, places]) => ({ dataset_id: null, fault, places }));
      mended.push({ record, faults: rows });
    });
    this.faults.push(...page.faults ?? []);
    for (const { record, faults } of mended) {
      const { bytes, bounds } = readable;
      const dataset_id = idOf(bytes.subarray(bounds[2 * record], bounds[2 * record + 1]));
      this.faults.push(...faults.map((fault) => ({ ...fault, dataset_id })));
    }
    return readable;
  }
}

function idOf(record: Uint8Array): string | null {
  try {
    return String(JSON.parse(new TextDecoder().decode(record)).id);
  } catch {
    return null;
  }
}
