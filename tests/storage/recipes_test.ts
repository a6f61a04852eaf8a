import { assertEquals } from "@std/assert";
import { hashOfRecipe, rowMakerOf } from "../../lib/storage/recipes.ts";

Deno.test("hashOfRecipe() changes with the version of the code, with SQL and with settings", () => {
  const maker = { version: 1, sql: { folder: "final", sha256: "a" } };
  const hashes = [
    hashOfRecipe(maker, undefined),
    hashOfRecipe({ ...maker, version: 2 }, undefined),
    hashOfRecipe({ ...maker, sql: { folder: "final", sha256: "b" } }, undefined),
    hashOfRecipe(maker, { formats: [] }),
  ];
  assertEquals(new Set(hashes).size, 4);
});

Deno.test("rowMakerOf() knows a version of every database that a stage builds", async () => {
  for (
    const folder of ["ckan_api", "clean_ckan_api", "code_search", "reverse_dependencies", "final"]
  ) {
    assertEquals((await rowMakerOf(folder)).version > 0, true, folder);
  }
});
