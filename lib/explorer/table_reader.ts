/**
 * Reads the tables of sql/explorer/ into memory, one column at a time, in the order of `position`.
 * @module
 */
import { type Database, quoteName } from "../duckdb/database.ts";
import {
  CodeColumn,
  type Dictionary,
  KeyIndex,
  ListColumn,
  NO_CODE,
  PackedStrings,
  TextDictionary,
} from "./columns.ts";
import { SearchIndex } from "./search_index.ts";

/** Reads one table. */
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

  /** Whole numbers; what is null becomes NO_CODE. */
  async numbers<Name extends string>(...names: Name[]): Promise<Record<Name, Uint32Array>> {
    const columns = names.map(() => new Uint32Array(this.size));
    const selected = names.map((name) => `coalesce(${quoteName(name)}, ${NO_CODE})::uinteger`);
    await this.#read(selected, (values, from) => {
      for (const [at, column] of columns.entries()) column.set(values[at] as number[], from);
    });
    return Object.fromEntries(names.map((name, at) => [name, columns[at]!])) as Record<
      Name,
      Uint32Array
    >;
  }

  /** Text with few different values. */
  async categories(name: string): Promise<CodeColumn> {
    const codes = new Uint32Array(this.size);
    const known = new Map<string, number>();
    await this.#read([quoteName(name)], ([values], from) => {
      for (const [at, value] of (values as string[]).entries()) {
        codes[from + at] = codeIn(known, value);
      }
    });
    return new CodeColumn(codes, new TextDictionary([...known.keys()]));
  }

  /** Text that differs from row to row. */
  async strings(name: string): Promise<PackedStrings> {
    const texts = new PackedStrings(this.size);
    await this.#read([quoteName(name)], ([values]) => {
      for (const value of values as string[]) texts.add(value);
    });
    return texts.trimmed();
  }

  /** `id_key`, to find rows by id. */
  async keys(): Promise<KeyIndex> {
    const keys = new Float64Array(this.size);
    const rows = new Uint32Array(this.size);
    await this.#read(["id_key", "(position - 1)::uinteger"], ([values, positions], from) => {
      keys.set(values as number[], from);
      rows.set(positions as number[], from);
    }, "id_key");
    return new KeyIndex(keys, rows);
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

/** The text that the search looks through, of one kind of entry. */
export async function readSearchIndex(db: Database, kind: string): Promise<SearchIndex> {
  const texts: string[] = [];
  const sql = `select text from explorer.entries where kind = '${kind}' order by position`;
  for await (const [values] of db.columns(sql)) texts.push(...values as string[]);
  return new SearchIndex(texts);
}

/**
 * A column with any number of values per row, from a select of row and value.
 * @param dictionary of the values where they are codes already; else they are text
 */
export async function readListColumn(
  db: Database,
  size: number,
  sql: string,
  dictionary?: Dictionary,
): Promise<ListColumn> {
  const ends = new Uint32Array(size + 1);
  const codes: number[] = [];
  const known = new Map<string, number>();
  for await (const [rows, values] of db.columns(`${sql} order by 1, 2`)) {
    for (const [at, row] of (rows as number[]).entries()) {
      ends[row + 1]! += 1;
      const value = values![at];
      codes.push(dictionary ? value as number : codeIn(known, value as string));
    }
  }
  for (let row = 0; row < size; row += 1) ends[row + 1]! += ends[row]!;
  return new ListColumn(
    ends,
    Uint32Array.from(codes),
    dictionary ?? new TextDictionary([...known.keys()]),
  );
}

/** The code of a value, a new one where it was not seen before. */
function codeIn(known: Map<string, number>, value: string): number {
  const code = known.get(value);
  if (code !== undefined) return code;
  known.set(value, known.size);
  return known.size - 1;
}
