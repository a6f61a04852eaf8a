/**
 * Columns that lists are narrowed and counted by, held as whole numbers: a pass over half a million
 * of them takes a millisecond, which no query does.
 */

/** Stands where a row has nothing. */
export const NONE = 0xffffffff;

/** Rows of a list by number, ascending: the order they are shown in; undefined is all of them. */
export type Rows = Uint32Array | undefined;

/** What the codes of a column mean. */
export interface Names {
  readonly size: number;
  /** The code of a value as it stands in an address; undefined where nothing has it. */
  codeOf(value: string): number | undefined;
  valueOf(code: number): string;
  /** What people read. */
  labelOf(code: number): string;
}

/** What rows can be narrowed and counted by. */
export interface Column {
  readonly names: Names;
  /** Those of the rows that have the code. */
  narrow(rows: Rows, code: number): Uint32Array;
  /** How many of the rows have each code. */
  counts(rows: Rows): Uint32Array;
}

/** A few texts that stand for themselves. */
export class Words implements Names {
  readonly #codes: Map<string, number>;

  constructor(private readonly words: string[]) {
    this.#codes = new Map(words.map((word, code) => [word, code]));
  }
  get size(): number {
    return this.words.length;
  }
  codeOf(value: string): number | undefined {
    return this.#codes.get(value);
  }
  valueOf(code: number): string {
    return this.words[code] ?? "";
  }
  labelOf(code: number): string {
    return this.valueOf(code);
  }
}

/** One code a row, or none. */
export class Single implements Column {
  #places: { ends: Uint32Array; rows: Uint32Array } | undefined;

  /** @param isIndexed whether the rows of a code shall be known without a pass over all */
  constructor(
    readonly codes: Uint32Array,
    readonly names: Names,
    private readonly isIndexed = false,
  ) {}

  /** The value of a row; null where it has none. */
  at(row: number): string | null {
    const code = this.codes[row]!;
    return code === NONE ? null : this.names.valueOf(code);
  }

  /** What people read of a row; null where it has none. */
  labelAt(row: number): string | null {
    const code = this.codes[row]!;
    return code === NONE ? null : this.names.labelOf(code);
  }

  /** The rows that have the code. */
  rowsOf(code: number): Uint32Array {
    const { ends, rows } = this.#places ??= placesOf(this.codes, this.names.size);
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
    const counts = new Uint32Array(this.names.size);
    if (rows === undefined) {
      for (const code of codes) if (code !== NONE) counts[code]! += 1;
    } else {
      for (const row of rows) if (codes[row] !== NONE) counts[codes[row]!]! += 1;
    }
    return counts;
  }
}

/** Any number of codes a row, each once. */
export class Several implements Column {
  /** The codes of row n stand from `ends[n]` to `ends[n + 1]`. */
  constructor(
    private readonly ends: Uint32Array,
    private readonly codes: Uint32Array,
    readonly names: Names,
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
    const counts = new Uint32Array(this.names.size);
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
function placesOf(codes: Uint32Array, size: number): { ends: Uint32Array; rows: Uint32Array } {
  const ends = new Uint32Array(size + 1);
  for (const code of codes) if (code !== NONE) ends[code + 1]! += 1;
  for (let code = 0; code < size; code += 1) ends[code + 1]! += ends[code]!;
  const next = ends.slice();
  const rows = new Uint32Array(ends[size]!);
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row]!;
    if (code !== NONE) rows[next[code]!++] = row;
  }
  return { ends, rows };
}
