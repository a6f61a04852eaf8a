/** The addresses that programs make without writing them. */
import { assertEquals } from "@std/assert";
import { readProgram } from "../../../../lib/code_search/match/program/read_program.ts";

interface Made {
  line: number;
  text: string;
  from: number[];
}

async function made(path: string, text: string): Promise<Made[]> {
  const { addresses } = await readProgram(path, text);
  return addresses.map(({ line, text, madeFrom }) => ({
    line,
    text: text.replaceAll("\ufffc", "{}"),
    from: [...madeFrom],
  })).sort((one, other) => one.line - other.line || (one.text < other.text ? -1 : 1));
}

async function texts(path: string, text: string): Promise<string[]> {
  return (await made(path, text)).map((one) => one.text);
}

Deno.test("readProgram() gives the line an address is used on and those it is made from", async () => {
  const program = `import requests
BASE = "https://data.port.example/api/3/action"
RESOURCE = "1b6d"

def fetch(path, limit=5):
    url = f"{BASE}/{path}"
    return requests.get(url, params={"resource_id": RESOURCE, "limit": limit}).json()

rows = fetch("datastore_search")
`;
  assertEquals(await made("load.py", program), [{
    line: 7,
    text: "https://data.port.example/api/3/action/datastore_search?resource_id=1b6d&limit=5",
    from: [2, 3, 5, 6, 9],
  }]);
});

Deno.test("readProgram() leaves out what a line says alone", async () => {
  const program = `import pandas as pd
URL = "https://data.port.example/trees.csv"
trees = pd.read_csv(URL)
`;
  assertEquals(await made("load.py", program), []);
});

Deno.test("readProgram() takes no value from a variable that is assigned twice or in a branch", async () => {
  const program = `import requests, sys
name = "trees"
name = "bikes"
if len(sys.argv) > 1:
    kind = "csv"
else:
    other = "json"
requests.get("https://data.port.example/d/" + name)
requests.get("https://data.port.example/e/" + kind)
total = "f"
total += "g"
requests.get("https://data.port.example/h/" + total)
`;
  assertEquals(await texts("load.py", program), [
    "https://data.port.example/d/{}",
    "https://data.port.example/e/{}",
    "https://data.port.example/h/{}",
  ]);
});

Deno.test("readProgram() goes through literal lists, ranges and dictionaries", async () => {
  const python = `import pandas as pd
ROOT = "https://files.port.example/air"
FILES = {"no2": "no2.csv", "pm10": "pm10.csv"}
for year in range(2019, 2021):
    for name, file in FILES.items():
        pd.read_csv(f"{ROOT}/{year}/{file}")
`;
  assertEquals(await texts("load.py", python), [
    "https://files.port.example/air/2019/no2.csv",
    "https://files.port.example/air/2019/pm10.csv",
    "https://files.port.example/air/2020/no2.csv",
    "https://files.port.example/air/2020/pm10.csv",
  ]);
  const r = `base <- "https://files.port.example"
years <- 2019:2020
tables <- lapply(paste0(base, "/air/", years, ".csv"), read.csv)
`;
  assertEquals(await texts("load.R", r), [
    "https://files.port.example/air/2019.csv",
    "https://files.port.example/air/2020.csv",
  ]);
  const shell = `#!/bin/bash
BASE="https://files.port.example"
for year in {2019..2020}; do
  curl -sSL "\${BASE}/air/\${year}.csv" -o "$year.csv"
done
`;
  assertEquals(await texts("load.sh", shell), [
    "https://files.port.example/air/2019.csv",
    "https://files.port.example/air/2020.csv",
  ]);
  const julia = `using HTTP
const BASE = "https://files.port.example"
for month in 1:2
    HTTP.get("$BASE/air/" * lpad(month, 2, '0') * ".csv")
end
`;
  assertEquals(await texts("load.jl", julia), [
    "https://files.port.example/air/01.csv",
    "https://files.port.example/air/02.csv",
  ]);
  const script = `const BASE: string = "https://files.port.example";
for (let year = 2019; year <= 2020; year++) {
  await fetch(new URL(\`/air/\${year}.csv\`, BASE));
}
`;
  assertEquals(await texts("load.ts", script), [
    "https://files.port.example/air/2019.csv",
    "https://files.port.example/air/2020.csv",
  ]);
});

Deno.test("readProgram() knows client libraries that are given a site and an id", async () => {
  const python = `from sodapy import Socrata
from ckanapi import RemoteCKAN
client = Socrata("data.cdc.example", None)
rows = client.get("abcd-1234", limit=2000)
portal = RemoteCKAN("https://ckan.example")
portal.action.package_show(id="trees")
`;
  assertEquals(await made("load.py", python), [
    { line: 4, text: "https://data.cdc.example/resource/abcd-1234.json", from: [3, 4] },
    { line: 6, text: "https://ckan.example/api/3/action/package_show?id=trees", from: [5, 6] },
  ]);
  const r = `ckanr_setup(url = "https://ckan.example")
resource_show(id = "1b6d")
`;
  assertEquals(await texts("load.R", r), [
    "https://ckan.example/api/3/action/resource_show?id=1b6d",
  ]);
});

Deno.test("readProgram() reads a notebook's cells in order, with the lines of the file", async () => {
  const cells = [
    { cell_type: "markdown", metadata: {}, source: ["BASE = 'no'\n"] },
    {
      cell_type: "code",
      metadata: {},
      source: ['BASE = "https://data.port.example"\n', "%matplotlib inline"],
    },
    {
      cell_type: "code",
      metadata: {},
      source: ["import pandas as pd\n", 'pd.read_csv(BASE + "/trees.csv")'],
    },
  ];
  const text = JSON.stringify({ cells, metadata: {}, nbformat: 4 }, null, 1);
  const line = (of: string) => text.split("\n").findIndex((one) => one.includes(of)) + 1;
  assertEquals(await made("explore.ipynb", text), [{
    line: line("read_csv"),
    text: "https://data.port.example/trees.csv",
    from: [line('BASE = \\"https'), line("read_csv")],
  }]);
});

Deno.test("readProgram() reads the code in documents", async () => {
  const markdown =
    "# Air\n\n```{r load}\nbase <- 'https://data.port.example'\nread.csv(paste0(base, '/a.csv'))\n```\n";
  assertEquals((await made("report.Rmd", markdown))[0]?.line, 5);
  const page =
    "<html><body>\n<script>\nconst B = 'https://data.port.example';\nfetch(B + '/a.json')\n</script></body></html>\n";
  assertEquals((await made("index.html", page))[0]?.line, 4);
});

Deno.test("readProgram() ends within its limits, whatever it reads", async () => {
  const doubling = Array.from({ length: 60 }, (_, at) => `s${at + 1} = s${at} + s${at}`).join("\n");
  const files: Record<string, string> = {
    "exponential.py": `s0 = "https://a.example/b"\n${doubling}\nget(s60)\n`,
    "cyclic.py": "a = b + 'x'\nb = a + 'y'\nget(a)\n",
    "recursive.py": "def f(x):\n    return f(x + 'a') + f(x + 'b')\nf('https://a.example/')\n",
    "nested.py": `x = ${"(".repeat(5000)}1${")".repeat(5000)}\n`,
    "loops.py": `${
      Array.from({ length: 9 }, (_, at) => `${" ".repeat(at)}for x${at} in range(400):`).join("\n")
    }\n         get('https://a.example/' + x1)\n`,
    "binary.py": "x = '\0\u0001\ufffd'\n",
    "broken.js": "const = {{{ `${`${ fetch('https://",
    "literal.py": `x = "${"a".repeat(900_000)}"\nget("https://a.example/" + x)\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    const start = performance.now();
    await readProgram(path, text);
    const took = performance.now() - start;
    assertEquals(took < 2000, true, `${path} took ${Math.round(took)} ms`);
  }
});
