import { assertEquals } from "@std/assert";
import { PageSize } from "../../lib/catalogues/page_size.ts";

Deno.test("PageSize halves once for requests that were under way together, and never below its least", () => {
  const size = new PageSize(1000);
  size.tooSlow(1000);
  size.tooSlow(1000);
  assertEquals(size.rows, 500);
  for (let time = 0; time < 20; time += 1) size.tooSlow(size.rows);
  assertEquals(size.rows, 1);
});

Deno.test("PageSize grows back when many good pages came", () => {
  const size = new PageSize(100);
  size.tooSlow(100);
  for (let page = 0; page < 15; page += 1) size.received(50, false);
  assertEquals(size.rows, 50);
  size.received(50, false);
  assertEquals(size.rows, 100);
});

Deno.test("PageSize learns the portal's limit when two short pages have the same length", () => {
  const size = new PageSize(1000);
  size.received(998, true);
  assertEquals(size.rows, 1000);
  size.received(100, true);
  size.received(100, true);
  assertEquals(size.rows, 100);
});
