/**
 * The ordered vocabularies of sql/vocabularies.sql are those that the code and its labels use.
 * @module
 */

import { assertEquals } from "@std/assert";
import { MATCH_KINDS } from "../../lib/code_search/match/mentions.ts";
import { Database } from "../../lib/duckdb/database.ts";
import { MATCH_KINDS as LABELS } from "../../lib/web/labels.ts";

Deno.test("match kinds have the same names and order in SQL, in the matcher and in labels", async () => {
  const db = await Database.open();
  try {
    await db.run(
      await Deno.readTextFile(new URL("../../sql/vocabularies.sql", import.meta.url)),
    );
    const { kinds } = await db.one<{ kinds: string[] }>(
      "select enum_range(null::match_kind) as kinds",
    );
    assertEquals(kinds.filter((kind) => MATCH_KINDS.some((one) => one === kind)), [...MATCH_KINDS]);
    assertEquals(kinds, Object.keys(LABELS));
  } finally {
    db.close();
  }
});
