/**
 * Names of packages: which are valid, when two are the same, and their package URLs.
 * @module
 */

/** The kinds of package that a manifest can declare. */
export type Ecosystem = "npm" | "pypi" | "cargo" | "go" | "cran" | "julia";

const NAMES: Record<Ecosystem, RegExp> = {
  // old packages have capitals
  npm: /^(?=.{1,214}$)(@[a-z\d~-][a-z\d._~-]*\/)?[a-z\d~-][a-z\d._~-]*$/i,
  pypi: /^[a-z\d]([a-z\d._-]{0,198}[a-z\d])?$/i,
  cargo: /^[a-z][\w-]{0,63}$/i,
  go: /^[a-z\d][\w.~-]*(\/[\w.~+-]+)*$/i,
  cran: /^[a-z][a-z\d.]*[a-z\d]$/i,
  julia: /^[\p{L}_][\p{L}\d_!]{0,99}$/u,
};

export function isPackageName(ecosystem: Ecosystem, name: string): boolean {
  return NAMES[ecosystem].test(name);
}

/** PEP 503: lowercase letters, runs of `-`, `_` and `.` become one `-`. */
export function normalPypiName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** The name under which two names of an ecosystem are one package. */
export function packageKey(ecosystem: string, name: string): string {
  return `${ecosystem}/${ecosystem === "pypi" ? normalPypiName(name) : name}`;
}

const TYPES: Record<Ecosystem, string> = {
  npm: "npm",
  pypi: "pypi",
  cargo: "cargo",
  go: "golang",
  cran: "cran",
  julia: "julia",
};

/**
 * The package URL without a version. Built by hand: packageurl-js 2.0.1 throws on `pkg:cran/x`
 * without a version.
 */
export function packageUrl(ecosystem: Ecosystem, name: string, uuid: string | null): string {
  const path = name.split("/").map(encodeURIComponent).join("/");
  return `pkg:${TYPES[ecosystem]}/${path}${ecosystem === "julia" && uuid ? `?uuid=${uuid}` : ""}`;
}

/** The package URL that the package index takes for "everything from this GitHub repository". */
export function repositoryUrlOfGithub(path: string): string {
  return `pkg:github/${path.toLowerCase().split("/").map(encodeURIComponent).join("/")}`;
}
