/**
 * The root files that say which package a repository publishes. A declared name proves nothing.
 * @module
 */

import { parse } from "smol-toml";
import { member, parseJson, text, texts } from "./json_values.ts";
import { type Ecosystem, isPackageName, normalPypiName } from "./package_names.ts";

/** A manifest as a code host gave it. */
export interface ManifestFile {
  path: string;
  /** Null where the file is binary. */
  text: string | null;
  bytes: number | null;
  isBinary: boolean;
  isTruncated: boolean;
}

/** What a manifest declares: a name, or a reason why none. */
export interface Declaration {
  ecosystem: Ecosystem;
  name: string | null;
  /** Julia packages are reported apart by it. */
  uuid: string | null;
  /** Null where there is a name. */
  reason: string | null;
}

/** The files requested, with the alias each has in a GraphQL query. */
export const MANIFESTS: readonly { path: string; alias: string; ecosystem: Ecosystem }[] = [
  { path: "package.json", alias: "package_json", ecosystem: "npm" },
  { path: "pyproject.toml", alias: "pyproject_toml", ecosystem: "pypi" },
  { path: "setup.cfg", alias: "setup_cfg", ecosystem: "pypi" },
  { path: "Cargo.toml", alias: "cargo_toml", ecosystem: "cargo" },
  { path: "go.mod", alias: "go_mod", ecosystem: "go" },
  { path: "DESCRIPTION", alias: "description_file", ecosystem: "cran" },
  { path: "Project.toml", alias: "project_toml", ecosystem: "julia" },
];

/** Beyond this a "manifest" is something else, and parsing it a way to stop us. */
const LARGEST = 5_000_000;

/** Thrown inside this file only: the reason why a manifest declares no name. */
class NoName extends Error {}

const READERS: Record<string, (content: string) => { name: unknown; uuid?: unknown }> = {
  "package.json": readPackageJson,
  "pyproject.toml": readPyproject,
  "setup.cfg": readSetupCfg,
  "Cargo.toml": readCargo,
  "go.mod": readGoMod,
  "DESCRIPTION": readDescription,
  "Project.toml": readJuliaProject,
};

/** What a manifest declares; never throws. */
export function readManifest(file: ManifestFile): Declaration {
  const ecosystem = MANIFESTS.find(({ path }) => path === file.path)!.ecosystem;
  const without = (reason: string) => ({ ecosystem, name: null, uuid: null, reason });
  if (file.isBinary || file.text?.includes("\0")) return without("binary file");
  if (file.isTruncated) return without("truncated by the host");
  const content = (file.text ?? "").replace(/^\uFEFF/, "");
  if (content.trim() === "") return without("empty file");
  if (content.length > LARGEST) return without("too large");
  try {
    const { name: given, uuid } = READERS[file.path]!(content);
    const name = text(given)?.trim() ?? null;
    if (name === null) return without("no name");
    if (!isPackageName(ecosystem, name)) return without("invalid name");
    return {
      ecosystem,
      name: ecosystem === "pypi" ? normalPypiName(name) : name,
      uuid: text(uuid),
      reason: null,
    };
  } catch (error) {
    return without(error instanceof NoName ? error.message : "cannot be read");
  }
}

function readPackageJson(content: string): { name: unknown } {
  const manifest = parseJson(content);
  if (manifest === undefined) throw new NoName("no valid JSON");
  if (manifest === null || typeof manifest !== "object" || Array.isArray(manifest)) {
    throw new NoName("no JSON object");
  }
  const isPrivate = member(manifest, "private");
  if (isPrivate === true || isPrivate === "true") throw new NoName("private");
  if (member(manifest, "workspaces") !== undefined) throw new NoName("workspace root");
  return { name: member(manifest, "name") };
}

function readPyproject(content: string): { name: unknown } {
  const manifest = readToml(content);
  if (texts(member(manifest, "project", "classifiers")).some((it) => /^private\s*::/i.test(it))) {
    throw new NoName("private");
  }
  if (member(manifest, "tool", "poetry", "package-mode") === false) throw new NoName("private");
  if (texts(member(manifest, "project", "dynamic")).includes("name")) {
    throw new NoName("dynamic name");
  }
  return {
    name: member(manifest, "project", "name") ?? member(manifest, "tool", "poetry", "name"),
  };
}

/** As Python's configparser reads it: sections, `key = value` or `key: value`, deeper lines continue. */
function readSetupCfg(content: string): { name: unknown } {
  let section = "";
  for (const line of content.split(/\r\n|\r|\n/)) {
    const head = /^\[([^\]]*)\]/.exec(line);
    if (head !== null) section = head[1]!.trim();
    if (section !== "metadata") continue;
    const pair = /^name\s*[=:](.*)$/i.exec(line);
    if (pair === null) continue;
    const value = pair[1]!.replace(/\s[#;].*$/, "").trim();
    if (/^(attr|file):|[%$][({]/.test(value)) throw new NoName("dynamic name");
    return { name: value };
  }
  return { name: null };
}

function readCargo(content: string): { name: unknown } {
  const manifest = readToml(content);
  const own = member(manifest, "package") ?? member(manifest, "project");
  if (own === undefined && member(manifest, "workspace") !== undefined) {
    throw new NoName("workspace root");
  }
  const publish = member(own, "publish");
  if (publish === false || (Array.isArray(publish) && publish.length === 0)) {
    throw new NoName("private");
  }
  return { name: member(own, "name") };
}

function readGoMod(content: string): { name: unknown } {
  const plain = content.replace(/\/\/[^\r\n]*/g, "");
  const line = /^[ \t]*module[ \t]+([^\s(]+)|^[ \t]*module[ \t]*\(\s*([^\s)]+)/m.exec(plain);
  const name = (line?.[1] ?? line?.[2])?.replace(/^["`](.*)["`]$/, "$1");
  if (name !== undefined && !/^[^/]*\.[^/]/.test(name)) throw new NoName("local module");
  return { name };
}

/** Debian's control format: fields at the line's begin, deeper lines continue. */
function readDescription(content: string): { name: unknown } {
  return { name: /^Package[ \t]*:[ \t]*([^\r\n]*)/m.exec(content)?.[1] };
}

function readJuliaProject(content: string): { name: unknown; uuid: unknown } {
  const manifest = readToml(content);
  const uuid = text(member(manifest, "uuid"));
  if (text(member(manifest, "name")) !== null && !/^[\da-f-]{36}$/i.test(uuid ?? "")) {
    throw new NoName("no uuid");
  }
  return { name: member(manifest, "name"), uuid: uuid?.toLowerCase() };
}

function readToml(content: string): unknown {
  try {
    return parse(content);
  } catch {
    throw new NoName("no valid TOML");
  }
}
