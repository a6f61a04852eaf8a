/**
 * Seeded randomness for the demo. Every value is a function of a seed, a name and an index, so that
 * the thing with index i can be made without making the ones before it.
 * @module
 */

/** A bijection of the 32-bit integers (murmur3's last step): different numbers stay different. */
export function mix(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A 32-bit hash of a text (FNV-1a, then mixed). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return mix(hash);
}

/** A stream of random values (sfc32); the same seed, name and index give the same stream. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, name: string, index = 0) {
    this.#a = hashText(name);
    this.#b = mix(seed ^ 0x9e3779b9);
    this.#c = mix(index);
    for (let turn = 0; turn < 12; turn++) this.bits();
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  /** A number from 0 up to, without, 1. */
  unit(): number {
    return this.bits() / 4294967296;
  }

  /** An integer from 0 up to, without, `limit`. */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** One of the values; the list must not be empty. */
  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }

  /** `length` characters of the alphabet. */
  text(length: number, alphabet = "0123456789abcdef"): string {
    let text = "";
    for (let at = 0; at < length; at++) text += alphabet.charAt(this.below(alphabet.length));
    return text;
  }
}

/** The number's 32 bits as eight hexadecimal digits. */
function hex8(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

/**
 * A UUID that no other index (up to 2^32) of the same seed and name has: its first eight digits are a
 * bijection of the index. The order of the UUIDs has nothing to do with the order of the indexes.
 */
export function indexedUuid(seed: number, name: string, index: number): string {
  const salt = mix(seed ^ hashText(name));
  const second = hex8(mix(index ^ mix(salt ^ 0x51ed270b)));
  const third = hex8(mix(index ^ mix(salt ^ 0x2545f491)));
  const fourth = hex8(mix(index ^ mix(salt ^ 0x6c8e9cf5)));
  const variant = "89ab".charAt(parseInt(third.charAt(0), 16) & 3);
  return `${hex8(mix(index ^ salt))}-${second.slice(0, 4)}-4${second.slice(5)}-` +
    `${variant}${third.slice(1, 4)}-${third.slice(4)}${fourth}`;
}
