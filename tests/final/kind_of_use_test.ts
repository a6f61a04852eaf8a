/**
 * What a place in code uses the data for, against labelled lines. Half of them, "held_out", was not
 * looked at while the rules were corrected; docs/kinds_of_use.md has the confusion matrix of it.
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { decideUse, type Use, type UseContext, USES } from "../../lib/final/kind_of_use.ts";
import { Database } from "../../lib/duckdb/database.ts";

interface Labelled extends UseContext {
  id: string;
  label: Use;
  half: string;
}

async function readHeldOut(): Promise<Labelled[]> {
  const file = new URL("../fixtures/kinds_of_use/lines.ndjson", import.meta.url);
  const lines = (await Deno.readTextFile(file)).trim().split("\n");
  assert(lines.length >= 400, "fewer than 400 lines are labelled");
  return lines.map((line): Labelled => JSON.parse(line)).filter(({ half }) => half === "held_out");
}

function scores(rows: Labelled[], decide: (row: Labelled) => string) {
  const of = (count: (row: Labelled) => boolean) => rows.filter(count).length || NaN;
  const each = USES.map((use) => {
    const right = rows.filter((row) => row.label === use && decide(row) === use).length;
    const precision = right / of((row) => decide(row) === use);
    const recall = right / of((row) => row.label === use);
    return { use, precision, f1: 2 * precision * recall / (precision + recall) || 0 };
  });
  const macroF1 = each.reduce((sum, { f1 }) => sum + f1, 0) / each.length;
  return { macroF1, precisionOf: (use: Use) => each.find((it) => it.use === use)!.precision };
}

/** The guess that a file's name alone allows. */
function byFileName({ path }: UseContext): Use {
  const name = path ?? "";
  if (/(^|\/)(tests?|spec|__tests__)\/|[._]test\.|_test\./.test(name)) return "tests";
  if (/\.(ipynb|rmd|qmd)$/i.test(name)) return "teaches";
  if (/\.(md|rst|txt|adoc|tex|bib)$/i.test(name)) return "links";
  if (/\.(html?|vue|jsx|tsx|svelte)$/i.test(name)) return "displays";
  if (/\.(ya?ml|toml|ini|env|properties)$/i.test(name)) return "configures";
  if (/\.(csv|tsv|json|ndjson|xml)$/i.test(name)) return "lists";
  return "downloads";
}

Deno.test("decideUse() reaches the macro-F1 and the precision that the docs promise", async () => {
  const rows = await readHeldOut();
  const { macroF1, precisionOf } = scores(rows, (row) => decideUse(row).use);
  assert(macroF1 >= 0.8, `macro-F1 ${macroF1}`);
  assert(precisionOf("downloads") >= 0.95, `downloads ${precisionOf("downloads")}`);
  const naive = scores(rows, byFileName).macroF1;
  assert(macroF1 > naive + 0.2, `by file name alone ${naive}`);
});

Deno.test("decideUse() names its rule, and decides without a path or a line", () => {
  assertEquals(
    decideUse({
      path: "a.py",
      line: 'df = pd.read_csv("https://x.example/a.csv")',
      before: [],
      after: [],
    }),
    { use: "downloads", reason: "download_call" },
  );
  assertEquals(decideUse({ path: null, line: "", before: [], after: [] }), {
    use: "other",
    reason: "no_rule",
  });
});

Deno.test("the uses are the same in code and in SQL", async () => {
  const db = await Database.open();
  try {
    await db.run(await Deno.readTextFile(new URL("../../sql/vocabularies.sql", import.meta.url)));
    const { uses } = await db.one<{ uses: string[] }>(
      "select enum_range(null::mention_use) as uses",
    );
    assertEquals(uses, [...USES]);
  } finally {
    db.close();
  }
});
