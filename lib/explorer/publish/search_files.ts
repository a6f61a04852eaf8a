/**
 * The search of a published site: an index of words in files by their first letters, and the entries in
 * files by their rank, so that a search loads a few small files.
 *
 * The index has for each word and kind the rows that have it, first those whose text begins with the
 * word, as differences to the row before. Rows are in the order of the server's results.
 * @module
 */
import type { Links } from "../links.ts";
import { entryOf, FEW_RESULTS, SEARCH_KINDS } from "../search.ts";
import type { SiteData } from "../site_data.ts";
import { indexFile, wordsOf } from "../static/shared.js";
import type { SiteFiles } from "./site_files.ts";

/** Entries of a kind are in at most so many files. */
const MOST_ENTRY_FILES = 500;
const LEAST_ENTRIES = 200;
/** A file of the index that would be larger is divided by the third letter. */
const MOST_INDEX_BYTES = 300_000;
/** Longer words are cut: no one types them to the end. */
const LONGEST_WORD = 40;

/** Rows by word, as many lists as there are kinds and places. */
type Index = Map<string, number[][]>;

/** Writes the index and the entries. */
export async function writeSearch(data: SiteData, links: Links, files: SiteFiles): Promise<void> {
  const index: Index = new Map();
  const kinds = [];
  for (const [kind, it] of SEARCH_KINDS.entries()) {
    const table = it.table(data.tables);
    const perFile = Math.max(LEAST_ENTRIES, Math.ceil(table.size / MOST_ENTRY_FILES));
    kinds.push({
      kind: it.kind,
      heading: it.heading,
      counts: it.counts,
      rows: table.size,
      rowsPerFile: perFile,
    });
    for (let row = 0; row < table.size; row += 1) {
      const id = table.entities.valueOf(row);
      const text = table.search.at(row);
      // ids are of no use as beginnings of words, and would be most of the index
      const isName = it.kind === "repository";
      addWords(index, 2 * kind, row, isName ? text : text.slice(0, text.length - id.length));
    }
    for (let first = 0; first < table.size; first += perFile) {
      const rows = Array.from(
        { length: Math.min(perFile, table.size - first) },
        (_, at) => {
          const entry = entryOf(data.tables, links, it, first + at);
          return [entry.label.slice(0, 200), entry.detail, entry.count, entry.address ?? null];
        },
      );
      await files.writeJson(`search/entries/${it.kind}-${first / perFile}.json.gz`, rows);
    }
  }
  const { divided, words } = await writeIndex(index, files);
  await files.writeJson("search/index.json.gz", { kinds, divided, words, shown: FEW_RESULTS });
}

function addWords(index: Index, list: number, row: number, text: string): void {
  const words = wordsOf(text);
  const first = words[0]?.slice(0, LONGEST_WORD);
  for (const word of new Set(words.map((it) => it.slice(0, LONGEST_WORD)))) {
    let lists = index.get(word);
    if (lists === undefined) index.set(word, lists = []);
    (lists[list + (word === first ? 0 : 1)] ??= []).push(row);
  }
}

/** Writes the files by the first two letters; gives their names, and which are divided by the third. */
async function writeIndex(
  index: Index,
  files: SiteFiles,
): Promise<{ words: string[]; divided: string[] }> {
  const words: string[] = [];
  const write = async (name: string, entries: [string, string][]) => {
    words.push(name);
    await files.writeJson(`search/words/${name}.json.gz`, Object.fromEntries(entries));
  };
  const byFile = new Map<string, [string, string][]>();
  for (const word of [...index.keys()].sort()) {
    const file = indexFile(Array.from(word).slice(0, 2).join(""));
    if (!byFile.has(file)) byFile.set(file, []);
    byFile.get(file)!.push([word, encodeLists(index.get(word)!)]);
  }
  const divided: string[] = [];
  for (const [file, entries] of byFile) {
    const size = entries.reduce((sum, [word, lists]) => sum + word.length + lists.length + 6, 0);
    if (size <= MOST_INDEX_BYTES || file.startsWith("other-")) {
      await write(file, entries);
      continue;
    }
    divided.push(file);
    const parts = new Map<string, [string, string][]>();
    for (const entry of entries) {
      const part = indexFile(Array.from(entry[0]).slice(0, 3).join("")).slice(0, 30);
      if (!parts.has(part)) parts.set(part, []);
      parts.get(part)!.push(entry);
    }
    for (const [part, some] of parts) {
      // a word of two letters, or with a third one of another script, is in the file of both letters
      const name = part.startsWith("other-") ? `${file}-${part}` : part;
      await write(name, some);
    }
  }
  return { words, divided };
}

/** `1,2,1;;4`: lists with `;` between, each row as the difference to the one before, in base 36. */
function encodeLists(lists: number[][]): string {
  return Array.from(lists, (rows) => {
    let before = -1;
    return (rows ?? []).map((row) => {
      const step = row - before;
      before = row;
      return step.toString(36);
    }).join(",");
  }).join(";");
}
