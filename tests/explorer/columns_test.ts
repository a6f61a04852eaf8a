import { assertEquals } from "@std/assert";
import {
  CodeColumn,
  KeyIndex,
  keyOf,
  ListColumn,
  NO_CODE,
  PackedStrings,
  type Rows,
  TextDictionary,
} from "../../lib/explorer/columns.ts";
import { Database } from "../../lib/duckdb/database.ts";

const WORDS = new TextDictionary(["a", "b", "c", "never"]);
/** Row → codes, as both kinds of column shall say. */
const CODES = Array.from({ length: 300 }, (_, row) => row % 7 === 0 ? NO_CODE : (row * row) % 3);
const SOME: Rows = Uint32Array.from(CODES.keys()).filter((row) => row % 2 === 0);

function rowsWith(code: number, rows: Rows): number[] {
  return [...CODES.keys()].filter((row) =>
    CODES[row] === code && (rows === undefined || rows.includes(row))
  );
}

function several(): ListColumn {
  const ends = Uint32Array.from({ length: CODES.length + 1 });
  const codes: number[] = [];
  for (const [row, code] of CODES.entries()) {
    if (code !== NO_CODE) codes.push(code);
    ends[row + 1] = codes.length;
  }
  return new ListColumn(ends, Uint32Array.from(codes), WORDS);
}

for (
  const [name, column] of [
    ["CodeColumn", new CodeColumn(Uint32Array.from(CODES), WORDS)],
    ["CodeColumn with an index", new CodeColumn(Uint32Array.from(CODES), WORDS, true)],
    ["ListColumn", several()],
  ] as const
) {
  Deno.test(`${name} narrows and counts all rows and some, in the order of the list`, () => {
    for (const rows of [undefined, SOME, new Uint32Array()]) {
      const wanted = [0, 1, 2, 3].map((code) => rowsWith(code, rows));
      assertEquals([0, 1, 2, 3].map((code) => [...column.narrow(rows, code)]), wanted);
      assertEquals([...column.counts(rows)], wanted.map((them) => them.length));
    }
  });
}

Deno.test("ListColumn counts a row under each of its codes", () => {
  const column = new ListColumn(Uint32Array.of(0, 2, 2, 3), Uint32Array.of(0, 2, 2), WORDS);
  assertEquals([...column.counts(undefined)], [1, 0, 2, 0]);
  assertEquals([...column.narrow(undefined, 2)], [0, 2]);
});

Deno.test("keyOf() makes the key that DuckDB makes, and KeyIndex finds rows by it", async () => {
  const ids = ["d1", "", "Zürich / Öffentlich", "x".repeat(3000)];
  const db = await Database.open();
  try {
    for (const id of ids) {
      const { key } = await db.one<{ key: number }>(
        "select (md5_number_upper($1) >> 11)::double as key",
        [id],
      );
      assertEquals(keyOf(id), key, id.slice(0, 20));
    }
  } finally {
    db.close();
  }
  const sorted = [...ids.keys()].sort((one, other) => keyOf(ids[one]!) - keyOf(ids[other]!));
  const keys = new KeyIndex(
    Float64Array.from(sorted, (row) => keyOf(ids[row]!)),
    Uint32Array.from(sorted),
  );
  for (const [row, id] of ids.entries()) assertEquals(keys.find(id), row);
  assertEquals(keys.find("another"), undefined);
  // as if another id had the same key
  assertEquals(keys.find("d1", () => false), undefined);
});

Deno.test("PackedStrings gives back what was put in, of any length and script", () => {
  const all = ["", "plain", "Zürich", "数据", "🌳".repeat(500), "x".repeat(5000), "end"];
  const texts = new PackedStrings(all.length);
  for (const text of all) texts.add(text);
  texts.trimmed();
  assertEquals(all.map((_, row) => texts.at(row)), all);
});
