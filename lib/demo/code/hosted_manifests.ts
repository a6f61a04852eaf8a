/** The root manifests and packages of the demo's hosted repositories, with the oddities of real ones. */

import type { HostedPackage } from "./hosted.ts";
import type { Random } from "../random.ts";

export interface HostedFile {
  readonly path: string;
  readonly text: string;
  readonly isBinary?: boolean;
  /** GitHub gives the beginning of long files only. */
  readonly isTruncated?: boolean;
}

/** Why a manifest declares no package. */
export type Oddity =
  | "private"
  | "workspace"
  | "broken"
  | "dynamic"
  | "binary"
  | "truncated"
  | "template"
  | "empty";

interface Made {
  files: HostedFile[];
  packages: HostedPackage[];
  oddity?: Oddity;
}

const ODDITIES: Record<Oddity, HostedFile> = {
  private: { path: "package.json", text: '{ "name": "site", "private": true }\n' },
  workspace: { path: "Cargo.toml", text: '[workspace]\nmembers = ["crates/*"]\n' },
  broken: { path: "pyproject.toml", text: '[project\nname = "broken\n' },
  dynamic: { path: "setup.cfg", text: "[metadata]\nname = attr: tides.__name__\n" },
  binary: { path: "DESCRIPTION", text: "\0\u0001binary", isBinary: true },
  truncated: { path: "package.json", text: '{ "description": "long', isTruncated: true },
  template: { path: "pyproject.toml", text: '[project]\nname = "{{ cookiecutter.name }}"\n' },
  empty: { path: "go.mod", text: "\r\n" },
};

const uuidOf = (random: Random) =>
  `${random.text(8)}-${random.text(4)}-4${random.text(3)}-8${random.text(3)}-${random.text(12)}`;

/** One manifest of an ecosystem that declares `name`, and the name as its registry has it. */
function declare(
  ecosystem: string,
  name: string,
  random: Random,
): { file: HostedFile; name: string } {
  switch (ecosystem) {
    case "npm": {
      const scoped = random.chance(0.3) ? `@quay/${name}` : name;
      const text = JSON.stringify({ name: scoped, version: "1.2.0" }, null, 2);
      return {
        file: { path: "package.json", text: random.chance(0.2) ? `\uFEFF${text}` : text },
        name: scoped,
      };
    }
    case "pypi": {
      const loose = name.replace("-", random.pick(["_", "-", "."]));
      const isOld = random.chance(0.3);
      const lines = isOld
        ? ["[metadata]", `name = ${loose}`, "[options]", "packages = find:"]
        : ["[project]", `name = "${loose}"`, 'version = "0.3"'];
      const text = lines.join(random.chance(0.3) ? "\r\n" : "\n") + "\n";
      return { file: { path: isOld ? "setup.cfg" : "pyproject.toml", text }, name };
    }
    case "cargo":
      return { file: { path: "Cargo.toml", text: `[package]\nname = "${name}"\n` }, name };
    case "go": {
      const module = `example.org/${name}/v2`;
      return {
        file: { path: "go.mod", text: `// tides\nmodule ${module}\n\ngo 1.22\n` },
        name: module,
      };
    }
    case "cran": {
      const plain = name.replace(/[^a-z0-9]/g, "") + "R";
      return {
        file: { path: "DESCRIPTION", text: `Package: ${plain}\nType: Package\nTitle: Tides\n` },
        name: plain,
      };
    }
    default: {
      const plain = name.replace(/[^a-z0-9]/g, "");
      const text = `name = "${plain}"\nuuid = "${uuidOf(random)}"\nversion = "0.1.0"\n`;
      return { file: { path: "Project.toml", text }, name: plain };
    }
  }
}

/** What a repository of that name has at its root, and what comes of it in registries. */
export function makeManifests(repository: string, random: Random, isFork: boolean): Made {
  const base = `pa-${repository.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
  const dependents = () => Math.floor(10 ** (3.5 * random.unit() ** 3)) - 1;
  const dice = random.unit();
  if (dice < 0.45) return { files: [{ path: "README.md", text: "# Notes\n" }], packages: [] };
  if (dice < 0.55) {
    const oddity = random.pick(Object.keys(ODDITIES) as Oddity[]);
    return { files: [ODDITIES[oddity]], packages: [], oddity };
  }
  const ecosystem = random.pick([
    "npm",
    "npm",
    "npm",
    "pypi",
    "pypi",
    "pypi",
    "cargo",
    "go",
    "cran",
    "julia",
  ]);
  const { file, name } = declare(ecosystem, base, random);
  // a fork has its parent's manifest, and publishes nothing
  const isPublished = !isFork && random.chance(0.7);
  const isTaken = !isPublished && random.chance(0.5);
  const packages: HostedPackage[] = [{
    ecosystem,
    name,
    isDeclared: true,
    isPublished,
    isTaken,
    dependents: dependents(),
  }];
  // what stands in a subfolder is known to the registry only; now and then there are a hundred
  const more = !isPublished ? 0 : random.chance(0.01) ? 99 : random.chance(0.1) ? 3 : 0;
  for (let number = 1; number <= more; number++) {
    packages.push({
      ecosystem,
      name: ecosystem === "go"
        ? `${name}/part${number}`
        : `${name}${
          ecosystem === "cran" || ecosystem === "julia" ? `part${number}` : `-part-${number}`
        }`,
      isDeclared: false,
      isPublished: true,
      isTaken: false,
      dependents: dependents(),
    });
  }
  return { files: [{ path: "README.md", text: "# Package\n" }, file], packages };
}
