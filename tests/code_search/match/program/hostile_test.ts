/** Whatever a file holds, reading it ends soon and without a crash. */
import { assertEquals } from "@std/assert";
import { readProgram } from "../../../../lib/code_search/match/program/read_program.ts";

const SEEDS: Record<string, string> = {
  "a.py": `import requests
BASE = "https://data.port.example/api"
IDS = {"a": "x.csv", 'b': "y.csv"}
def get(path, year=2020):
    return requests.get(f"{BASE}/{path}/{year:04d}", params={"id": 1})
for k, v in IDS.items():
    for y in range(2010, 2020):
        get(v + "%s-%d" % (k, y))
class C:
    def __init__(self, base=BASE): self.base = base
    def f(self): return [self.base + x for x in IDS.values() if x != "y"]
`,
  "a.ts": `const B: string = "https://data.port.example";
const D = { a: "x", ["b"]: \`y\${B}\` } as const;
async function f({ a, b = 2 }: O, c = B) { for (const [k, v] of Object.entries(D)) await fetch(new URL(v, c)); }
for (let i = 1; i <= 9; i++) f({ a: i }, B + "/" + i);
class A { base = B; constructor(private u = B) {} get(id) { return fetch(\`\${this.base}/\${id}\`, { params: { id } }); } }
[1, 2].map((y) => new A().get(y));
`,
  "a.R": `base <- "https://data.port.example"
f <- function(x, y = 2020) { url <- paste0(base, "/", x, y); read.csv(url) }
lapply(c("a", "b"), f); for (y in 2015:2020) f(y)
u <- glue("{base}/{y}.csv"); x |> map(~ read_csv(sprintf("%s/%02d", base, .x)))
`,
  "a.jl": `const B = "https://data.port.example"
f(x; y=1) = HTTP.get(B * "/$x/$(y).csv"; query=Dict("a" => 1))
for y in 2015:2020, m in 1:12 f(string(y, lpad(m, 2, '0'))) end
map(["a", "b"]) do u; download(u); end
`,
  "a.sh": `B="https://data.port.example"
A=(a b); declare -A M=([x]=y)
get() { local id="$1"; curl "$B/\${id%/}/\${2:-z}"; }
for y in {2015..2020} $(seq 1 3) "\${A[@]}" "\${!M[@]}"; do get "$y" "\${M[$y]}"; done
`,
};
const PIECES = [
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  '"',
  "'",
  "`",
  "${",
  "\\",
  "\n",
  "\ufffc",
  "\u202e",
  "\ud800",
  " + ",
  " % ",
  "*",
  "lambda x: x(x)",
  "for i in range(10**9):\n",
  "#",
  "/*",
  "<<EOF",
  "...",
  "=",
  '"a" * 999999',
  "__proto__",
  "constructor",
  "toString",
  ".join(",
  "=>",
  "\t\t",
  "self.self.self",
];

/** A generator of the same numbers for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 4294967296 * below);
  };
}

/** A file of a person, damaged: pieces put in, taken away, repeated and nested. */
function damaged(text: string, next: (below: number) => number): string {
  let result = text;
  for (let turn = next(12); turn >= 0; turn--) {
    const at = next(result.length + 1);
    const piece = PIECES[next(PIECES.length)]!;
    switch (next(5)) {
      case 0:
        result = result.slice(0, at) + piece + result.slice(at);
        break;
      case 1:
        result = result.slice(0, at) + result.slice(at + next(40));
        break;
      case 2:
        result = result.slice(0, at) + result.slice(at, at + next(300)).repeat(next(20)) +
          result.slice(at);
        break;
      case 3:
        result = result.slice(0, at) + piece.repeat(next(400)) + result.slice(at);
        break;
      default:
        result = result.slice(0, at) + String.fromCharCode(next(65536)) + result.slice(at);
    }
    if (result.length > 200_000) return result.slice(0, 200_000);
  }
  return result;
}

Deno.test("readProgram() ends within a second and without a crash on damaged files", async () => {
  const count = Deno.env.get("CI") === undefined ? 300 : 10_000;
  for (const [path, text] of Object.entries(SEEDS)) await readProgram(path, text);
  const names = Object.keys(SEEDS);
  const slow: string[] = [];
  for (let seed = 0; seed < count; seed++) {
    const path = names[seed % names.length]!;
    const file = damaged(SEEDS[path]!, numbers(seed + 1));
    const start = performance.now();
    try {
      await readProgram(path, file);
    } catch (error) {
      throw new Error(`seed ${seed} (${path}): ${error}`, { cause: error });
    }
    const took = performance.now() - start;
    if (took > 1000) slow.push(`seed ${seed} (${path}): ${Math.round(took)} ms`);
  }
  assertEquals(slow, []);
});
