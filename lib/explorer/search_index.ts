/**
 * The text of one kind of entry, searched for words anywhere in it. All of it is one string: passing
 * through 30 MB takes a millisecond or two, and needs less memory than any index of parts of words.
 * @module
 */

/** Words of a query that count. */
const MOST_WORDS = 8;

/** Text as it is searched: lowercase, without accents. */
export function searchable(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC").toLowerCase();
}

/** The words of a query. */
export function searchWords(text: string): string[] {
  return searchable(text).split(/\s+/).filter((word) => word !== "").slice(0, MOST_WORDS);
}

/** Whether a character can be inside a word. */
const WORD_CHARACTER = /[\p{L}\p{N}]/u;

/** Searchable texts in the order in which they are found. */
export class SearchIndex {
  /** Where each text begins, and the end. */
  readonly #starts: Uint32Array;
  readonly #text: string;

  /** @param texts lowercase and without accents */
  constructor(texts: string[]) {
    this.#starts = new Uint32Array(texts.length + 1);
    const lines: string[] = [];
    for (const [row, text] of texts.entries()) {
      // a line each: a word, which has no white space in it, is never found across two
      const line = `\n${text.replaceAll("\n", " ")}`;
      this.#starts[row + 1] = this.#starts[row]! + line.length;
      lines.push(line);
    }
    this.#text = lines.join("");
  }

  /** The text of a row. */
  at(row: number): string {
    return this.#text.slice(this.#starts[row]! + 1, this.#starts[row + 1]!);
  }

  /**
   * Rows that have all words, in three groups: those that begin with the first word, those where all
   * words are at the beginning of a word, and those that have them anywhere.
   */
  find(words: string[], most: number): number[] {
    const [first, ...others] = words;
    if (first === undefined) return [];
    const found = take(this.#rowsWith([`\n${first}`, ...others], true), most);
    for (const isAtBeginning of [true, false]) {
      const known = new Set(found);
      const rows = this.#rowsWith(words, isAtBeginning);
      found.push(...take(rows, most - found.length, (row) => !known.has(row)));
    }
    return found;
  }

  /** From row to row, each time to the next occurrence of a word that the row does not have. */
  *#rowsWith(words: string[], isAtBeginning: boolean): Generator<number> {
    const size = this.#starts.length - 1;
    let row = 0;
    // the longest word is usually the rarest, and skips most
    const byLength = words.toSorted((one, other) => other.length - one.length);
    search: while (row < size) {
      for (const word of byLength) {
        const place = this.#indexOf(word, this.#starts[row]!, isAtBeginning);
        if (place < 0) return;
        if (place < this.#starts[row + 1]!) continue;
        row = this.#rowAt(place);
        continue search;
      }
      yield row;
      row += 1;
    }
  }

  #indexOf(word: string, from: number, isAtBeginning: boolean): number {
    let place = this.#text.indexOf(word, from);
    if (!isAtBeginning || !WORD_CHARACTER.test(word[0]!)) return place;
    while (place > 0 && WORD_CHARACTER.test(this.#text[place - 1]!)) {
      place = this.#text.indexOf(word, place + 1);
    }
    return place;
  }

  #rowAt(place: number): number {
    let low = 0;
    let high = this.#starts.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#starts[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function take(rows: Iterable<number>, most: number, isTaken = (_row: number) => true): number[] {
  const taken: number[] = [];
  if (most <= 0) return taken;
  for (const row of rows) {
    if (isTaken(row)) taken.push(row);
    if (taken.length >= most) break;
  }
  return taken;
}
