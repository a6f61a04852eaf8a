import { assertEquals } from "@std/assert";
import { changedSince, instantOf, isInstant } from "../../../lib/catalogues/ckan/times.ts";

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
