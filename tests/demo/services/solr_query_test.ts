import { assertEquals, assertThrows } from "@std/assert";
import {
  holds,
  parseFilter,
  parseSort,
  SolrError,
  solrTime,
} from "../../../lib/demo/services/solr_query.ts";

function letters(filter: string): string {
  return [..."abcdef"].filter((letter) =>
    parseFilter(filter).every((condition) => holds(condition, letter))
  ).join("");
}

Deno.test("parseFilter() reads ranges as Solr does when brackets are mixed", () => {
  assertEquals(letters('id:{"b" TO *]'), "cdef");
  assertEquals(letters('id:["b" TO "d"}'), "bc");
  assertEquals(letters('id:{"b" TO "d"}'), "c");
  assertEquals(letters("id:[b TO d]"), "bcd");
  assertEquals(letters('id:[* TO "c"}'), "ab");
  assertEquals(letters("id:[* TO *]"), "abcdef");
});

Deno.test("parseFilter() joins terms when several are in one text", () => {
  assertEquals(letters('id:{"a" TO *] +id:[* TO "d"}'), "bc");
  assertEquals(letters('id:{"a" TO *] AND -id:c'), "bdef");
});

Deno.test("parseFilter() reads lists of values", () => {
  assertEquals(letters('id:("b" OR d OR "z")'), "bd");
  assertEquals(letters('id:{"b" TO *] id:("b" OR "d")'), "d");
  assertEquals(letters("-id:(b)"), "acdef");
});

Deno.test("parseFilter() refuses what it cannot read", () => {
  for (const filter of ["id:{a TO", "id:[a TO b", "title", 'id:{"a TO *]', "id:(a OR", "id:()"]) {
    assertThrows(() => parseFilter(filter), SolrError);
  }
});

Deno.test("parseSort() reads keys and refuses unknown fields", () => {
  assertEquals(parseSort("metadata_modified asc, id asc").map((key) => key.field), [
    "metadata_modified",
    "id",
  ]);
  assertThrows(() => parseSort("colour asc"), SolrError);
  assertThrows(() => parseSort("id upwards"), SolrError);
});

Deno.test("solrTime() keeps milliseconds and appends the zone", () => {
  assertEquals(solrTime("2024-01-02T03:04:05.678901"), "2024-01-02T03:04:05.678Z");
  assertEquals(solrTime("2024-01-02T03:04:05"), "2024-01-02T03:04:05.000Z");
});
