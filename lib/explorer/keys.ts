import { createHash } from "node:crypto";

/** Rows by the id of what they are: numbers instead of a million strings. */
export class Keys {
  /** Both in the order of the keys. */
  constructor(private readonly keys: Float64Array, private readonly rows: Uint32Array) {}

  /** The row of an id: of the rows whose key it has, nearly always one, the one that `isIt`. */
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
