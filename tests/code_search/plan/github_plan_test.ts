/**
 * The plan for a code search that ignores punctuation and allows one phrase a query.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { buildCatalogueIndex } from "../../../lib/code_search/match/catalogue_index.ts";
import { planGithubQueries, splitGithubQuery } from "../../../lib/code_search/plan/github_plan.ts";
import { type PlannedQuery } from "../../../lib/code_search/plan/plan.ts";
import { type SearchForms, searchForms } from "../../../lib/code_search/plan/search_terms.ts";

const LARGEST_FILE = 393_216;

function formsOf(urls: string[], portalHosts: string[] = []): SearchForms {
  const resources = urls.map((url, at) => ({ id: `r${at}`, dataset_id: `d${at % 3}`, url }));
  const datasets = ["d0", "d1", "d2"].map((id) => ({ id, name: `name-of-${id}` }));
  const index = buildCatalogueIndex(resources, datasets, { portalHosts });
  return searchForms(index, { otherHosts: false });
}

function termsOf(queries: PlannedQuery[]): string[][] {
  return queries.map(({ terms }) => terms).sort();
}

Deno.test("planGithubQueries() sends one phrase for a host, however its URLs are written", () => {
  const forms = formsOf([
    "https://data.a.org/one.csv",
    "http://www.data.a.org/two%20b.csv",
    "https://data.a.org:443/three.csv?x=1",
    "https://files.b.example.org/x/y.zip",
  ]);
  assertEquals(termsOf(planGithubQueries(forms)), [["data.a.org"], ["files.b.example.org"]]);
});

Deno.test("planGithubQueries() needs at most one query a distinct URL, and far fewer on shared hosts", () => {
  const hosts = Array.from({ length: 26 }, (_, at) => `files.agency-${at}.example.org`);
  const urls = Array.from(
    { length: 50 },
    (_, at) => `https://${hosts[at % 26]}/data/set ${at}.csv?a=${at}`,
  );
  const queries = planGithubQueries(formsOf(urls));
  assertEquals(queries.length, 26);
  assertEquals(queries.reduce((sum, { covers }) => sum + covers, 0), 50);
  const shared = Array.from(
    { length: 40 },
    (_, at) => `https://github.com/city/data/raw/main/${at}.csv`,
  );
  assertEquals(termsOf(planGithubQueries(formsOf(shared))), [["github.com/city/data/"]]);
});

Deno.test("planGithubQueries() searches for a publisher's site, a DOI and a subdomain by what is theirs", () => {
  const forms = formsOf([
    "https://www.ministry.example/budget/2024.pdf",
    "https://doi.org/10.5072/abc.1",
    "https://data.a.org/one.csv",
    "https://maps.data.a.org/two.csv",
  ]);
  const queries = planGithubQueries(forms).map(({ terms }) => terms[0]!);
  assert(queries.includes("ministry.example/budget/2024.pdf"), queries.join());
  assert(queries.includes("10.5072/abc.1"), queries.join());
  assert(queries.includes("data.a.org"), queries.join());
  assert(!queries.some((text) => text.includes("maps.")), "the host above finds it");
});

Deno.test("splitGithubQuery() goes along the path, then by the size of files, and loses no URL", () => {
  const urls = Array.from(
    { length: 300 },
    (_, at) => `https://data.a.org/${"abc"[at % 3]}/set-${at % 30}/file_${at}.csv`,
  );
  const forms = formsOf(urls);
  const [root] = planGithubQueries(forms);
  const leaves: PlannedQuery[] = [];
  const queue = [root!];
  for (let query = queue.shift(); query !== undefined; query = queue.shift()) {
    const parts = splitGithubQuery(query, forms);
    if (parts.some(({ terms }) => terms.length > 1)) leaves.push(query);
    else queue.push(...parts);
    assert(query.terms[0]!.length <= 250);
  }
  const leafTerms = new Set(leaves.map(({ terms }) => terms[0]));
  assertEquals(urls.filter((url) => !leafTerms.has(url.slice("https://".length))), []);

  const [small, large] = splitGithubQuery(leaves[0]!, forms).map(({ terms }) => terms[1]!);
  const [from, to] = bounds(small!);
  const [next, end] = bounds(large!);
  assertEquals([from, next, end], [0, to + 1, LARGEST_FILE]);
  assert(to < 10_000, "most files are small");
  assertEquals(splitGithubQuery({ ...leaves[0]!, terms: ["x", "size:7..7"] }, forms), []);
});

function bounds(size: string): [number, number] {
  const [low, high] = size.slice("size:".length).split("..").map(Number);
  return [low!, high!];
}

Deno.test("splitGithubQuery() by size ends with single sizes that cover every file once", () => {
  let ranges: PlannedQuery[] = [{ id: "x", terms: ["x", "size:0..40"], covers: 1, kind: "lines" }];
  const forms = formsOf([]);
  const single: number[] = [];
  while (ranges.length > 0) {
    ranges = ranges.flatMap((range) => {
      const [low, high] = bounds(range.terms[1]!);
      if (low === high) single.push(low);
      return splitGithubQuery(range, forms);
    });
  }
  assertEquals(single.sort((a, b) => a - b), Array.from({ length: 41 }, (_, at) => at));
});
