/**
 * Whether a repository is the publisher's own, somebody else's, or not known to be either.
 *
 * A count of uses that mixes both says little: much reuse comes from who made the data. `own` needs
 * evidence that a person can check: the config names the owner; the website of an organization is on
 * a host of the portal or of a publisher; a package of the repository has its homepage there. A
 * person's website is not enough, because employees and admirers link to such sites, too. Whoever
 * has a profile without such evidence is `independent`; where no profile is known, `unknown`.
 * @module
 */

/** What is known of a repository's owner. */
export interface OwnerProfile {
  /** `host/owner/name`. */
  repository: string;
  /** As the host calls it now, where it is known. */
  currentName: string | null;
  /** `organization` or `user`; null where the host does not say. */
  kind: string | null;
  website: string | null;
  isVerified: boolean;
  /** The host was asked in a way that gives the owner's website. */
  hasProfile: boolean;
  /** Homepages of packages that the package index ties to the repository. */
  homepages: string[];
}

/** Whose repository it is, with a sentence that says why. */
export interface Relation {
  relation: "own" | "independent" | "unknown";
  evidence: string;
}

/** The owners and hosts that are the publisher's. */
export interface OwnSide {
  /** `[site] own_owners`. */
  owners: readonly string[];
  portalHosts: readonly string[];
  /** Hosts on which the catalogue has data of its publishers, shared platforms left out. */
  publisherHosts: ReadonlySet<string>;
}

/** Decides from the strongest evidence down. */
export function relationOf(profile: OwnerProfile, own: OwnSide): Relation {
  for (const name of [profile.repository, profile.currentName ?? ""]) {
    const owner = own.owners.find((it) => isBelow(name.toLowerCase(), it.toLowerCase()));
    if (owner !== undefined) {
      return { relation: "own", evidence: `the config names the owner "${owner}"` };
    }
  }
  const website = profile.website === null ? undefined : ownHost(profile.website, own);
  if (website !== undefined && profile.kind === "organization") {
    const how = profile.isVerified ? "verified organization" : "organization";
    return { relation: "own", evidence: `website of the ${how} on ${website}` };
  }
  for (const homepage of profile.homepages) {
    const host = ownHost(homepage, own);
    // a page below is more often the data that a package is about than the package's publisher
    if (host !== undefined && isFrontPage(homepage) && profile.kind !== "user") {
      return { relation: "own", evidence: `homepage of a package on ${host}` };
    }
  }
  if (website !== undefined) {
    return { relation: "unknown", evidence: `a person's account with a website on ${website}` };
  }
  if (!profile.hasProfile) {
    return { relation: "unknown", evidence: "no profile of the owner is known" };
  }
  return {
    relation: "independent",
    evidence: profile.website === null
      ? "the owner's profile has no website"
      : "the owner's website is on no host of the portal or a publisher",
  };
}

/** `github.com/a/b` is below `github.com/a`, `github.com/ab/c` is not. */
function isBelow(name: string, owner: string): boolean {
  return name.startsWith(`${owner.replace(/\/+$/, "")}/`);
}

/** The host of an address where it is one of the portal or a publisher, else undefined. */
function ownHost(address: string, own: OwnSide): string | undefined {
  const host = hostOf(address);
  if (host === undefined) return undefined;
  if (own.portalHosts.some((portal) => isSameSite(host, withoutWww(portal)))) return host;
  return own.publisherHosts.has(host) ? host : undefined;
}

/** Second-level names below which anyone registers: `gov.uk` is not a publisher's site. */
const SHARED_SUFFIXES = new Set(
  "ac admin asn co com edu europa gc go gob gouv gov govt gub id ind lg lib ltd me mil ne net nhs nom or org sch state"
    .split(" "),
);
/** Names that portals put before their publisher's own domain. */
const PORTAL_NAMES =
  /^(?:open-?data|data|daten|datos|dati|dados|donnees|ckan|catalog(?:ue)?|portal|open|hub|geo)\./;

/** The portal's host, a host below it, or the domain that it is the data portal of. */
function isSameSite(host: string, portal: string): boolean {
  if (host === portal || host.endsWith(`.${portal}`)) return true;
  const parent = portal.replace(PORTAL_NAMES, "");
  const labels = parent.split(".");
  return parent !== portal && labels.length >= 2 && !SHARED_SUFFIXES.has(labels[0]!) &&
    host === parent;
}

function isFrontPage(address: string): boolean {
  const { pathname, search } = new URL(withScheme(address));
  return search === "" && pathname.split("/").filter((part) => part !== "").length === 0;
}

/** The host of a web address in lowercase letters, without `www.`; undefined where it has none. */
export function hostOf(address: string): string | undefined {
  const text = withScheme(address);
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  if (!/^https?:$/.test(protocol) || !hostname.includes(".")) return undefined;
  return withoutWww(hostname.replace(/\.$/, ""));
}

/** People write `data.example.org` in their profiles. */
function withScheme(address: string): string {
  const text = address.trim();
  return /^[a-z][a-z\d+.-]*:/i.test(text) ? text : `https://${text}`;
}

function withoutWww(host: string): string {
  return host.toLowerCase().replace(/^www\./, "");
}
