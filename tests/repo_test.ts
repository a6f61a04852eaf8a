import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Holds the house to its word: what README, deno.json, folders and files say of each other. */

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Every file that git keeps, or would keep, by its path from the root. */
async function listFiles(): Promise<string[]> {
  const { stdout } = await new Deno.Command("git", {
    args: ["ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    cwd: ROOT,
  }).output();
  const names = new TextDecoder().decode(stdout).split("\0").filter((name) => name !== "");
  const standing = [];
  for (const name of new Set(names)) {
    if (await Deno.stat(join(ROOT, name)).then(() => true, () => false)) standing.push(name);
  }
  return standing.sort();
}

const FILES = await listFiles();
const read = (file: string) => Deno.readTextFile(join(ROOT, file));
const filesIn = (folder: string, ending: string) =>
  FILES.filter((file) => file.startsWith(`${folder}/`) && file.endsWith(ending));

async function readTasks(): Promise<Record<string, { description?: string; command: string }>> {
  return JSON.parse(await read("deno.json")).tasks;
}

/** Runs of text and code that a person reads: everything but locks, fixtures and pictures. */
function ownText(): string[] {
  return FILES.filter((file) =>
    /\.(ts|tsx|js|css|html|json|toml|md|sql|ya?ml)$|^\.ci\//.test(file) &&
    !file.startsWith("tests/fixtures/") && file !== "deno.lock"
  );
}

/** The lines of files for which `isBad` holds, as `file:line`. */
async function badLines(files: string[], isBad: (line: string) => boolean): Promise<string[]> {
  assert(files.length > 0, "there is nothing to look at");
  const found: string[] = [];
  for (const file of files) {
    for (const [index, line] of (await read(file)).split("\n").entries()) {
      if (isBad(line)) found.push(`${file}:${index + 1}`);
    }
  }
  return found;
}

Deno.test("every task of deno.json says what it does and runs a file of tasks/, and every file has its task", async () => {
  const tasks = await readTasks();
  const scripts: string[] = [];
  for (const [name, task] of Object.entries(tasks)) {
    assertEquals(typeof task, "object", `task "${name}" is not in object form`);
    assert(task.description, `task "${name}" has no description`);
    const script = /tasks\/(\w+)\.ts/.exec(task.command)?.[1];
    if (script !== undefined) {
      assertEquals(script, name, `task "${name}" runs another file`);
      scripts.push(script);
    }
  }
  const files = FILES.filter((file) => /^tasks\/\w+\.ts$/.test(file))
    .map((file) => file.slice("tasks/".length, -".ts".length));
  assert(files.length > 20, "the tasks were not found");
  assertEquals(files.filter((name) => !scripts.includes(name)), [], "files without a task");
});

Deno.test("README's table of commands and deno.json's tasks name the same", async () => {
  const rows = [...(await read("README.md")).matchAll(/^\| `(\w+)`(?:, `(\w+)`)*[^|]*\|/gm)]
    .flatMap(([row]) => [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
  assert(rows.includes("03_clean_datasets"), "the table was not found");
  assertEquals([...new Set(rows)].sort(), Object.keys(await readTasks()).sort());
});

Deno.test("every stage begins with what it does, reads and writes, and ends with running itself", async () => {
  const stages = FILES.filter((name) => /^tasks\/\d\d_\w+\.ts$/.test(name));
  assert(stages.length >= 11, "the stages were not found");
  for (const file of stages) {
    const text = await read(file);
    const comment = /^(?:\/\/.*\n)+|^\/\*\*[\s\S]*?\*\/\n/.exec(text)?.[0] ?? "";
    assertMatch(comment, /Reads: \S/, file);
    assertMatch(comment, /Writes: \S/, file);
    assertMatch(text, /^if \(import\.meta\.main\) await runAsScript\(stage\);$/m, file);
    assertMatch(text, new RegExp(`name: "${file.slice("tasks/".length, -".ts".length)}"`), file);
  }
});

/** The models: tables and the intermediate steps towards them. */
const MODELS = FILES.filter((file) => /^sql\/\w+\/(intermediate\/)?\w+\.sql$/.test(file));

Deno.test("every model begins with its grain, and every check with what would go wrong", async () => {
  for (const file of MODELS) {
    assertMatch((await read(file)).split("\n")[0]!, /^-- .+; one row( per .+)?\.$/, file);
  }
  const checks = FILES.filter((file) => /^sql\/\w+\/checks\/\w+\.sql$/.test(file));
  for (const file of checks) assertMatch(await read(file), /^-- \S+ .*/, file);
  assert(MODELS.length > 80 && checks.length > 15, "the SQL was not found");
});

Deno.test("every model ends with its CTE final", async () => {
  let ordered = 0;
  for (const file of MODELS) {
    const text = await read(file);
    assertMatch(text, /^(with|\),\n\n)?\s*final as \($/m, file);
    // a comment may say why the rows of the table are in an order
    assertMatch(text, /\n\)\n\nselect \* from final\n(--.*\n)*(order by [\w ,]+\n)?$/, file);
    if (/\norder by [\w ,]+\n$/.test(text)) ordered += 1;
  }
  assert(MODELS.length > 80 && ordered > 3, "the models were not found");
});

Deno.test("tables in SQL have no aliases of one letter", async () => {
  let named = 0;
  const wrong: string[] = [];
  for (const file of filesIn("sql", ".sql")) {
    const code = (await read(file)).replace(/--.*/g, "").replace(/'[^']*'/g, "''");
    for (const [text, name] of code.matchAll(/\b(?:from|join)\s+[\w.]+\s+as\s+(\w+)/g)) {
      named += 1;
      if (name!.length === 1) wrong.push(`${file}: ${text}`);
    }
    // without "as", and behind a subquery
    for (
      const [text] of code.matchAll(
        /\b(?:from|join)\s+[\w.]+\s+[a-z](?=[\s,)])|^\s*\)\s+(?:as\s+)?[a-z](?=[\s,(]|$)/gm,
      )
    ) wrong.push(`${file}: ${text.trim()}`);
  }
  assertEquals(wrong, []);
  assert(named > 20, "the aliases were not found");
});

Deno.test("SQL keeps to the line length, to spaces and to lower case", async () => {
  const files = filesIn("sql", ".sql");
  // the sentence with the grain is one line, however long: it becomes the table's description
  const isGrain = (line: string) => /; one row( per .+)?\.$/.test(line);
  const isBad = (line: string) => line.length > 100 && !isGrain(line) || line.includes("\t");
  assertEquals(await badLines(files, isBad), []);
  const shouted = /\b(SELECT|FROM|WHERE|JOIN|GROUP BY|ORDER BY|CREATE|UNION|INSERT)\b/;
  const code = (line: string) => line.replace(/--.*/, "").replace(/'[^']*'/g, "");
  assertEquals(await badLines(files, (line) => shouted.test(code(line))), []);
});

/** Rooms that do not know each other: what two of them need is in a room below. */
const AREAS = [
  "catalogues",
  "code_search",
  "reverse_dependencies",
  "final",
  "delivery",
  "explorer",
  "backup",
  "lake",
  "demo",
];

/** How far up a room is: imports go down, or stay in the room; the lowest rooms know each other. */
function level(room: string): number {
  return room === "tasks" ? 3 : AREAS.includes(room) ? 2 : room === "web" ? 1 : 0;
}

/** "tasks", the folder of lib that a file is in, or "" for a file loose in lib. */
function roomOf(file: string): string {
  const [top, folder, ...rest] = file.split("/");
  return top === "tasks" ? "tasks" : rest.length > 0 ? folder! : "";
}

/** For each file of lib and tasks, the files of the project that it imports, types included. */
async function readImports(): Promise<Map<string, string[]>> {
  const imports = new Map<string, string[]>();
  for (const file of [...filesIn("lib", ".ts"), ...filesIn("tasks", ".ts")]) {
    const found = (await read(file)).matchAll(
      /^(?:import|export)\b[^"';()]*?\bfrom ["']([^"']+)["']|^import ["']([^"']+)["']/gms,
    );
    const targets = [...found].map(([, named, alone]) => named ?? alone!)
      .filter((target) => target.startsWith("."))
      .map((target) => relative(ROOT, join(ROOT, dirname(file), target)));
    imports.set(file, targets);
  }
  return imports;
}

Deno.test("imports follow the arrows: tasks, areas, web, the lowest rooms, packages", async () => {
  const wrong: string[] = [];
  let crossings = 0;
  for (const [file, targets] of await readImports()) {
    for (const target of targets) {
      const [from, to] = [roomOf(file), roomOf(target)];
      if (from === to) continue;
      crossings += 1;
      const isDown = level(to) < level(from) || level(from) === 0 && level(to) === 0;
      if (!isDown || !/^(lib|tasks)\//.test(target)) wrong.push(`${file} imports ${target}`);
    }
  }
  assertEquals(wrong, []);
  assert(crossings > 100, "the imports were not found");
});

Deno.test("every file of lib and tasks begins with what it is for", async () => {
  const files = [...filesIn("lib", ".ts"), ...filesIn("tasks", ".ts")]
    .filter((file) => !file.startsWith("lib/std/"));
  const bare: string[] = [];
  for (const file of files) if (!/^\/[*/]/.test(await read(file))) bare.push(file);
  assertEquals(bare, []);
  assert(files.length > 200, "the files were not found");
});

Deno.test("there are no barrels", () => {
  assertEquals(FILES.filter((file) => /(^|\/)(mod|index)\.ts$/.test(file)), []);
  assert(FILES.some((file) => file.endsWith(".ts")), "the files were not found");
});

Deno.test("no file names the host of a package registry", async () => {
  // put together from parts, so that this file does not name them itself
  const hosts = [["registry", "npmjs", "org"], ["npm", "jsr", "io"], ["jsr", "io"], ["pypi", "org"]]
    .map((parts) => parts.join("\\."));
  const pattern = new RegExp(`(^|[^\\w.-])(${hosts.join("|")})([^\\w.-]|$)`);
  const lock = FILES.filter((file) => file === "deno.lock");
  assertEquals(await badLines([...ownText(), ...lock], (line) => pattern.test(line)), []);
});

Deno.test("no file names a place on one machine", async () => {
  const pattern = /(^|[\s"'`(=:])\/((home|Users|work|mnt)\/[\w.-]+|root)\/\w/;
  assertEquals(await badLines(ownText(), (line) => pattern.test(line)), []);
});

Deno.test("packages are pinned exactly, and @std comes from lib/std", async () => {
  const { imports, links = [] } = JSON.parse(await read("deno.json"));
  assert(Object.keys(imports).length > 10, "the packages were not found");
  // with the line "links" the stand-ins serve, without it the originals
  for (const link of links) assert(`@std/${link.slice("./lib/std/".length)}` in imports, link);
  for (const [name, target] of Object.entries<string>(imports)) {
    if (name.startsWith("@std/")) assertEquals(target, `jsr:${name}@^1`);
    else assertMatch(target, /^npm:(@[\w-]+\/)?[\w.-]+@\d+\.\d+\.\d+[\w.-]*(\/.*)?$/, name);
  }
});

Deno.test("imports have no cycles, type-only ones included", async () => {
  const imports = await readImports();
  const edges = [...imports.values()].reduce((sum, targets) => sum + targets.length, 0);
  assert(edges > 500, "the imports were not found");
  const cycles: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: string[]) => {
    if (finished.has(file)) return;
    const start = path.indexOf(file);
    if (start >= 0) return void cycles.push([...path.slice(start), file].join(" → "));
    for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  assertEquals(cycles, []);
});

/**
 * Words of a private, archaic English that this project does not use, in output, help, comments,
 * docs and names. Each comes with the words of a line in which it is allowed.
 */
const PRIVATE_WORDS: [word: RegExp, unless?: RegExp][] = [
  [/\banew\b/i],
  [/\bstands?\b|\bstood\b/i, /stand-ins?/i],
  [/\b(goes|go|going|went|gone) on (?!(at|the|a)\b)/i],
  [/\bnobody\b/i],
  [/\btells\b|\btold\b|\btell\(/i, /\btellChanges\b/],
  [/\bbegun\b/i],
  [/\bsmall letters\b|\ball and sundry\b/i],
  [/\bis no (flag|key|TOML|JSON|shard|list|name)\b/],
  [/\bwanted is\b|\bnot so:/],
  [/\bthis text"|\bshow what\b.*\bstands/],
  [/\b(lead|leads) nowhere\b/i],
  [/\bhas not \(any more\)/],
  [/\bHow sure\b|\bWhose data it is\b/],
  [/\bof them again\b|\bis called otherwise\b/],
  [/\bsays something that cannot be\b|\bGET alone\b/],
];

Deno.test("output, docs, comments and names are in plain English", async () => {
  const files = ownText().filter((file) =>
    // this list itself, and changes of the code that quote it
    file !== "tests/repo_test.ts" && !file.startsWith("tests/mutants/")
  );
  assert(files.length > 400, "the files were not found");
  for (const [word, unless] of PRIVATE_WORDS) {
    const isBad = (line: string) => word.test(line) && !(unless?.test(line) ?? false);
    assertEquals(await badLines(files, isBad), [], `${word}`);
  }
});

Deno.test("nothing is left to be done later", async () => {
  const words = ["TO" + "DO", "FIX" + "ME", "X" + "XX"];
  const pattern = new RegExp(`\\b(${words.join("|")})\\b`);
  assertEquals(await badLines(ownText(), (line) => pattern.test(line)), []);
});
