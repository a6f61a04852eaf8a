/**
 * Columns of the tables that are held in memory, as arrays of whole numbers and packed text: a pass
 * over half a million rows takes about a millisecond, which no query does, and a million strings of
 * their own would take three times the memory.
 * @module
 */
import { createHash } from "node:crypto";

/** The code of a row without a value. */
export const NO_CODE = 0xffffffff;

/** Rows of a list by number, ascending: the order they are shown in; undefined is all of them. */
export type Rows = Uint32Array | undefined;

/** The values that the codes of a column mean. */
export interface Dictionary {
  readonly size: number;
  /** The code of a value of an address; undefined where no row has it. */
  codeOf(value: string): number | undefined;
  valueOf(code: number): string;
  /** The text that readers see. */
  labelOf(code: number): string;
}

/** A column that rows can be filtered and counted by. */
export interface Column {
  readonly dictionary: Dictionary;
  /** Those of the rows that have the code. */
  narrow(rows: Rows, code: number): Uint32Array;
  /** How many of the rows have each code. */
  counts(rows: Rows): Uint32Array;
}

/** A few text values. */
export class TextDictionary implements Dictionary {
  readonly #codes: Map<string, number>;

  constructor(private readonly texts: string[]) {
    this.#codes = new Map(texts.map((word, code) => [word, code]));
  }
  get size(): number {
    return this.texts.length;
  }
  codeOf(value: string): number | undefined {
    return this.#codes.get(value);
  }
  valueOf(code: number): string {
    return this.texts[code] ?? "";
  }
  labelOf(code: number): string {
    return this.valueOf(code);
  }
}

/** One code per row, or none. */
export class CodeColumn implements Column {
  #index: { ends: Uint32Array; rows: Uint32Array } | undefined;

  /** @param isIndexed whether to find the rows of a code without a pass over all rows */
  constructor(
    readonly codes: Uint32Array,
    readonly dictionary: Dictionary,
    private readonly isIndexed = false,
  ) {}

  /** The value of a row; null where it has none. */
  at(row: number): string | null {
    const code = this.codes[row]!;
    return code === NO_CODE ? null : this.dictionary.valueOf(code);
  }

  /** The text that readers see; null where the row has none. */
  labelAt(row: number): string | null {
    const code = this.codes[row]!;
    return code === NO_CODE ? null : this.dictionary.labelOf(code);
  }

  /** The rows that have the code. */
  rowsOf(code: number): Uint32Array {
    const { ends, rows } = this.#index ??= indexByCode(this.codes, this.dictionary.size);
    return rows.subarray(ends[code]!, ends[code + 1]!);
  }

  narrow(rows: Rows, code: number): Uint32Array {
    const { codes } = this;
    if (rows === undefined) {
      if (this.isIndexed) return this.rowsOf(code);
      const found = new Uint32Array(codes.length);
      let count = 0;
      for (let row = 0; row < codes.length; row += 1) if (codes[row] === code) found[count++] = row;
      return found.slice(0, count);
    }
    return rows.filter((row) => codes[row] === code);
  }

  counts(rows: Rows): Uint32Array {
    const { codes } = this;
    const counts = new Uint32Array(this.dictionary.size);
    if (rows === undefined) {
      for (const code of codes) if (code !== NO_CODE) counts[code]! += 1;
    } else {
      for (const row of rows) if (codes[row] !== NO_CODE) counts[codes[row]!]! += 1;
    }
    return counts;
  }
}

/** Any number of codes per row, each once. */
export class ListColumn implements Column {
  /** The codes of row n are from `ends[n]` to `ends[n + 1]`. */
  constructor(
    private readonly ends: Uint32Array,
    private readonly codes: Uint32Array,
    readonly dictionary: Dictionary,
  ) {}

  /** The codes of a row. */
  at(row: number): Uint32Array {
    return this.codes.subarray(this.ends[row]!, this.ends[row + 1]!);
  }

  narrow(rows: Rows, code: number): Uint32Array {
    const { ends, codes } = this;
    const has = (row: number) => {
      for (let at = ends[row]!; at < ends[row + 1]!; at += 1) if (codes[at] === code) return true;
      return false;
    };
    if (rows !== undefined) return rows.filter(has);
    const found: number[] = [];
    for (let row = 0; row + 1 < ends.length; row += 1) if (has(row)) found.push(row);
    return Uint32Array.from(found);
  }

  counts(rows: Rows): Uint32Array {
    const { ends, codes } = this;
    const counts = new Uint32Array(this.dictionary.size);
    if (rows === undefined) { for (const code of codes) counts[code]! += 1; }
    else {
      for (const row of rows) {
        for (let at = ends[row]!; at < ends[row + 1]!; at += 1) counts[codes[at]!]! += 1;
      }
    }
    return counts;
  }
}

/** Rows by code, each code's ascending. */
function indexByCode(codes: Uint32Array, size: number): { ends: Uint32Array; rows: Uint32Array } {
  const ends = new Uint32Array(size + 1);
  for (const code of codes) if (code !== NO_CODE) ends[code + 1]! += 1;
  for (let code = 0; code < size; code += 1) ends[code + 1]! += ends[code]!;
  const next = ends.slice();
  const rows = new Uint32Array(ends[size]!);
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row]!;
    if (code !== NO_CODE) rows[next[code]!++] = row;
  }
  return { ends, rows };
}

/** Rows by id: numbers instead of a million strings. */
export class KeyIndex {
  /** Both ordered by key. */
  constructor(private readonly keys: Float64Array, private readonly rows: Uint32Array) {}

  /** The row of an id. Several ids can have the same key, so `isIt` confirms the row. */
  find(id: string, isIt: (row: number) => boolean = () => true): number | undefined {
    const key = keyOf(id);
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    for (let at = low; this.keys[at] === key; at += 1) {
      if (isIt(this.rows[at]!)) return this.rows[at];
    }
    return undefined;
  }
}

/** The key of an id: 53 bits of its MD5, as `(md5_number_upper(id) >> 11)::double` of DuckDB. */
export function keyOf(id: string): number {
  return Number(createHash("md5").update(id).digest().readBigUInt64LE(0) >> 11n);
}

/** SiteTables that have an id and a page. */
export class EntityDictionary implements Dictionary {
  constructor(
    readonly size: number,
    private readonly keys: KeyIndex,
    private readonly ids?: PackedStrings,
    private readonly labels?: PackedStrings,
  ) {}

  /** The row of an id. Without ids in memory it goes by the key, and the reader of the row compares. */
  codeOf(id: string): number | undefined {
    return this.keys.find(id, (row) => this.ids === undefined || this.ids.at(row) === id);
  }
  valueOf(row: number): string {
    return this.ids?.at(row) ?? "";
  }
  labelOf(row: number): string {
    return this.labels?.at(row) ?? this.valueOf(row);
  }
}

/** Many texts in one piece of memory. */
export class PackedStrings {
  #bytes: Uint8Array;
  readonly #ends: Uint32Array;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  #count = 0;

  /** @param size how many texts there will be */
  constructor(size: number) {
    this.#bytes = new Uint8Array(16 * size + 1024);
    this.#ends = new Uint32Array(size + 1);
  }

  /** Puts a text after the others. */
  add(text: string): void {
    const end = this.#ends[this.#count]!;
    // a character takes up to three bytes
    if (end + 3 * text.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length + 3 * text.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#count += 1;
    this.#ends[this.#count] = end +
      this.#encoder.encodeInto(text, this.#bytes.subarray(end)).written;
  }

  /** The same, without the memory reserved for more. */
  trimmed(): this {
    this.#bytes = this.#bytes.slice(0, this.#ends[this.#count]);
    return this;
  }

  /** The text of a row. */
  at(row: number): string {
    return this.#decoder.decode(this.#bytes.subarray(this.#ends[row]!, this.#ends[row + 1]!));
  }
}
