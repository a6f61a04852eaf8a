import { assertEquals } from "@std/assert";
import { MANIFESTS, readManifest } from "../../lib/reverse_dependencies/manifests.ts";

function read(path: string, text: string | null, more: Record<string, unknown> = {}) {
  const { name, reason } = readManifest({
    path,
    text,
    bytes: text?.length ?? 0,
    isBinary: false,
    isTruncated: false,
    ...more,
  });
  return name ?? `(${reason})`;
}

/** File, content, and the name it declares or (why none). */
const CASES: [string, string, string][] = [
  ["package.json", '{"name": "tides", "version": "1.0.0"}', "tides"],
  ["package.json", '{"name": "@quay/tides"}', "@quay/tides"],
  ["package.json", '\uFEFF{\r\n  "name": "tides"\r\n}\r\n', "tides"],
  ["package.json", '{"name": "JSONStream"}', "JSONStream"],
  ["package.json", '{"name": "tides", "private": true}', "(private)"],
  ["package.json", '{"name": "tides", "private": "true"}', "(private)"],
  ["package.json", '{"name": "tides", "private": false}', "tides"],
  ["package.json", '{"name": "root", "workspaces": ["packages/*"]}', "(workspace root)"],
  ["package.json", '{"version": "1.0.0"}', "(no name)"],
  ["package.json", '{"name": 7}', "(no name)"],
  ["package.json", '{"name": "../../etc/passwd"}', "(invalid name)"],
  ["package.json", '{"name": "{{name}}"}', "(invalid name)"],
  ["package.json", `{"name": "${"a".repeat(215)}"}`, "(invalid name)"],
  ["package.json", '{"name": "tides",}', "(no valid JSON)"],
  ["package.json", '["tides"]', "(no JSON object)"],
  ["package.json", "null", "(no JSON object)"],
  ["package.json", '{"__proto__": {"name": "tides"}}', "(no name)"],
  ["package.json", `{"a": ${"[".repeat(200_000)}`, "(no valid JSON)"],
  ["package.json", '{"name": "ti\\u0000des"}', "tides"],
  ["pyproject.toml", '[project]\nname = "Tides_of.Port"\n', "tides-of-port"],
  ["pyproject.toml", '[project]\r\nname = "a__b--c"\r\n', "a-b-c"],
  ["pyproject.toml", '[tool.poetry]\nname = "tides"\n', "tides"],
  ["pyproject.toml", '[project]\nname = "one"\n[tool.poetry]\nname = "two"\n', "one"],
  ["pyproject.toml", '[project]\ndynamic = ["name", "version"]\n', "(dynamic name)"],
  [
    "pyproject.toml",
    '[project]\nname = "x"\nclassifiers = ["Private :: Do Not Upload"]',
    "(private)",
  ],
  ["pyproject.toml", '[tool.poetry]\nname = "x"\npackage-mode = false', "(private)"],
  ["pyproject.toml", "[tool.black]\nline-length = 100\n", "(no name)"],
  ["pyproject.toml", '[project\nname = "tides"\n', "(no valid TOML)"],
  ["pyproject.toml", '[project]\nname = "{{ cookiecutter.slug }}"\n', "(invalid name)"],
  ["pyproject.toml", 'project = "text"\n', "(no name)"],
  ["setup.cfg", "[metadata]\nname = Port_Tides\nversion = 1\n", "port-tides"],
  ["setup.cfg", "[options]\nname = other\n[metadata]\nName: tides ; the port's\n", "tides"],
  ["setup.cfg", "[metadata]\r\nname=tides\r\n", "tides"],
  ["setup.cfg", "[metadata]\nname = attr: tides.name\n", "(dynamic name)"],
  ["setup.cfg", "[metadata]\nname = file: NAME\n", "(dynamic name)"],
  ["setup.cfg", "[flake8]\nmax-line-length = 100\n", "(no name)"],
  ["Cargo.toml", '[package]\nname = "tides_rs"\nversion = "0.1.0"\n', "tides_rs"],
  ["Cargo.toml", '[package]\nname = "tides"\n[workspace]\n', "tides"],
  ["Cargo.toml", '[workspace]\nmembers = ["a"]\n', "(workspace root)"],
  ["Cargo.toml", '[package]\nname = "tides"\npublish = false\n', "(private)"],
  ["Cargo.toml", '[package]\nname = "tides"\npublish = []\n', "(private)"],
  ["Cargo.toml", '[package]\nname = "tides"\npublish = ["crates-io"]\n', "tides"],
  ["go.mod", "module example.org/tides/v2\n\ngo 1.22\n", "example.org/tides/v2"],
  ["go.mod", '// module no.such/x\nmodule "example.org/tides" // old\r\n', "example.org/tides"],
  ["go.mod", "module (\n\texample.org/tides\n)\n", "example.org/tides"],
  ["go.mod", "module tides\n", "(local module)"],
  ["go.mod", "go 1.22\n", "(no name)"],
  ["DESCRIPTION", "Package: tidesR\r\nTitle: Tides\r\n", "tidesR"],
  ["DESCRIPTION", "Title: x\n  Package: nested\n", "(no name)"],
  ["DESCRIPTION", "Just some words about it.\n", "(no name)"],
  ["DESCRIPTION", "Package: {{pkg}}\n", "(invalid name)"],
  ["Project.toml", 'name = "Tides"\nuuid = "336ed68f-0bac-5ca0-87d4-7b16caf5d00b"\n', "Tides"],
  ["Project.toml", 'name = "Tides"\n', "(no uuid)"],
  ["Project.toml", "[deps]\n", "(no name)"],
  ["Project.toml", " \r\n\t", "(empty file)"],
];

Deno.test("readManifest() gives the name a manifest declares, or the reason why none", () => {
  for (const [path, text, wanted] of CASES) {
    assertEquals(read(path, text), wanted, `${path}: ${text.slice(0, 80)}`);
  }
});

Deno.test("readManifest() gives a reason when the host gave no whole text", () => {
  for (const { path } of MANIFESTS) {
    assertEquals(read(path, null, { isBinary: true }), "(binary file)");
    assertEquals(read(path, "name = \0", {}), "(binary file)");
    assertEquals(read(path, '{"name"', { isTruncated: true }), "(truncated by the host)");
    assertEquals(read(path, null), "(empty file)");
  }
});

Deno.test("readManifest() reads a manifest of 2 MB, and refuses one of 6 MB", () => {
  const filler = (bytes: number) => JSON.stringify({ filler: "x".repeat(bytes), name: "tides" });
  assertEquals(read("package.json", filler(2_000_000)), "tides");
  assertEquals(read("package.json", filler(6_000_000)), "(too large)");
  const toml = `[project]\nname = "tides"\n[tool.x]\n` +
    Array.from({ length: 40_000 }, (_, at) => `k${at} = "${"y".repeat(40)}"`).join("\n");
  assertEquals(read("pyproject.toml", toml), "tides");
  const lines = "[metadata]\n" + "# name = no\n".repeat(150_000) + "name = tides\n";
  assertEquals(read("setup.cfg", lines), "tides");
});

Deno.test("readManifest() never throws, whatever the file holds", () => {
  const pieces = [
    "\u0000",
    "[[[[",
    "]]",
    "{}",
    "\uD800",
    "name",
    "=",
    ":",
    '"',
    "\r",
    "module (",
    "9e999",
  ];
  let seed = 7;
  for (let round = 0; round < 3000; round++) {
    let text = "";
    for (let length = 0; length < 8; length++) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      text += pieces[seed % pieces.length];
    }
    for (const { path } of MANIFESTS) read(path, text);
  }
});
