/**
 * What is decided about repositories and mentions before the models of `final` run: whose repository
 * it is, and what a place uses the data for. The rows go into the in-memory database `judgements` of sql/final/inputs/judgements.sql.
 * @module
 */

import { RowAppender } from "../duckdb/appender.ts";
import type { Database } from "../duckdb/database.ts";
import type { Config } from "../pipeline/config.ts";
import { decideUse } from "./kind_of_use.ts";
import { hostOf, type OwnSide, relationOf } from "./relation.ts";

const INPUTS = new URL("../../sql/final/inputs/", import.meta.url);
const QUERIES = new URL("../../sql/final/queries/", import.meta.url);

/** A host of fewer datasets may be a page that somebody linked to, not a publisher's. */
const FEWEST_DATASETS = 3;

/** Hosts, also as the end of one, where anyone can have pages, files or accounts. */
const PLATFORMS = [
  "github.com github.io githubusercontent.com gitlab.com gitlab.io bitbucket.org codeberg.org",
  "sourceforge.net huggingface.co kaggle.com observablehq.com readthedocs.io netlify.app",
  "vercel.app herokuapp.com pages.dev google.com googleapis.com blogspot.com dropbox.com",
  "sharepoint.com onedrive.live.com 1drv.ms amazonaws.com windows.net digitaloceanspaces.com",
  "archive.org bit.ly zenodo.org figshare.com dataverse.harvard.edu osf.io doi.org mendeley.com",
  "arcgis.com powerbi.com tableau.com openstreetmap.org carto.com mapbox.com twitter.com x.com",
  "facebook.com instagram.com youtube.com youtu.be linkedin.com medium.com wikipedia.org",
  "wikidata.org wikimedia.org wordpress.com wixsite.com weebly.com orcid.org researchgate.net",
  "w3.org schema.org creativecommons.org opengis.net opendatasoft.com socrata.com europa.eu",
  "admin.ch gov.uk gov.br usa.gov canada.ca data.gov data.gouv.fr",
].join(" ").split(" ");

/** Fills `judgements` from the attached inputs. */
export async function makeJudgements(db: Database, site: Config["site"]): Promise<void> {
  await db.run(await Deno.readTextFile(new URL("judgements.sql", INPUTS)));
  await judgeRepositories(db, site);
  await judgeUses(db);
}

async function judgeRepositories(db: Database, site: Config["site"]): Promise<void> {
  const own: OwnSide = {
    owners: site.own_owners,
    portalHosts: site.portal_hosts,
    publisherHosts: await publisherHosts(db),
  };
  const profiles = await db.rows<{
    repository: string;
    current_name: string | null;
    owner_kind: string | null;
    owner_website: string | null;
    is_owner_verified: boolean | null;
    has_profile: boolean;
    homepages: string[];
  }>(await Deno.readTextFile(new URL("owner_profiles.sql", QUERIES)));
  const rows = await RowAppender.open(db, { catalog: "judgements", name: "repository_relations" });
  for (const profile of profiles) {
    const { relation, evidence } = relationOf({
      repository: profile.repository,
      currentName: profile.current_name,
      kind: profile.owner_kind,
      website: profile.owner_website,
      isVerified: profile.is_owner_verified === true,
      hasProfile: profile.has_profile,
      homepages: profile.homepages,
    }, own);
    rows.add(profile.repository, relation, evidence);
  }
  rows.close();
}

async function judgeUses(db: Database): Promise<void> {
  const reader = await db.connect();
  const rows = await RowAppender.open(db, { catalog: "judgements", name: "mention_uses" });
  try {
    const sql = await Deno.readTextFile(new URL("places_with_neighbours.sql", QUERIES));
    for await (const places of reader.stream<Place>(sql)) {
      for (const { repository, path, line_number, line, before, after } of places) {
        const { use, reason } = decideUse({ path, line, before, after });
        rows.add(repository, path, BigInt(line_number), use, reason);
      }
    }
  } finally {
    rows.close();
    reader.disconnect();
  }
}

interface Place {
  repository: string;
  path: string;
  line_number: number;
  line: string;
  before: string[];
  after: string[];
}

/** Hosts that have at least a few of the catalogue's datasets and are no platform of everyone's. */
async function publisherHosts(db: Database): Promise<Set<string>> {
  // a URL's beginning up to the third slash decides its host, and most URLs share theirs
  const hosts = new Map<string, string | undefined>();
  const datasets = new Map<string, Set<string>>();
  const sql = "select url, package_id from clean_ckan_api.ckan_clean_all_resources";
  for await (const rows of db.stream<{ url: string; package_id: string }>(sql)) {
    for (const { url, package_id } of rows) {
      const origin = url.slice(0, url.indexOf("/", url.indexOf("//") + 2) + 1 || url.length);
      if (!hosts.has(origin)) hosts.set(origin, hostOf(origin));
      const host = hosts.get(origin);
      if (host === undefined) continue;
      const known = datasets.get(host) ?? new Set();
      if (known.size < FEWEST_DATASETS) datasets.set(host, known.add(package_id));
    }
  }
  return new Set(
    [...datasets].filter(([host, { size }]) => size >= FEWEST_DATASETS && !isPlatform(host))
      .map(([host]) => host),
  );
}

function isPlatform(host: string): boolean {
  return PLATFORMS.some((platform) => host === platform || host.endsWith(`.${platform}`)) &&
    // data.city.gov.uk is a publisher's, although gov.uk is everyone's
    !/\.(?:admin\.ch|gov\.uk|gov\.br|canada\.ca|europa\.eu)$/.test(host);
}
