/**
 * The repositories of the demo's code host, and what is true about them: some are gone, renamed,
 * blocked or empty, some publish packages, some say so in manifests that no one can read.
 * @module
 */
import { hashText, Random } from "../random.ts";

export type HostedState = "found" | "renamed" | "missing" | "blocked" | "empty";

/** A package that the repository publishes, or a name that it only claims. */
export interface HostedPackage {
  readonly ecosystem: string;
  readonly name: string;
  /** A root manifest has the name. */
  readonly isDeclared: boolean;
  /** The package index has a record that points to the repository. */
  readonly isPublished: boolean;
  /** The index has the name as somebody else's. */
  readonly isTaken: boolean;
  readonly dependents: number;
}

/** Who a repository belongs to. */
export interface HostedOwner {
  readonly isOrganization: boolean;
  readonly website: string | undefined;
  readonly isVerified: boolean;
  /** The owner is the portal's or a publisher's own. */
  readonly isOwn: boolean;
}

/** One repository, with the truth about it. */
export interface HostedRepository {
  /** As people's code names it: `host/owner/name`. */
  readonly name: string;
  readonly state: HostedState;
  /** As the host calls it; another one when it was renamed. */
  readonly currentName: string;
  readonly block: { readonly status: 451 | 403; readonly reason: string } | undefined;
  readonly id: number;
  readonly description: string;
  readonly stars: number;
  readonly forks: number;
  readonly isFork: boolean;
  readonly isArchived: boolean;
  readonly parent: string | undefined;
  readonly topics: readonly string[];
  readonly license: string | undefined;
  readonly language: string;
  readonly owner: HostedOwner;
  readonly createdAt: string;
  readonly pushedAt: string;
  readonly files: readonly HostedFile[];
  readonly packages: readonly HostedPackage[];
  readonly oddity: Oddity | undefined;
}

/** What is known of a repository beforehand; the demo's code repositories have this shape. */
export interface KnownRepository {
  readonly name: string;
  readonly description?: string;
  readonly stars?: number;
  readonly forks?: number;
  readonly isFork?: boolean;
  readonly isArchived?: boolean;
  readonly parent?: string | undefined;
  readonly topics?: readonly string[];
  readonly license?: string | undefined;
}

const SEED = 20261124;
const LANGUAGES = ["Python", "JavaScript", "R", "TypeScript", "Rust", "Go", "Julia"];
const DAY = 86_400_000;

/** Hosts these repositories; the same names and seed give the same host. */
export function hostRepositories(
  known: readonly KnownRepository[],
  seed = SEED,
): HostedRepository[] {
  return known.map((repository) => host(repository, seed));
}

/** `count` invented repositories for tests and measurements, most on GitHub. */
export function inventRepositories(count: number, seed = SEED): HostedRepository[] {
  const owners = ["saltmarsh", "quay-tools", "openlab", "Harbour-Data", "m_rinner", "north.shore"];
  return hostRepositories(
    Array.from({ length: count }, (_, number) => {
      const random = new Random(seed, "invented", number);
      const dice = random.unit();
      const site = dice < 0.97 ? "github.com" : dice < 0.985 ? "gitlab.com" : "bitbucket.org";
      const owner = site === "github.com"
        ? random.pick(owners).replace(/[_.]/g, "-")
        : random.pick(owners).replace(".", "-");
      return {
        name: `${site}/${owner}-${number % 97}/${
          random.pick(["tides", "Map", "py.data"])
        }-${number}`,
        stars: Math.floor(10 ** (4 * random.unit() ** 3)) - 1,
        isFork: random.chance(0.1),
        isArchived: random.chance(0.06),
      };
    }),
    seed,
  );
}

function host(known: KnownRepository, seed: number): HostedRepository {
  const random = new Random(seed, `hosted ${known.name}`);
  const [site = "", owner = "", name = ""] = known.name.split("/");
  const isGithub = site === "github.com";
  const state = pickState(random.unit(), isGithub);
  const isThere = state === "found" || state === "renamed";
  const currentName = state === "renamed"
    ? `${site}/${owner}-moved/${name}`
    : isGithub && random.chance(0.03)
    ? known.name.toUpperCase().replace(site.toUpperCase(), site)
    : known.name;
  const created = Date.UTC(2014, 0, 1) + random.below(3000) * DAY;
  const isFork = known.isFork ?? false;
  const made = isThere ? makeManifests(name, random, isFork) : { files: [], packages: [] };
  return {
    name: known.name,
    state,
    currentName,
    block: state === "blocked"
      ? random.chance(0.5) ? { status: 451, reason: "dmca" } : { status: 403, reason: "tos" }
      : undefined,
    id: (hashText(`${seed} ${known.name}`) >>> 2) + 1,
    description: known.description ?? `Notes on "${name}" \u2013 caf\u00e9 & quay`,
    stars: known.stars ?? random.below(50),
    forks: known.forks ?? random.below(9),
    isFork,
    isArchived: known.isArchived ?? false,
    parent: known.parent ?? (isFork ? `github.com/upstream/${name}` : undefined),
    topics: known.topics ?? (random.chance(0.5) ? ["open-data"] : []),
    license: known.license ?? (random.chance(0.7) ? "MIT" : undefined),
    language: random.pick(LANGUAGES),
    owner: makeOwner(`${site}/${owner}`, seed),
    createdAt: new Date(created).toISOString().replace(".000", ""),
    pushedAt: new Date(created + random.below(900) * DAY).toISOString().replace(".000", ""),
    files: made.files,
    packages: made.packages,
    oddity: "oddity" in made ? made.oddity : undefined,
  };
}

/** Some owners are the city's own, and say so by their website; of others the website is not its. */
function makeOwner(owner: string, seed: number): HostedOwner {
  const random = new Random(seed, `owner ${owner}`);
  const isOrganization = random.chance(0.4);
  const isOwn = isOrganization && random.chance(0.15);
  const website = isOwn
    ? random.pick([
      "https://data.port-aurelia.example",
      "http://www.data.port-aurelia.example/code",
    ])
    : random.chance(0.5)
    ? random.pick([
      "https://saltmarsh.example",
      "https://notdata.port-aurelia.example.org",
      "https://example.org/data.port-aurelia.example",
    ])
    : undefined;
  return { isOrganization, website, isVerified: isOwn && random.chance(0.5), isOwn };
}

/** Only GitHub says why a repository is shown to no one. */
function pickState(dice: number, isGithub: boolean): HostedState {
  if (dice < 0.05) return "missing";
  if (dice < 0.09) return "renamed";
  if (dice < 0.11) return isGithub ? "blocked" : "missing";
  if (dice < 0.13) return "empty";
  return "found";
}

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
  // what is in a subfolder is known to the registry only; now and then there are a hundred
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
