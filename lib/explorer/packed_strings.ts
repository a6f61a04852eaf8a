/** Many texts in one piece of memory: as many strings of their own would take three times as much. */
export class Texts {
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

  /** The same, without the memory that stood ready for more. */
  whole(): this {
    this.#bytes = this.#bytes.slice(0, this.#ends[this.#count]);
    return this;
  }

  /** The text of a row. */
  at(row: number): string {
    return this.#decoder.decode(this.#bytes.subarray(this.#ends[row]!, this.#ends[row + 1]!));
  }
}
