import { type Database, quoteName } from "../duckdb/database.ts";
import { type Names, NONE, Several, Single, Words } from "./columns.ts";
import { Keys } from "./keys.ts";
import { SearchTexts } from "./search_texts.ts";
import { Texts } from "./packed_strings.ts";

/** Reads the tables of sql/explorer/ into memory, a column at a time, in the order of `position`. */
export class TableReader {
  private constructor(
    private readonly db: Database,
    private readonly table: string,
    /** Number of rows. */
    readonly size: number,
  ) {}

  static async of(db: Database, table: string): Promise<TableReader> {
    const { size } = await db.one<{ size: number }>(
      `select count(*) as size from explorer.${quoteName(table)}`,
    );
    return new TableReader(db, table, size);
  }

  /** Whole numbers; what is null becomes NONE. */
  async numbers<Name extends string>(...names: Name[]): Promise<Record<Name, Uint32Array>> {
    const columns = names.map(() => new Uint32Array(this.size));
    const selected = names.map((name) => `coalesce(${quoteName(name)}, ${NONE})::uinteger`);
    await this.#read(selected, (values, from) => {
      for (const [at, column] of columns.entries()) column.set(values[at] as number[], from);
    });
    return Object.fromEntries(names.map((name, at) => [name, columns[at]!])) as Record<
      Name,
      Uint32Array
    >;
  }

  /** Texts of which there are few different ones. */
  async words(name: string): Promise<Single> {
    const codes = new Uint32Array(this.size);
    const words = new Map<string, number>();
    await this.#read([quoteName(name)], ([values], from) => {
      for (const [at, value] of (values as string[]).entries()) {
        codes[from + at] = codeIn(words, value);
      }
    });
    return new Single(codes, new Words([...words.keys()]));
  }

  /** Texts of which all are different. */
  async texts(name: string): Promise<Texts> {
    const texts = new Texts(this.size);
    await this.#read([quoteName(name)], ([values]) => {
      for (const value of values as string[]) texts.add(value);
    });
    return texts.whole();
  }

  /** `id_key`, to find rows by id. */
  async keys(): Promise<Keys> {
    const keys = new Float64Array(this.size);
    const rows = new Uint32Array(this.size);
    await this.#read(["id_key", "(position - 1)::uinteger"], ([values, positions], from) => {
      keys.set(values as number[], from);
      rows.set(positions as number[], from);
    }, "id_key");
    return new Keys(keys, rows);
  }

  async #read(
    columns: string[],
    take: (values: unknown[][], from: number) => void,
    order = "position",
  ): Promise<void> {
    let from = 0;
    for await (
      const values of this.db.columns(
        `select ${columns.join(", ")} from explorer.${quoteName(this.table)} order by ${order}`,
      )
    ) {
      take(values, from);
      from += values[0]!.length;
    }
  }
}

/** What the search looks through, of one kind of thing. */
export async function readSearchTexts(db: Database, kind: string): Promise<SearchTexts> {
  const texts: string[] = [];
  const sql = `select text from explorer.entries where kind = '${kind}' order by position`;
  for await (const [values] of db.columns(sql)) texts.push(...values as string[]);
  return new SearchTexts(texts);
}

/**
 * A column of any number of values a row, from a select of row and value.
 * @param names what the values mean where they are codes already; else they are texts
 */
export async function readSeveral(
  db: Database,
  size: number,
  sql: string,
  names?: Names,
): Promise<Several> {
  const ends = new Uint32Array(size + 1);
  const codes: number[] = [];
  const words = new Map<string, number>();
  for await (const [rows, values] of db.columns(`${sql} order by 1, 2`)) {
    for (const [at, row] of (rows as number[]).entries()) {
      ends[row + 1]! += 1;
      const value = values![at];
      codes.push(names ? value as number : codeIn(words, value as string));
    }
  }
  for (let row = 0; row < size; row += 1) ends[row + 1]! += ends[row]!;
  return new Several(ends, Uint32Array.from(codes), names ?? new Words([...words.keys()]));
}

function codeIn(words: Map<string, number>, word: string): number {
  const known = words.get(word);
  if (known !== undefined) return known;
  words.set(word, words.size);
  return words.size - 1;
}
