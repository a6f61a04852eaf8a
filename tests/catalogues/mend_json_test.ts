import { assertEquals } from "@std/assert";
import { type JsonFaults, mendJson } from "../../lib/catalogues/mend_json.ts";

function mended(text: string): { value: unknown; faults: Record<string, number> } | undefined {
  const faults: JsonFaults = new Map();
  const bytes = mendJson(new TextEncoder().encode(text), faults);
  if (bytes === undefined) return undefined;
  return { value: JSON.parse(new TextDecoder().decode(bytes)), faults: Object.fromEntries(faults) };
}

const CASES: [string, unknown, string, number][] = [
  ['{"a":"x\ty\u0001"}', { a: "x\ty\u0001" }, "raw control character in a text, escaped", 2],
  ['{"a":1,}', { a: 1 }, "surplus comma, removed", 1],
  ["[1,,2,]", [1, 2], "surplus comma, removed", 2],
  ['{"a":[1 2] "b":3}', { a: [1, 2], b: 3 }, "missing comma, inserted", 2],
  ['{"a":NaN,"b":-Infinity}', { a: null, b: null }, "NaN, Infinity or undefined, read as null", 2],
  ['{"a":007,"b":True}', { a: "007", b: "True" }, "value without quotes, read as text", 2],
  [
    String.raw`{"a":"C:\data\x41\u12"}`,
    { a: String.raw`C:\data\x41\u12` },
    "invalid escape in a text, kept as it is written",
    3,
  ],
];

for (const [text, value, fault, places] of CASES) {
  Deno.test(`mendJson() reads ${JSON.stringify(text)} and counts what was wrong`, () => {
    assertEquals(mended(text), { value, faults: { [fault]: places } });
  });
}

Deno.test("mendJson() changes nothing in good JSON, and leaves what has no single reading", () => {
  const good = String.raw`{"a": "é\u00e9\\\" \/", "b": [1.10, 12345678901234567890, {"c": null}]}`;
  const faults: JsonFaults = new Map();
  const bytes = mendJson(new TextEncoder().encode(good), faults)!;
  assertEquals([new TextDecoder().decode(bytes), faults.size], [good, 0]);
  for (const bad of ['{"a":"b', '{"a" "b"}', '{"a":"b"c"d"}', "{'a':1}", '{"a":1}}', "{a:1}"]) {
    assertEquals(mended(bad), undefined, bad);
  }
});
