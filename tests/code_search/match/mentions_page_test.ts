import { assert, assertEquals } from "@std/assert";
import { buildCatalogueIndex } from "../../../lib/code_search/match/catalogue_index.ts";
import { findMentions, MATCH_KINDS } from "../../../lib/code_search/match/mentions.ts";

/** The examples of docs/mentions.md are what the program finds and does not find. */

const PAGE = await Deno.readTextFile(new URL("../../../docs/mentions.md", import.meta.url));

/** The rows of the table that follows a heading or sentence, cells without their back-ticks. */
function tableAfter(text: string): string[][] {
  const rows = PAGE.slice(PAGE.indexOf(text)).split("\n").slice(1);
  const first = rows.findIndex((row) => row.startsWith("|"));
  const last = rows.findIndex((row, at) => at > first && !row.startsWith("|"));
  return rows.slice(first + 2, last).map((row) =>
    row.split("|").slice(1, -1).map((cell) => cell.trim().replace(/^`(.*)`$/, "$1"))
  );
}

const CATALOGUE = tableAfter("For the examples the catalogue");
const UUID = /resource\/([0-9a-f-]{36})/;
const INDEX = buildCatalogueIndex(
  CATALOGUE.map(([dataset, , url], at) => ({
    id: UUID.exec(url!)?.[1] ?? `r${at}`,
    dataset_id: dataset!,
    url: url!,
  })),
  CATALOGUE.map(([id, page]) => ({ id: id!, name: page!.split("/").at(-1)! })),
  { portalHosts: ["data.city.example"] },
);

Deno.test("docs/mentions.md gives of every kind an example that is found as such", () => {
  const rows = tableAfter("A place has one kind");
  // what only the whole file makes is not in any one line
  const ofLines = MATCH_KINDS.filter((kind) => kind !== "resolved");
  assertEquals([...new Set(rows.map(([kind]) => kind))], ofLines);
  for (const [kind, , , line] of rows) {
    const found = findMentions(line!, INDEX);
    assertEquals(found.map(({ match_kind }) => match_kind), [kind], line);
  }
});

Deno.test("docs/mentions.md gives examples of what is not found that are not found", () => {
  for (const text of ["By rule, because", "And what code does"]) {
    const rows = tableAfter(text);
    assert(rows.length >= 5);
    for (const [line] of rows) assertEquals(findMentions(line!, INDEX), [], line);
  }
});
