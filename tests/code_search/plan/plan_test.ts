import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Backend } from "../../../lib/code_search/backend.ts";
import {
  buildCatalogueIndex,
  type CatalogueResource,
} from "../../../lib/code_search/match/catalogue_index.ts";
import {
  coveredForms,
  type PlannedQuery,
  planQueries,
  splitQuery,
} from "../../../lib/code_search/plan/plan.ts";
import { type SearchForms, searchForms } from "../../../lib/code_search/plan/search_terms.ts";
import { describePlan } from "../../../lib/code_search/search_summary.ts";
import { cases } from "../../helpers/thoroughness.ts";

const LIMITS = { maxTermsPerQuery: 20, maxEncodedLength: 6000 };

function formsOf(
  urls: string[],
  portalHosts: string[] = [],
  dataset = (at: number) => `d${at % 7}`,
) {
  const resources: CatalogueResource[] = urls.map((url, at) => ({
    id: `r${at}`,
    dataset_id: dataset(at),
    url,
  }));
  const names = [...new Set(resources.map((one) => one.dataset_id))];
  const datasets = names.map((id) => ({ id, name: `name-of-${id}` }));
  return searchForms(buildCatalogueIndex(resources, datasets, { portalHosts }));
}

/** A generator of numbers below 1 that always gives the same ones (mulberry32). */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function randomUrls(next: () => number, count: number): string[] {
  const pick = (...choices: string[]) => choices[Math.floor(next() * choices.length)] ?? "";
  return Array.from({ length: count }, () => {
    const host = pick(
      "data.a.org",
      "www.b.gov",
      "github.com",
      "c.d.e.ch:8080",
      "docs.google.com",
      "a.org",
    );
    let url = `${pick("http", "https")}://${host}`;
    const depth = Math.floor(next() * 5);
    for (let at = 0; at < depth; at++) {
      url += "/" + pick("data", "a%20b", "übersicht", "file_", "x-y", "dataset") +
        (next() < 0.5 ? Math.floor(next() * 40) : "");
    }
    if (next() < 0.3) url += `?id=${Math.floor(next() * 50)}&f=${pick("csv", "a b")}`;
    return next() < 0.02 ? url + "/" + "long".repeat(100) : url;
  });
}

/** Splits until nothing can be split; asserts on the way that nothing is lost and it comes to an end. */
function splitAll(queries: PlannedQuery[], forms: SearchForms): PlannedQuery[] {
  const last: PlannedQuery[] = [];
  const seen = new Set<string>();
  const todo = [...queries];
  for (let query = todo.pop(); query; query = todo.pop()) {
    if (seen.has(query.id)) continue; // answered already; a runner knows it by its id
    seen.add(query.id);
    const parts = splitQuery(query, forms, LIMITS);
    if (parts.length === 0) {
      last.push(query);
      continue;
    }
    const covered = new Set(parts.flatMap((part) => coveredForms(part, forms)));
    for (const form of coveredForms(query, forms)) {
      assert(covered.has(form), `${query.terms}: ${form} is lost`);
    }
    todo.push(...parts);
  }
  return last;
}

for (let seed = 1; seed <= cases(40, 8); seed++) {
  Deno.test(`splitQuery() loses nothing and ends when the catalogue is random (seed ${seed})`, () => {
    const next = random(seed);
    const forms = formsOf(randomUrls(next, 5 + Math.floor(next() * 300)), ["a.org"]);
    const queries = planQueries(forms, LIMITS);
    const all = [...forms.groups.values()].reduce((sum, group) => sum + group.texts.length, 0);
    assertEquals(new Set(queries.flatMap((query) => coveredForms(query, forms))).size, all);
    const last = splitAll(queries, forms);
    assertEquals(new Set(last.flatMap((query) => coveredForms(query, forms))).size, all);
    assert(last.every((query) => query.kind === "repositories"));
  });
}

Deno.test("planQueries() asks for bare hosts when a host is the catalogue's own", () => {
  const forms = formsOf(["https://data.a.ch/x/1.csv", "http://data.a.ch/y/2.csv"]);
  const [query, ...more] = planQueries(forms, LIMITS);
  assertEquals([query?.terms, query?.covers, query?.kind, more], [["data.a.ch"], 2, "lines", []]);
});

Deno.test("planQueries() searches for an id where every form of an address has it, and for other names of a host", () => {
  const id = "1AbCdEfGhIjKlMnOpQrStUvWxYz012345";
  const index = buildCatalogueIndex(
    [
      { id: "r1", dataset_id: "d1", url: `https://drive.google.com/uc?export=download&id=${id}` },
      { id: "r2", dataset_id: "d2", url: "https://data.cdc.example/resource/erm2-nwe9.csv" },
      { id: "r3", dataset_id: "d3", url: "https://daten.zürich.example/luft.csv" },
    ],
    [],
    { portalHosts: [], hostAliases: { "chronicdata.cdc.example": "data.cdc.example" } },
  );
  const terms = planQueries(searchForms(index), LIMITS).flatMap((query) => query.terms);
  assertEquals(terms.toSorted(), [
    id,
    "chronicdata.cdc.example",
    "data.cdc.example",
    "daten.xn--zrich-kva.example",
    "daten.zürich.example",
  ]);
});

Deno.test("planQueries() starts deep when everybody mentions the host", () => {
  const forms = formsOf([
    "https://github.com/city/data/raw/main/a.csv",
    "https://github.com/city/data/raw/main/b.csv",
    "https://docs.google.com/spreadsheets/d/1abc/export?format=csv",
    "https://app.powerbi.com/view?r=eyJr",
  ]);
  const terms = planQueries(forms, LIMITS).flatMap((query) => query.terms);
  assertEquals(terms.filter((term) => !/\\|%2F|:/.test(term)).toSorted(), [
    "app.powerbi.com/view?r=eyJr",
    "cdn.jsdelivr.net/gh/city/data",
    "docs.google.com/spreadsheets/d/1abc/",
    "github.com/city/data/",
    "raw.githubusercontent.com/city/data/",
  ]);
  for (
    const term of [
      "github.com\\/city\\/data\\/",
      "github.com%2Fcity%2Fdata%2F",
      "//docs.google.com:443/",
    ]
  ) {
    assert(terms.includes(term), term);
  }
});

Deno.test("planQueries() keeps to the limits of a query when there are many hosts", () => {
  const forms = formsOf(
    Array.from({ length: 500 }, (_, at) => `https://host${at}.data.example.org/x`),
  );
  const limits = { maxTermsPerQuery: 30, maxEncodedLength: 900 };
  const queries = planQueries(forms, limits);
  for (const { terms } of queries) {
    assert(terms.length <= 30);
    assert(encodeURIComponent(terms.map((term) => `"${term}"`).join(" OR ")).length <= 900);
  }
  assertEquals(queries.reduce((sum, query) => sum + query.covers, 0), 500);
});

Deno.test("planQueries() gives the same ids when the catalogue comes in another order", () => {
  const urls = randomUrls(random(99), 200);
  const ids = (list: string[]) =>
    planQueries(formsOf(list, [], () => "d"), LIMITS).map((one) => one.id);
  assertEquals(ids(urls), ids([...urls].reverse()));
});

Deno.test("planQueries() asks for a home page with its slashes when its domain has other hosts", () => {
  const forms = formsOf(["https://www.a.ch/", "https://data.a.ch/x/1.csv"]);
  const terms = planQueries(forms, LIMITS).map((query) => query.terms);
  assertEquals(terms, [["data.a.ch"], [
    "%2Fa.ch",
    "%2Fwww.a.ch",
    "//a.ch",
    "//www.a.ch",
    "\\/a.ch",
    "\\/www.a.ch",
  ]]);
});

Deno.test("splitQuery() leaves terms for cut URLs when all below is one dataset's", () => {
  const urls = [2010, 2011, 2012].map((year) => `https://data.a.ch/dfp/dfp_aberta_${year}.zip`);
  const forms = formsOf(urls, [], () => "dfp");
  const [host] = planQueries(forms, LIMITS);
  assert(host);
  const parts = splitQuery(host, forms, LIMITS).flatMap((query) => query.terms);
  for (
    const term of ["data.a.ch/dfp/dfp_aberta_{", 'data.a.ch/dfp"', "data.a.ch\\/", "data.a.ch%2F"]
  ) {
    assert(parts.includes(term), term);
  }
});

Deno.test("splitQuery() ends with a query for repositories when one URL is too frequent", () => {
  const forms = formsOf(["https://data.a.ch/x"]);
  const last = splitAll(planQueries(forms, LIMITS), forms);
  const own = last.filter((query) => query.covers > 0);
  assertEquals(own.map(({ kind, terms, covers }) => ({ kind, terms, covers })), [
    { kind: "repositories", terms: ["data.a.ch/x"], covers: 1 },
  ]);
});

Deno.test("splitQuery() searches the encoded and the decoded form when they part", () => {
  const forms = formsOf(["https://data.a.ch/x/a%20b.csv", "https://data.a.ch/x/a%20c.csv"]);
  const terms = splitAll(planQueries(forms, LIMITS), forms).flatMap((query) => query.terms);
  assert(terms.includes("data.a.ch/x/a%20b.csv") && terms.includes("data.a.ch/x/a b.csv"));
});

Deno.test("planQueries() covers pages and ids when the host is the portal's", () => {
  const forms = formsOf(["https://files.a.ch/1.csv"], ["portal.a.ch"]);
  const terms = splitAll(planQueries(forms, LIMITS), forms).flatMap((query) => query.terms);
  for (const term of ["portal.a.ch/dataset/name-of-d0", "portal.a.ch/dataset/d0"]) {
    assert(terms.some((one) => term.startsWith(one) && one.length > 20), term);
  }
  assert(terms.some((term) => term.startsWith("portal.a.ch/api/3/action/datastore_search")));
});

Deno.test("describePlan() says how long the plan takes at the service's own pace", () => {
  const index = buildCatalogueIndex([], [], { portalHosts: [] });
  const query: PlannedQuery = { id: "q", kind: "lines", terms: ["data.example"], covers: 1 };
  const backend: Backend = {
    name: "github",
    unit: "queries",
    requestsPerSecond: 10 / 60,
    plan: () => Promise.resolve([query]),
    split: () => [],
    search: () => Promise.reject(new Error("not asked")),
  };
  const printed = describePlan(new Array(30).fill(query), backend, index, true);
  assertStringIncludes(printed, "at least 3 min 0 s at 10 a minute");
});
