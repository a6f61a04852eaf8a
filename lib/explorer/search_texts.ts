/**
 * The texts of one kind of thing, searched for words wherever they stand. All of them are one string:
 * looking through 30 MB of it takes a millisecond or two.
 */
export class SearchTexts {
  /** Where each text begins, and the end. */
  readonly #starts: Uint32Array;
  readonly #text: string;

  /** @param texts in small letters, in the order in which they are found */
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

  /** Rows that have all words, those that begin with the first one before the others. */
  find(words: string[], most: number): number[] {
    const [first, ...others] = words;
    if (first === undefined) return [];
    const beginning = take(this.#rowsWith([`\n${first}`, ...others]), most);
    const known = new Set(beginning);
    const left = most - beginning.length;
    const inside = take(this.#rowsWith(words), left, (row) => !known.has(row));
    return [...beginning, ...inside];
  }

  /** From row to row, each time on to the next place of a word that the row has not. */
  *#rowsWith(words: string[]): Generator<number> {
    const size = this.#starts.length - 1;
    let row = 0;
    // the longest is rare most often, and leaps farthest
    const byLength = words.toSorted((one, other) => other.length - one.length);
    search: while (row < size) {
      for (const word of byLength) {
        const place = this.#text.indexOf(word, this.#starts[row]);
        if (place < 0) return;
        if (place < this.#starts[row + 1]!) continue;
        row = this.#rowAt(place);
        continue search;
      }
      yield row;
      row += 1;
    }
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
