import { assertEquals } from "@std/assert";
import { SearchIndex } from "../../lib/explorer/search_index.ts";

const TEXTS = ["trees of the city", "bus stops", "city trees", "trees and\nbuses", "street", ""];

Deno.test("find() puts texts that begin with the first word first, then beginnings of words", () => {
  const search = new SearchIndex(TEXTS);
  assertEquals(search.find(["city"], 9), [2, 0]);
  // "street" has it inside a word
  assertEquals(search.find(["tree"], 9), [0, 3, 2, 4]);
  assertEquals(search.find(["tree"], 2), [0, 3]);
});

Deno.test("find() requires every word, in any order, never across two texts", () => {
  const search = new SearchIndex(TEXTS);
  assertEquals(search.find(["trees", "city"], 9), [0, 2]);
  assertEquals(search.find(["bus", "trees"], 9), [3]);
  assertEquals(search.find(["citybus"], 9), []);
  assertEquals(search.find(["stops", "city"], 9), []);
  assertEquals(search.find([], 9), []);
});

Deno.test("find() gives the same as looking at each text", () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const word = () => Array.from({ length: 1 + random(3) }, () => "abc"[random(3)]).join("");
  const texts = Array.from({ length: 500 }, () => `${word()} ${word()} ${word()}`);
  const search = new SearchIndex(texts);
  for (let time = 0; time < 200; time += 1) {
    const words = Array.from({ length: 1 + random(3) }, word);
    const rows = [...texts.keys()].filter((row) => words.every((it) => texts[row]!.includes(it)));
    const group = (row: number) => {
      const begins = (word: string) => ` ${texts[row]}`.includes(` ${word}`);
      if (texts[row]!.startsWith(words[0]!) && words.slice(1).every(begins)) return 0;
      return words.every(begins) ? 1 : 2;
    };
    const wanted = rows.toSorted((one, other) => group(one) - group(other)).slice(0, 20);
    assertEquals(search.find(words, 20), wanted, words.join(" "));
  }
});
