/**
 * The repositories of the demo's code host, and what is true about them: some are gone, renamed,
 * blocked or empty, some publish packages, some say so in manifests that nobody can read.
 */

import { type HostedFile, makeManifests, type Oddity } from "./hosted_manifests.ts";
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
    createdAt: new Date(created).toISOString().replace(".000", ""),
    pushedAt: new Date(created + random.below(900) * DAY).toISOString().replace(".000", ""),
    files: made.files,
    packages: made.packages,
    oddity: "oddity" in made ? made.oddity : undefined,
  };
}

/** Only GitHub tells why a repository is shown to nobody. */
function pickState(dice: number, isGithub: boolean): HostedState {
  if (dice < 0.05) return "missing";
  if (dice < 0.09) return "renamed";
  if (dice < 0.11) return isGithub ? "blocked" : "missing";
  if (dice < 0.13) return "empty";
  return "found";
}
