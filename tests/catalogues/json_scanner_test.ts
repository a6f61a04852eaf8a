import { assertEquals, assertThrows } from "@std/assert";
import { skipValue, textAt } from "../../lib/catalogues/json_scanner.ts";

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
