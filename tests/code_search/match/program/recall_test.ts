/**
 * How much of what programs ask for is found, and how much of what is found is right: 210 programs
 * in the style of real ones. Each has its truth beside it, written by hand: what it asks for when it
 * runs and no line of it writes. One form in seven is beyond the reader on purpose.
 */
import { assert } from "@std/assert";
import { buildCatalogueIndex } from "../../../../lib/code_search/match/catalogue_index.ts";
import { madeMentions } from "../../../../lib/code_search/program_mentions.ts";

const HOST = "https://data.saltholm.example";
const FILES = "https://files.saltholm.example";
const NAMES = [
  "trees",
  "bikes",
  "noise",
  "rents",
  "parks",
  "ferries",
  "schools",
  "votes",
  "tides",
  "air",
];
const YEARS = Array.from({ length: 16 }, (_, at) => 2010 + at);
const idOf = (name: string) => {
  const at = String(NAMES.indexOf(name) + 1);
  return `${at.padStart(8, "a")}-1111-4222-8333-${at.padStart(12, "b")}`;
};
const csv = (name: string, year: number | string) => `${FILES}/${name}/${name}_${year}.csv`;
const page = (name: string, file: string) =>
  `${HOST}/dataset/${name}/resource/${idOf(name)}/download/${file}`;
const search = (name: string) => `id:${idOf(name)}`;

interface Program {
  path: string;
  text: string;
  /** URLs of resources, or `id:` and the id of one. */
  truth: string[];
}
/** `a`, `b`, `c`: datasets; `y`: a year, at least two before the last. */
type Form = (a: string, b: string, c: string, y: number) => Program;

const python = (text: string, truth: string[]): Program => ({ path: "load.py", text, truth });
const script = (text: string, truth: string[]): Program => ({ path: "src/load.js", text, truth });
const typed = (text: string, truth: string[]): Program => ({ path: "src/load.ts", text, truth });
const shell = (text: string, truth: string[]): Program => ({ path: "fetch.sh", text, truth });
const r = (text: string, truth: string[]): Program => ({ path: "R/load.R", text, truth });
const julia = (text: string, truth: string[]): Program => ({ path: "load.jl", text, truth });

const FORMS: Form[] = [
  // Python
  (a, _b, _c, y) =>
    python(
      `import pandas as pd

BASE_URL = "${FILES}"

def load(year):
    return pd.read_csv(f"{BASE_URL}/${a}/${a}_{year}.csv", sep=";")

frames = [load(year) for year in range(${y}, ${y + 3})]
`,
      [y, y + 1, y + 2].map((year) => csv(a, year)),
    ),
  (a, b) =>
    python(
      `import requests
API = "${HOST}/api/3/action"
RESOURCES = {
    "${a}": "${idOf(a)}",
    "${b}": "${idOf(b)}",
}

def records(resource_id, limit=100):
    response = requests.get(API + "/datastore_search", params={"resource_id": resource_id, "limit": limit})
    response.raise_for_status()
    return response.json()["result"]["records"]

if __name__ == "__main__":
    for name, rid in RESOURCES.items():
        print(name, len(records(rid)))
`,
      [search(a), search(b)],
    ),
  (a, b, c, y) =>
    python(
      `from urllib.parse import urljoin
import urllib.request
ROOT = "${FILES}/"
PATHS = ["${a}/${a}_${y}.csv", "${b}/${b}_${y}.csv",
         "${c}/${c}_${y}.csv"]
for path in PATHS:
    url = urljoin(ROOT, path)
    urllib.request.urlretrieve(url, path.split("/")[-1])
`,
      [csv(a, y), csv(b, y), csv(c, y)],
    ),
  (a, _b, _c, y) =>
    python(
      `import requests

class Portal:
    host = "${FILES}"

    def __init__(self, session=None):
        self.session = session or requests.Session()

    def table(self, name, year=${y}):
        url = "{}/{}/{}_{}.csv".format(self.host, name, name, year)
        return self.session.get(url, timeout=30)

portal = Portal()
portal.table("${a}")
portal.table("${a}", year=${y + 1})
`,
      [csv(a, y), csv(a, y + 1)],
    ),
  (a) =>
    python(
      `from ckanapi import RemoteCKAN
portal = RemoteCKAN("${HOST}", user_agent="statistics")
resource = portal.action.resource_show(id="${idOf(a)}")
print(resource["name"])
`,
      [search(a)],
    ),
  (a, b, _c, y) =>
    python(
      `import os, sys
import pandas as pd
name = sys.argv[1] if len(sys.argv) > 1 else "${b}"
base = os.environ.get("DATA_URL", "${FILES}")
df = pd.read_csv(base + "/${a}/" + "${a}_%d.csv" % ${y})
other = pd.read_csv(f"{base}/{name}/{name}_${y}.csv")
`,
      [csv(a, y), csv(b, y)],
    ),
  (a, b, _c, y) =>
    python(
      `import requests
base = "${FILES}"
url = base + "/${a}/${a}_${y}.csv"
requests.get(url)
url = base + "/${b}/${b}_${y}.csv"
requests.get(url)
`,
      [csv(a, y), csv(b, y)],
    ),
  // JavaScript
  (a, b) =>
    script(
      `const CKAN = "${HOST}/api/3/action";
const ids = { ${a}: "${idOf(a)}", ${b}: "${idOf(b)}" };

async function search(id, limit = 500) {
  const response = await fetch(\`\${CKAN}/datastore_search?resource_id=\${id}&limit=\${limit}\`);
  return (await response.json()).result.records;
}

Promise.all(Object.values(ids).map((id) => search(id))).then(console.log);
`,
      [search(a), search(b)],
    ),
  (a, _b, _c, y) =>
    script(
      `const base = '${FILES}';
for (let year = ${y}; year <= ${y + 2}; year++) {
  d3.csv(base + '/${a}/${a}_' + year + '.csv').then(draw);
}
`,
      [y, y + 1, y + 2].map((year) => csv(a, year)),
    ),
  (a, b, _c, y) =>
    script(
      `const axios = require("axios");
const client = axios.create({ baseURL: "${FILES}", timeout: 5000 });
module.exports = {
  ${a}: () => client.get("/${a}/${a}_${y}.csv"),
  ${b}: () => client.get("/${b}/${b}_${y}.csv"),
};
`,
      [csv(a, y), csv(b, y)],
    ),
  (a) =>
    script(
      `import axios from "axios";
const API = "${HOST}/api/3/action/";
export async function load() {
  const { data } = await axios.get(API + "datastore_search", {
    params: { resource_id: "${idOf(a)}", limit: 32000 },
  });
  return data.result.records;
}
`,
      [search(a)],
    ),
  (a, _b, _c, y) =>
    script(
      `const HOST = "${FILES}";
const layers = [
  { id: "${a}", years: [${y}, ${y + 2}] },
];
layers.forEach(({ id, years }) => {
  years.forEach((year) => {
    $.get(HOST + "/" + id + "/" + id + "_" + year + ".csv", (text) => add(id, text));
  });
});
`,
      [csv(a, y), csv(a, y + 2)],
    ),
  (a, _b, _c, y) =>
    script(
      `const ROOT = "${FILES}";
const file = (name, year) => [ROOT, name, \`\${name}_\${year}.csv\`].join("/");
fetch(file("${a}", ${y})).then((r) => r.text()).then(render);
`,
      [csv(a, y)],
    ),
  (a, b, _c, y) =>
    script(
      `const params = new URLSearchParams(location.search);
let name = "${a}";
if (params.get("set")) name = params.get("set");
fetch("${FILES}/" + name + "/" + name + "_${y}.csv");
fetch("${FILES}/" + "${b}/${b}_${y}.csv");
`,
      [csv(a, y), csv(b, y)],
    ),
  // TypeScript
  (a, _b, _c, y) =>
    typed(
      `const BASE: string = "${FILES}";
const YEARS = [${y}, ${y + 1}] as const;
export async function load(year: number): Promise<string> {
  const url = new URL(\`/${a}/${a}_\${year}.csv\`, BASE);
  return await (await fetch(url)).text();
}
export const tables = await Promise.all(YEARS.map((year) => load(year)));
`,
      [csv(a, y), csv(a, y + 1)],
    ),
  (a, b) =>
    typed(
      `enum Resource {
  First = "${idOf(a)}",
}
const SECOND = "${idOf(b)}";
class Ckan {
  constructor(private readonly base: string = "${HOST}") {}
  async search(id: string, limit = 10): Promise<unknown> {
    const url = new URL(\`\${this.base}/api/3/action/datastore_search\`);
    url.searchParams.set("resource_id", id);
    url.searchParams.set("limit", String(limit));
    return await fetch(url).then((response) => response.json());
  }
}
const ckan = new Ckan();
await ckan.search(Resource.First);
await ckan.search(SECOND);
`,
      [search(a), search(b)],
    ),
  (a, b, _c, y) =>
    typed(
      `interface Source { name: string; path: string }
const root = "${FILES}";
const sources: Source[] = [
  { name: "${a}", path: "${a}/${a}_${y}.csv" },
  { name: "${b}", path: "${b}/${b}_${y}.csv" },
];
for (const source of sources) {
  const text = await fetch(\`\${root}/\${source.path}\`).then((r) => r.text());
  console.log(source.name, text.length);
}
`,
      [csv(a, y), csv(b, y)],
    ),
  (a, _b, _c, y) =>
    typed(
      `const host = process.env.DATA_HOST ?? "${FILES}";
const endpoint = (name: string, year = ${y}) => host + \`/\${name}/\${name}_\${year}.csv\`;
export const fetch${y} = () => fetch(endpoint("${a}"));
`,
      [csv(a, y)],
    ),
  (a, b) =>
    typed(
      `import ky from "ky";
const api = ky.create({ prefixUrl: "${HOST}/api/3/action" });
export const first = () => api.get("datastore_search", { searchParams: { resource_id: "${
        idOf(a)
      }" } }).json();
export const second = () => api.get("resource_show", { searchParams: { id: "${idOf(b)}" } }).json();
`,
      [search(a), search(b)],
    ),
  (a, _b, _c, y) =>
    typed(
      `const months = Array.from({ length: 2 }, (_, i) => ${y} + i);
const urls = months.map((year) => "${FILES}/".concat("${a}/", "${a}_", String(year), ".csv"));
urls.forEach(async (url) => { await Deno.writeTextFile("x", await (await fetch(url)).text()); });
`,
      [csv(a, y), csv(a, y + 1)],
    ),
  (a, b, _c, y) =>
    typed(
      `import config from "./config.json" with { type: "json" };
const base = config.base;
export const load = () => fetch(\`\${base}/${a}/${a}_${y}.csv\`);
const FALLBACK = "${FILES}";
export const other = () => fetch(FALLBACK + "/${b}/${b}_${y}.csv");
`,
      [csv(a, y), csv(b, y)],
    ),
  // Shell
  (a, _b, _c, y) =>
    shell(
      `#!/usr/bin/env bash
set -euo pipefail
BASE_URL="${FILES}"
for year in $(seq ${y} ${y + 2}); do
  curl -fsSL "$BASE_URL/${a}/${a}_$year.csv" -o "data/${a}_$year.csv"
done
`,
      [y, y + 1, y + 2].map((year) => csv(a, year)),
    ),
  (a, b, _c, y) =>
    shell(
      `#!/bin/bash
HOST=${FILES}
fetch() {
  local name="$1" year="\${2:-${y}}"
  wget -q "\${HOST}/\${name}/\${name}_\${year}.csv" -O "$name.csv"
}
fetch ${a}
fetch ${b} ${y + 1}
`,
      [csv(a, y), csv(b, y + 1)],
    ),
  (a, b, _c, y) =>
    shell(
      `#!/bin/sh
ROOT="${FILES}"
SETS="${a} ${b}"
for set in $SETS; do
  curl -sO "$ROOT/$set/\${set}_${y}.csv"
done
`,
      [csv(a, y), csv(b, y)],
    ),
  (a) =>
    shell(
      `#!/bin/bash
API="${HOST}/api/3/action"
RESOURCE_ID="${idOf(a)}"
curl -sG "$API/datastore_search" --data-urlencode "resource_id=$RESOURCE_ID" -d limit=5 | jq .result
`,
      [search(a)],
    ),
  (a, b, _c, y) =>
    shell(
      `#!/bin/bash
declare -A FILES=( [first]="${a}/${a}_${y}.csv" [second]="${b}/${b}_${y}.csv" )
SERVER="${FILES}"
for key in "\${!FILES[@]}"; do
  curl --silent "$SERVER/\${FILES[$key]}" > "$key.csv"
done
`,
      [csv(a, y), csv(b, y)],
    ),
  (a, b, _c, y) =>
    shell(
      `#!/bin/bash
BASE="${FILES}"
NAMES=(${a} ${b})
for name in "\${NAMES[@]}"; do
  url=$(printf '%s/%s/%s_%d.csv' "$BASE" "$name" "$name" ${y})
  wget "$url"
done
`,
      [csv(a, y), csv(b, y)],
    ),
  (a, b, _c, y) =>
    shell(
      `#!/bin/bash
BASE="${FILES}"
if [ "\${1:-}" = "all" ]; then YEAR=${y}; else YEAR=${y + 1}; fi
curl -O "$BASE/${a}/${a}_$YEAR.csv"
curl -O "$BASE/${b}/${b}_${y}.csv"
`,
      [csv(a, y + 1), csv(b, y)],
    ),
  // R
  (a, _b, _c, y) =>
    r(
      `library(readr)
base_url <- "${FILES}"
years <- ${y}:${y + 2}
tables <- lapply(years, function(year) {
  read_csv2(paste0(base_url, "/${a}/${a}_", year, ".csv"))
})
`,
      [y, y + 1, y + 2].map((year) => csv(a, year)),
    ),
  (a) =>
    r(
      `library(httr)
library(jsonlite)
ckan <- "${HOST}/api/3/action/"
resource <- "${idOf(a)}"
response <- GET(paste0(ckan, "datastore_search"), query = list(resource_id = resource, limit = 32000))
records <- fromJSON(content(response, as = "text"))$result$records
`,
      [search(a)],
    ),
  (a, b, _c, y) =>
    r(
      `root <- "${FILES}"
files <- c(${a} = "${a}/${a}_${y}.csv", ${b} = "${b}/${b}_${y}.csv")
for (name in names(files)) {
  download.file(file.path(root, files[[name]]), destfile = paste0(name, ".csv"))
}
`,
      [csv(a, y), csv(b, y)],
    ),
  (a, b, _c, y) =>
    r(
      `library(tidyverse)
host <- "${FILES}"
get_table <- function(name, year = ${y}) {
  sprintf("%s/%s/%s_%d.csv", host, name, name, year) |>
    read_csv(show_col_types = FALSE)
}
first <- get_table("${a}")
second <- get_table("${b}", year = ${y + 1})
`,
      [csv(a, y), csv(b, y + 1)],
    ),
  (a) =>
    r(
      `library(ckanr)
ckanr_setup(url = "${HOST}")
res <- resource_show(id = "${idOf(a)}", as = "table")
`,
      [search(a)],
    ),
  (a, _b, _c, y) =>
    r(
      `library(purrr)
library(glue)
site <- "${FILES}"
urls <- glue("{site}/${a}/${a}_{${y}:${y + 1}}.csv")
all <- map_dfr(c(${y}, ${y + 1}), ~ readr::read_csv(glue("{site}/${a}/${a}_{.x}.csv")))
`,
      [csv(a, y), csv(a, y + 1)],
    ),
  (a, b, _c, y) =>
    r(
      `url <- "${FILES}"
url <- paste0(url, "/${a}/${a}_${y}.csv")
x <- read.csv(url)
base <- "${FILES}"
z <- read.csv(paste(base, "${b}", "${b}_${y}.csv", sep = "/"))
`,
      [csv(a, y), csv(b, y)],
    ),
  // Julia
  (a, _b, _c, y) =>
    julia(
      `using CSV, DataFrames, HTTP
const BASE = "${FILES}"
function load(year::Int)
    url = "$BASE/${a}/${a}_$(year).csv"
    return CSV.read(HTTP.get(url).body, DataFrame)
end
tables = [load(y) for y in ${y}:${y + 1}]
`,
      [csv(a, y), csv(a, y + 1)],
    ),
  (a) =>
    julia(
      `using HTTP, JSON3
api = "${HOST}/api/3/action"
id = "${idOf(a)}"
response = HTTP.get("$api/datastore_search"; query=Dict("resource_id" => id, "limit" => 100))
`,
      [search(a)],
    ),
  (a, b, _c, y) =>
    julia(
      `using Downloads
const HOST = "${FILES}"
const SETS = Dict("${a}" => "${a}/${a}_${y}.csv", "${b}" => "${b}/${b}_${y}.csv")
for (name, path) in SETS
    Downloads.download(HOST * "/" * path, name * ".csv")
end
`,
      [csv(a, y), csv(b, y)],
    ),
  (a, b, _c, y) =>
    julia(
      `using Downloads
address(name; year=${y}) = string("${FILES}", "/", name, "/", name, "_", year, ".csv")
Downloads.download(address("${a}"), "a.csv")
Downloads.download(address("${b}", year=${y + 1}), "b.csv")
`,
      [csv(a, y), csv(b, y + 1)],
    ),
  (a, b, _c, y) =>
    julia(
      `using CSV, Printf
root = "${FILES}"
map(["${a}", "${b}"]) do name
    CSV.File(download(@sprintf("%s/%s/%s_%d.csv", root, name, name, ${y})))
end
`,
      [csv(a, y), csv(b, y)],
    ),
  (a, b, _c, y) =>
    julia(
      `using HTTP
base = get(ENV, "DATA_BASE", "${FILES}")
urls = joinpath.(base, ["${a}/${a}_${y}.csv", "${b}/${b}_${y}.csv"])
foreach(HTTP.get, urls)
`,
      [csv(a, y), csv(b, y)],
    ),
  (a, b, _c, y) =>
    julia(
      `using HTTP
base = "${FILES}"
name = "${a}"
if length(ARGS) > 0
    name = ARGS[1]
end
HTTP.get("$base/$name/$(name)_${y}.csv")
HTTP.get("$base/${b}/${b}_${y}.csv")
`,
      [csv(a, y), csv(b, y)],
    ),
];

Deno.test("madeMentions() finds what 210 programs ask for, and nothing that they do not", async () => {
  const resources = NAMES.flatMap((name) => [
    ...YEARS.map((year) => ({
      id: `${name}-${year}`,
      dataset_id: `d-${name}`,
      url: csv(name, year),
    })),
    { id: idOf(name), dataset_id: `d-${name}`, url: page(name, `${name}.json`) },
  ]);
  const datasets = NAMES.map((name) => ({ id: `d-${name}`, name }));
  const index = buildCatalogueIndex(resources, datasets, {
    portalHosts: ["data.saltholm.example"],
  });
  const byUrl = new Map(resources.map(({ id, url }) => [url, id]));
  const figures = new Map<
    string,
    { programs: number; truth: number; found: number; right: number }
  >();
  const wrong: string[] = [];
  for (const [number, form] of FORMS.entries()) {
    for (let variant = 0; variant < 5; variant++) {
      const name = (shift: number) => NAMES[(number + variant * 3 + shift) % NAMES.length]!;
      const { path, text, truth } = form(
        name(0),
        name(1),
        name(2),
        2010 + (number * 7 + variant * 3) % 12,
      );
      const wanted = new Set(truth.map((one) => byUrl.get(one) ?? one.slice("id:".length)));
      const { mentions } = await madeMentions(path, text, index);
      const found = new Set(
        mentions.filter(({ match_kind }) => match_kind === "resolved").map(({ resource_id }) =>
          resource_id
        ),
      );
      const language = path.split(".").at(-1)!;
      const figure = figures.get(language) ?? { programs: 0, truth: 0, found: 0, right: 0 };
      figure.programs += 1;
      figure.truth += wanted.size;
      figure.found += found.size;
      figure.right += [...found].filter((id) => wanted.has(id ?? "")).length;
      figures.set(language, figure);
      for (const id of found) {
        if (!wanted.has(id ?? "")) wrong.push(`form ${number} ${path}: ${id}`);
      }
      if (variant === 0 && Deno.env.get("SHOW_MISSES")) {
        for (const id of wanted) {
          if (!found.has(id)) console.log(`missed by form ${number} ${path}: ${id}`);
        }
      }
    }
  }
  const total = { programs: 0, truth: 0, found: 0, right: 0 };
  for (const [language, figure] of figures) {
    const { programs, truth, found, right } = figure;
    total.programs += programs;
    total.truth += truth;
    total.found += found;
    total.right += right;
    const share = (part: number, whole: number) => (100 * part / whole).toFixed(1);
    console.log(
      `${language}: ${programs} programs, recall ${share(right, truth)} %, precision ${
        share(right, found)
      } %`,
    );
  }
  assert(total.programs >= 200, `${total.programs} programs`);
  assert(total.right / total.truth >= 0.7, `recall ${total.right} of ${total.truth}`);
  assert(total.right / total.found >= 0.97, `precision: ${wrong.join(", ")}`);
});
