import { assertEquals } from "@std/assert";
import { filterOf, partition } from "../../lib/catalogues/ckan_ranges.ts";

Deno.test("partition() leaves no id out and none in two ranges", () => {
  const ids = [
    "",
    " ",
    "0",
    "00f",
    "4",
    "7fff",
    "8",
    "C",
    "c",
    "f",
    "ffff",
    "g",
    "zürich",
    "\u{10000}",
  ];
  for (const wanted of [1, 2, 3, 4, 9, 16, 99]) {
    const ranges = partition(wanted);
    assertEquals(Math.log2(ranges.length) % 1, 0);
    for (const id of ids) {
      const holding = ranges.filter(({ low, high }) =>
        (low === null || id >= low) && (high === null || id < high)
      );
      assertEquals(holding.length, 1, `"${id}" of ${wanted}`);
    }
  }
});

Deno.test("filterOf() writes Solr's ranges and escapes what is quoted", () => {
  assertEquals(filterOf({ low: null, high: null }, null), undefined);
  assertEquals(filterOf({ low: null, high: null }, "a"), 'id:{"a" TO *]');
  assertEquals(filterOf({ low: null, high: "4" }, null), 'id:[* TO "4"}');
  assertEquals(filterOf({ low: "4", high: "8" }, null), 'id:["4" TO "8"}');
  assertEquals(filterOf({ low: "4", high: "8" }, '5"\\'), 'id:{"5\\"\\\\" TO "8"}');
});
