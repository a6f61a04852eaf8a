/** An index of every line of the demo's repositories: which lines hold a text, any case. */

import type { DemoFile, DemoRepository } from "../code/repository.ts";

/** A file with its repository and the number of its first line among all lines. */
export interface IndexedFile {
  readonly repository: DemoRepository;
  readonly file: DemoFile;
  readonly firstLine: number;
}

const WORD = /[a-z0-9]+/g;

export class CodeIndex {
  readonly files: IndexedFile[] = [];
  readonly lines: string[] = [];
  readonly #lowered: string[] = [];
  readonly #fileOfLine: number[] = [];
  /** Lines by word, for the lines that have one of `../-`: all that can hold a URL. */
  readonly #linesOfWord = new Map<string, number[]>();

  constructor(readonly repositories: readonly DemoRepository[]) {
    for (const repository of repositories) {
      for (const file of repository.files) this.#add(repository, file);
    }
  }

  #add(repository: DemoRepository, file: DemoFile): void {
    this.files.push({ repository, file, firstLine: this.lines.length });
    const texts = file.text.split("\n");
    if (texts.at(-1) === "") texts.pop();
    for (const text of texts) {
      const line = this.lines.length;
      const lowered = text.toLowerCase();
      this.lines.push(text);
      this.#lowered.push(lowered);
      this.#fileOfLine.push(this.files.length - 1);
      if (!/[./-]/.test(lowered)) continue;
      for (const word of lowered.match(WORD) ?? []) {
        const lines = this.#linesOfWord.get(word);
        if (lines === undefined) this.#linesOfWord.set(word, [line]);
        else if (lines.at(-1) !== line) lines.push(line);
      }
    }
  }

  fileOf(line: number): number {
    return this.#fileOfLine[line]!;
  }

  /** The numbers of the lines that hold the text, ascending. */
  linesWith(text: string, isCaseSensitive: boolean): number[] {
    const lowered = text.toLowerCase();
    return this.#candidates(lowered).filter((line) =>
      isCaseSensitive ? this.lines[line]!.includes(text) : this.#lowered[line]!.includes(lowered)
    );
  }

  /** The numbers of the lines that the expression matches; every line is looked at. */
  linesLike(expression: RegExp): number[] {
    return this.#all().filter((line) => expression.test(this.lines[line]!));
  }

  #all(): number[] {
    return Array.from(this.lines, (_, line) => line);
  }

  #candidates(lowered: string): number[] {
    if (!/[./-]/.test(lowered)) return this.#all();
    const words = [...lowered.matchAll(WORD)];
    // A word at either end of the text may be the part of a longer word in the line.
    const whole = words.filter(({ index, 0: word }) =>
      index > 0 && index + word.length < lowered.length
    );
    let rarest: number[] | undefined;
    for (const [word] of whole) {
      const lines = this.#linesOfWord.get(word) ?? [];
      if (rarest === undefined || lines.length < rarest.length) rarest = lines;
    }
    if (rarest !== undefined) return rarest;
    const longest = words.map(([word]) => word).toSorted((a, b) => b.length - a.length)[0];
    if (longest === undefined) return this.#all();
    const found = new Set<number>();
    for (const [word, lines] of this.#linesOfWord) {
      if (word.includes(longest)) { for (const line of lines) found.add(line); }
    }
    return [...found].sort((a, b) => a - b);
  }
}
