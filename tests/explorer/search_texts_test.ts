import { assertEquals } from "@std/assert";
import { SearchTexts } from "../../lib/explorer/search_texts.ts";

const TEXTS = ["trees of the city", "bus stops", "city trees", "trees and\nbuses", "street", ""];

Deno.test("find() puts what begins with the first word before what has it inside", () => {
  const search = new SearchTexts(TEXTS);
  assertEquals(search.find(["city"], 9), [2, 0]);
  assertEquals(
    search.find(["tree"], 9),
    [0, 3, 2, 4].filter((row) => TEXTS[row]!.includes("tree")),
  );
  assertEquals(search.find(["tree"], 2), [0, 3]);
});

Deno.test("find() wants every word, in any order, never across two texts", () => {
  const search = new SearchTexts(TEXTS);
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
  const search = new SearchTexts(texts);
  for (let time = 0; time < 200; time += 1) {
    const words = Array.from({ length: 1 + random(3) }, word);
    const rows = [...texts.keys()].filter((row) => words.every((it) => texts[row]!.includes(it)));
    const begins = (row: number) => texts[row]!.startsWith(words[0]!);
    const wanted = [...rows.filter(begins), ...rows.filter((row) => !begins(row))].slice(0, 20);
    assertEquals(search.find(words, 20), wanted, words.join(" "));
  }
});
