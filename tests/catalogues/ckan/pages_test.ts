import { assertEquals, assertThrows } from "@std/assert";
import { splitResults } from "../../../lib/catalogues/ckan/pages.ts";

function pieces(text: string): string[] | undefined {
  const bytes = new TextEncoder().encode(text);
  const slices = splitResults(bytes);
  if (slices === undefined) return undefined;
  const found: string[] = [];
  for (let at = 0; at < slices.bounds.length; at += 2) {
    found.push(
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(
        bytes.subarray(slices.bounds[at]!, slices.bounds[at + 1]!),
      ),
    );
  }
  return found;
}

Deno.test("splitResults() gives every dataset byte for byte", () => {
  const records = [
    '{"id": "a", "n": 1.10, "big": 123456789012345678901234567890}',
    '{"id":"b","text":"quote \\" bracket ] brace } comma , backslash \\\\"}',
    '{ "id" : "c",\n "nested": [[{"x": ["]"]}], {}], "e": "\u{1f600}\u00a0\u0096" }',
  ];
  const page = `{"help": "?", "success": true, "result": {"count": 3, "results": [${
    records.join(" , ")
  }], "facets": {}}}`;
  assertEquals(pieces(page), records);
  assertEquals(pieces(`\ufeff${page}`), records);
});

Deno.test("splitResults() finds the list wherever it stands, and only there", () => {
  assertEquals(pieces('{"result":{"results":[]}}'), []);
  assertEquals(pieces('{"results":[1],"result":{"facets":{"results":[2]},"results":[3,"x"]}}'), [
    "3",
    '"x"',
  ]);
  assertEquals(pieces('{"help":"\\"result\\": {\\"results\\": [1]}","result":{"results":[2]}}'), [
    "2",
  ]);
});

Deno.test("splitResults() gives nothing when there is no such list", () => {
  for (
    const text of ["{}", "[]", '"x"', '{"result":[]}', '{"result":{"results":{}}}', '{"result":1}']
  ) {
    assertEquals(pieces(text), undefined, text);
  }
});

Deno.test("splitResults() throws when the answer was cut or is broken", () => {
  const page =
    '{"success": true, "result": {"count": 1, "results": [{"id": "a\\""}, {"id": "b"}]}}';
  for (let length = page.indexOf("[") + 1; length < page.indexOf("]"); length += 1) {
    assertThrows(() => pieces(page.slice(0, length)), SyntaxError);
  }
  assertThrows(() => pieces('{"result":{"results":[1 2]}}'), SyntaxError);
  assertThrows(() => pieces('{"result":{"results":[,]}}'), SyntaxError);
  assertThrows(() => pieces('{"a" 1,"result":{"results":[]}}'), SyntaxError);
});
