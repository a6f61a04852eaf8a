/**
 * Where the data comes from, as readers can reach it: the portal's pages and the package index with
 * its licence. A portal on this machine (the demo's) has no address that another reader could open.
 * @module
 */
import { type Html, html, link } from "./html.ts";
import type { Config } from "../pipeline/config.ts";

type Site = Config["site"];

/** The portal's first page; undefined where it is on this machine only, as the demo's does. */
export function portalPage(site: Site): string | undefined {
  if (isOfThisMachine(site.package_search_endpoint_url)) return undefined;
  // the pages of a CKAN are where its API is; of others the configured host is known
  return site.api === "ckan" ? ckanBase(site) : `https://${site.portal_hosts[0]}`;
}

/** The page of a dataset by its name; undefined where the portal is not CKAN that people reach. */
export function datasetPage(site: Site, name: string | null): string | undefined {
  if (site.api !== "ckan" || name === null || portalPage(site) === undefined) return undefined;
  return `${ckanBase(site)}/dataset/${encodeURIComponent(name)}`;
}

function ckanBase({ package_search_endpoint_url }: Site): string {
  return package_search_endpoint_url.replace(/\/api\/.*$/, "").replace(/\/$/, "");
}

function isOfThisMachine(address: string): boolean {
  const host = URL.canParse(address) ? new URL(address).hostname : "";
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}

/** Where the package data comes from, and what its licence asks for. */
export const PACKAGE_DATA = {
  title: "packages.ecosyste.ms",
  path: "https://packages.ecosyste.ms",
  licence: {
    name: "CC-BY-SA-4.0",
    title: "Creative Commons Attribution-ShareAlike 4.0",
    path: "https://creativecommons.org/licenses/by-sa/4.0/",
  },
};

/** Names the source and licence of package data, wherever its counts are shown. */
export function packageAttribution(): Html {
  return html`Package data: ${link(PACKAGE_DATA.path, PACKAGE_DATA.title)}, licence ${
    link(PACKAGE_DATA.licence.path, "CC BY-SA 4.0")
  }, combined here with the repositories that mention data.`;
}
