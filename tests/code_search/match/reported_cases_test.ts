/**
 * Cases from public reports: lines of code that a catalogue of an invented city must, or must not,
 * recognize. Those of `../shared` are given; those in tests/fixtures/reports are further ones of the
 * same groups. What a line cannot show (evidence, repositories, encodings) is in
 * tests/tasks/05_reported_cases_test.ts.
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type CatalogueIndex } from "../../../lib/code_search/match/catalogue_index.ts";
import { compareLine } from "../../../lib/code_search/match/mentions.ts";
import { recordedTest } from "../../helpers/recorded_data.ts";
import { type Case, isMet, readCases, ReportedCatalogue } from "../../helpers/reported_cases.ts";

const FIXTURES = new URL("../../fixtures/reports/", import.meta.url);
const SHARED = new URL("../../../../shared/data/reports/", import.meta.url);

function outcomes(one: Case, catalogue: ReportedCatalogue, index: CatalogueIndex): string[] {
  return one.code.split("\n").flatMap((line) => {
    const { mentions, unmatched } = compareLine(line, index);
    return [
      ...mentions.map((mention) => catalogue.describe(mention)),
      ...unmatched.filter(({ reference }) => reference !== null && !catalogue.has(reference))
        .map(({ reference }) => `dead ${reference}`),
    ];
  });
}

for (const [name, folder] of [["given", SHARED], ["further", FIXTURES]] as const) {
  const file = name === "given" ? "mention_cases.tsv" : "more_mention_cases.tsv";
  recordedTest(`compareLine() recognizes the ${name} cases`, async () => {
    const catalogue = await ReportedCatalogue.read(new URL("mention_catalogue.json", SHARED));
    const indexes = { all: catalogue.index([]), json: catalogue.index(["json"]) };
    const cases = await readCases(new URL(file, folder));
    assert(cases !== undefined && cases.length > 70);
    const unmet: string[] = [];
    for (const one of cases) {
      const got = outcomes(one, catalogue, one.group === "K" ? indexes.json : indexes.all);
      if (isMet(one.expected, got)) continue;
      unmet.push(`${one.name}: ${one.code}\n  wanted ${one.expected}\n  got ${got}`);
    }
    assertEquals(unmet, []);
  });
}
