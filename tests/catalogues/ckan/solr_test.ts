import { assertEquals } from "@std/assert";
import {
  changedSince,
  filterOf,
  filterOfIds,
  instantOf,
  isInstant,
  partition,
  rangeOf,
} from "../../../lib/catalogues/ckan/solr.ts";

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
  const partitions = [1, 2, 3, 4, 9, 16, 99].map((wanted) => partition(wanted));
  for (const ranges of partitions) assertEquals(Math.log2(ranges.length) % 1, 0);
  for (const count of [2, 3, 7, 8, 1000]) {
    const shards = Array.from({ length: count }, (_, index) => ({ index, of: count }));
    partitions.push(shards.map(rangeOf), shards.flatMap((shard) => partition(4, shard)));
  }
  for (const ranges of partitions) {
    for (const id of ids) {
      const holding = ranges.filter(({ low, high }) =>
        (low === null || id >= low) && (high === null || id < high)
      );
      assertEquals(holding.length, 1, `"${id}" of ${ranges.length}`);
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

Deno.test("instantOf() gives one spelling for a time of a record and of Solr", () => {
  for (
    const [text, instant] of [
      ["2026-11-24T03:41:49.123987", "2026-11-24T03:41:49.123Z"],
      ["2026-11-24T03:41:49.123Z", "2026-11-24T03:41:49.123Z"],
      ["2026-11-24T03:41:49.1Z", "2026-11-24T03:41:49.100Z"],
      ["2026-11-24T03:41:49", "2026-11-24T03:41:49.000Z"],
      ["2026-11-24 03:41:49", "2026-11-24T03:41:49.000Z"],
      ["24.11.2026", "24.11.2026"],
    ] as const
  ) {
    assertEquals(instantOf(text), instant);
    assertEquals(isInstant(instantOf(text)), text !== "24.11.2026");
  }
  assertEquals(instantOf(undefined), null);
});

Deno.test("changedSince() gives Solr the zone that CKAN leaves out", () => {
  assertEquals(
    changedSince("2026-11-24T03:41:49"),
    "metadata_modified:[2026-11-24T03:41:49Z TO *]",
  );
  assertEquals(
    changedSince("2026-11-24T03:41:49.123Z"),
    "metadata_modified:[2026-11-24T03:41:49.123Z TO *]",
  );
});

Deno.test("filterOfIds() quotes what Solr would take for its own", () => {
  assertEquals(filterOfIds(["a", 'b"\\c', "OR"]), 'id:("a" OR "b\\"\\\\c" OR "OR")');
});
