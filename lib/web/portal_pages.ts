import type { Config } from "../pipeline/config.ts";

/** Where people see a portal: addresses for readers, who are on another machine. */

type Site = Config["site"];

/** The portal's first page; undefined where it stands on this machine only, as the demo's does. */
export function portalPage(site: Site): string | undefined {
  if (isOfThisMachine(site.package_search_endpoint_url)) return undefined;
  // the pages of a CKAN stand where its API is; of others the configured host tells
  return site.api === "ckan" ? ckanBase(site) : `https://${site.portal_hosts[0]}`;
}

/** The page of a dataset by its name; undefined where the portal is no CKAN that people reach. */
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
