/**
 * Rules of grading that a comment or docs/mentions.md states, each with the case that fails without
 * it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { buildCatalogueIndex } from "../../../lib/code_search/match/catalogue_index.ts";
import { compareLine } from "../../../lib/code_search/match/mentions.ts";

/** The catalogue: a dataset and one of its URLs, or several. */
function indexOf(catalogue: [dataset: string, ...urls: string[]][]) {
  const resources = catalogue.flatMap(([dataset_id, ...urls]) =>
    urls.map((url, at) => ({ id: `${dataset_id}-${at}`, dataset_id, url }))
  );
  const datasets = catalogue.map(([id]) => ({ id, name: `name-of-${id}` }));
  return buildCatalogueIndex(resources, datasets, { portalHosts: ["portal.example"] });
}

/** What a line names, as "kind dataset", sorted. */
function named(line: string, catalogue: [dataset: string, ...urls: string[]][]): string[] {
  return compareLine(line, indexOf(catalogue)).mentions
    .map(({ match_kind, dataset_id }) => `${match_kind} ${dataset_id}`).sort();
}

for (const [count, is_generic] of [[5, false], [6, true]] as const) {
  Deno.test(`a URL of ${count} datasets names each of them, ${is_generic ? "and" : "and not"} as generic`, () => {
    const url = "https://files.a.org/shared/report.csv";
    const index = indexOf(Array.from({ length: count }, (_, at) => [`d${at}`, url]));
    const { mentions } = compareLine(`get("${url}")`, index);
    assertEquals(mentions.map((mention) => mention.is_generic), Array(count).fill(is_generic));
    assertEquals(mentions[0]!.shared_by, count);
  });
}

const CASES: [rule: string, line: string, catalogue: [string, ...string[]][], wanted: string[]][] =
  [
    [
      "?$limit= is Socrata's own parameter, not a hole",
      'get("https://open.a.org/resource/erm2-nwe9.json?$limit=5")',
      [["d", "https://open.a.org/resource/erm2-nwe9.json"]],
      ["query_variant d"],
    ],
    [
      "Dataverse's :persistentId is not a placeholder",
      '"https://dv.a.org/api/access/datafile/:persistentId?persistentId=doi:10.5072/FK2/BBB"',
      [[
        "d",
        "https://dv.a.org/api/access/datafile/:persistentId?persistentId=doi:10.5072/FK2/AAA",
      ]],
      [],
    ],
    [
      "two years are not an id of Socrata",
      '"https://open.a.org/reports/2020-2021"',
      [["d", "https://open.a.org/resource/2020-2021.json"]],
      [],
    ],
    [
      "port 80 is not the port of https",
      '"https://files.a.org:80/x/y.csv"',
      [["d", "https://files.a.org/x/y.csv"]],
      [],
    ],
    [
      "a scheme's own port is left out",
      '"https://files.a.org:443/x/y.csv" "http://files.a.org:80/x/y.csv"',
      [["d", "https://files.a.org/x/y.csv"]],
      ["normalized d", "normalized d"],
    ],
    [
      "an encoded slash is part of a file's name",
      '"https://files.a.org/a%2Fb.csv"',
      [["d", "https://files.a.org/a/b.csv"]],
      [],
    ],
    [
      "a DOI in a URL is one place",
      "see https://doi.org/10.5072/abc.123 for it",
      [["d", "https://doi.org/10.5072/abc.123"]],
      ["exact d"],
    ],
    [
      "a string in a call that joins is a template where another argument follows",
      'paste0("https://files.a.org/data/set/file_", year)',
      [["d", "https://files.a.org/data/set/file_a.csv", "https://files.a.org/data/set/file_b.csv"]],
      ["template d"],
    ],
  ];

for (const [rule, line, catalogue, wanted] of CASES) {
  Deno.test(`compareLine(): ${rule}`, () => assertEquals(named(line, catalogue), wanted));
}

Deno.test("compareLine() lists a sibling as a link that may be broken, too", () => {
  const index = indexOf([[
    "d",
    "https://files.a.org/itr/data/itr_2022.zip",
    "https://files.a.org/itr/data/itr_2023.zip",
  ]]);
  const { mentions, unmatched } = compareLine('"https://files.a.org/itr/data/itr_2014.zip"', index);
  assertEquals(mentions.map(({ match_kind }) => match_kind), ["sibling"]);
  assertEquals(unmatched.map(({ path }) => path), ["/itr/data/itr_2014.zip"]);
});
