import { assertEquals, assertThrows } from "@std/assert";
import { RecordCutter, skipValue, textAt } from "../../lib/catalogues/json_bytes.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("skipValue() takes what a parser takes, to its last byte", () => {
  for (
    const text of [
      "null",
      "true",
      "false",
      "0",
      "-1.5e+10",
      "123456789012345678901234567890",
      '""',
      '"\\\\"',
      '"a\\"b"',
      "[]",
      "{}",
      '[ 1 , [ ] , { } , "x" ]',
      '{"a":{"b":[null,true]},"c" : -0.0}',
    ]
  ) {
    JSON.parse(text);
    assertEquals(skipValue(bytesOf(`${text} `), 0), bytesOf(text).length, text);
  }
});

Deno.test("skipValue() throws when a parser would", () => {
  for (
    const text of [
      "",
      "nul",
      "nill",
      "trve",
      "01",
      "1.",
      "+1",
      "oops",
      '"a',
      '"a\\"',
      "[1 2]",
      "[1,]",
      "[,1]",
      "[1}",
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      "{1:2}",
      '{"a":1]',
      "{",
      "[",
    ]
  ) {
    assertThrows(() => JSON.parse(text), SyntaxError);
    assertThrows(() => skipValue(bytesOf(text), 0), SyntaxError, undefined, text);
  }
  assertThrows(() => skipValue(bytesOf("[".repeat(1e5)), 0), SyntaxError, "nested");
});

Deno.test("textAt() reads a string with its escapes, and nothing else", () => {
  assertEquals(textAt(bytesOf('"caf\\u00e9 ü"'), 0), "café ü");
  assertEquals(textAt(bytesOf("12"), 0), undefined);
});

const FILE = String
  .raw`{"@type": "dcat:Catalog", "note": "\"dataset\": [", "other": {"dataset": [{"no": 1}]},
  "dataset" : [ {"a": "}]\"\\", "dataset": [{"b": [1, {}]}]}, null, {"ü": 1.10} , [{}], 3, "x" ],
  "list": [{"no": 2}], "after": {}}`;
const RECORDS = [String.raw`{"a": "}]\"\\", "dataset": [{"b": [1, {}]}]}`, '{"ü": 1.10}'];

function cutUp(file: Uint8Array, size: number): { records: string[]; cutter: RecordCutter } {
  const cutter = new RecordCutter("dataset");
  const records: string[] = [];
  for (let at = 0; at < file.length; at += size) {
    for (const record of cutter.push(file.slice(at, at + size))) {
      records.push(new TextDecoder().decode(record));
    }
  }
  return { records, cutter };
}

Deno.test("RecordCutter gives the same records however the file is cut", () => {
  const file = new TextEncoder().encode("\ufeff" + FILE + "\n");
  for (let size = 1; size <= file.length; size += 1) {
    const { records, cutter } = cutUp(file, size);
    assertEquals(records, RECORDS, `pieces of ${size}`);
    assertEquals([cutter.isWhole, cutter.hasList, cutter.odd], [true, true, 4]);
  }
});

Deno.test("RecordCutter knows a file that was cut, wherever", () => {
  const file = new TextEncoder().encode(FILE);
  for (let end = 0; end < file.length; end += 1) {
    assertEquals(cutUp(file.slice(0, end), 7).cutter.isWhole, false, `cut at ${end}`);
  }
});

Deno.test("RecordCutter refuses what is not an object, and more after its end", () => {
  for (const text of ["<html>", '"dataset"', "{} {}", '{"dataset": []}x']) {
    assertThrows(() => cutUp(new TextEncoder().encode(text), 3), SyntaxError);
  }
});

for (
  const [what, file] of [
    ["a missing comma", '{"dataset":[{"a":1},{"a":2} {"a":3},{"a":4}]}'],
    ["a list without an object around it", '[{"a":1},{"a":2},{"a":3},{"a":4}]'],
    ["an object by number", '{"dataset":{"0":{"a":1},"1":{"a":2},"2":{"a":3},"7":{"a":4}}}'],
  ] as const
) {
  Deno.test(`RecordCutter reads every record of a file with ${what}`, () => {
    for (let size = 1; size <= file.length; size++) {
      const { records, cutter } = cutUp(new TextEncoder().encode(file), size);
      assertEquals(records, [1, 2, 3, 4].map((number) => `{"a":${number}}`), `pieces of ${size}`);
      assertEquals([cutter.isWhole, cutter.hasList, cutter.odd], [true, true, 0]);
      assertEquals(cutter.missingCommas, what === "a missing comma" ? 1 : 0);
    }
  });
}

Deno.test("RecordCutter takes one object in the place of the list for a record", () => {
  const record = '{"title":"A","distribution":[{"b":{}}],"publisher":{"name":"c"}}';
  for (let size = 1; size < 20; size++) {
    const { records, cutter } = cutUp(
      new TextEncoder().encode(`{"dataset":${record},"x":[{}]}`),
      size,
    );
    assertEquals([records, cutter.isWhole], [[record], true]);
  }
});
