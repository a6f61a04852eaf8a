// The ids that open data platforms put into their URLs.

const UUID =
  /(?<![0-9a-z-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z-])/gi;
// "2020-2021" is no 4x4: an id of figures alone is not told from two years.
const FOUR_BY_FOUR = "(?!\\d{4}-\\d{4})[a-z0-9]{4}-[a-z0-9]{4}";
const SOCRATA_PARENT = new RegExp(
  `/(?:views|resource|d|w|geospatial|v[234]|OData\\.svc|download|dataset/[^/]+)/(${FOUR_BY_FOUR})(?=[/._]|$)`,
  "i",
);
const SOCRATA_SEGMENT = new RegExp(`/(${FOUR_BY_FOUR})(?=[/.]|$)`, "gi");
const ITEM = "([0-9a-f]{32})(?![0-9a-z])";
const ARCGIS_PATH = new RegExp(`/(?:datasets|items|apps/[^?]*|maps)/(?:[^/]*::)?${ITEM}`, "i");
const ARCGIS_QUERY = new RegExp(`(?:^|&)(?:id|webmap|appid|itemid)=${ITEM}`, "i");
const ITEM_ANYWHERE = new RegExp(`(?<![0-9a-z])${ITEM}`, "gi");
const DOI = /^\/(10\.\d{4,9}\/\S+)$/;

/** All UUIDs in a text, in lower case. */
export function uuidsIn(text: string): string[] {
  return text.match(UUID)?.map((id) => id.toLowerCase()) ?? [];
}

/** The 4x4 of a Socrata URL's path ("/resource/erm2-nwe9.json"), or null. */
export function socrataId(path: string): string | null {
  return SOCRATA_PARENT.exec(path)?.[1]?.toLowerCase() ?? null;
}

/** The item id of an ArcGIS URL ("/datasets/<32 hex>_0.csv", "item.html?id=<32 hex>"), or null. */
export function arcgisId(path: string, query: string): string | null {
  const found = ARCGIS_PATH.exec(path) ?? ARCGIS_QUERY.exec(query);
  return found?.[1]?.toLowerCase() ?? null;
}

/** What may be a 4x4 or an item id in a URL of a host that is known to have some. */
export function hostIdsIn(path: string, query: string): string[] {
  const ids: string[] = [];
  for (const found of path.matchAll(SOCRATA_SEGMENT)) {
    if (found[1]) ids.push(found[1].toLowerCase());
  }
  for (const found of path.matchAll(ITEM_ANYWHERE)) if (found[1]) ids.push(found[1].toLowerCase());
  const item = ARCGIS_QUERY.exec(query)?.[1];
  if (item) ids.push(item.toLowerCase());
  return ids;
}

/** The DOI of a resolver's URL; DOIs are compared in lower case (DOI Handbook 3.4). */
export function comparableDoi(host: string, path: string): string | null {
  if (host !== "doi.org" && host !== "dx.doi.org") return null;
  return DOI.exec(path)?.[1]?.toLowerCase() ?? null;
}
