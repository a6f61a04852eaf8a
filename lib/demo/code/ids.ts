/** URLs that mention the catalogue by its own ids: UUIDs, Socrata 4x4, ArcGIS items, DOIs. */

import { type CatalogueIndex, partsOf, type ResourceRef } from "../city/catalogue_index.ts";
import { ARCGIS_HOST, PORTAL_HOST, SOCRATA_HOST } from "../city/urls.ts";
import type { Random } from "../random.ts";

/** What a place names: a resource, or a dataset alone. */
export interface Named {
  readonly datasetId: string;
  readonly resourceId: string | null;
}

/** One resource is named itself, several of a dataset only as their dataset. */
export function oneOrDataset(refs: readonly ResourceRef[]): Named[] {
  const [first] = refs;
  if (first === undefined) return [];
  return [{ datasetId: first.datasetId, resourceId: refs.length === 1 ? first.resourceId : null }];
}

/** Another URL with the portal's or the host's own id in it. */
export function idUrl(catalogue: CatalogueIndex, resource: ResourceRef, random: Random) {
  const { url, datasetId, resourceId, dataset } = resource;
  const { host, path } = partsOf(url)!;
  const siblings = (part: string) =>
    oneOrDataset(catalogue.usable(dataset).filter((other) => other.url.includes(part)));
  const socrata = /\/api\/views\/(\w{4}-\w{4})\//.exec(path)?.[1];
  if (host === SOCRATA_HOST && socrata !== undefined) {
    const form = random.pick([
      `resource/${socrata}.json?$limit=5000`,
      `resource/${socrata}.csv`,
      `d/${socrata}`,
      `api/v3/views/${socrata}/query.csv`,
    ]);
    return { text: `https://${host}/${form}`, named: siblings(socrata) };
  }
  const item = /[0-9a-f]{32}/.exec(path)?.[0];
  if (host === ARCGIS_HOST && item !== undefined) {
    return { text: `https://${host}/home/item.html?id=${item}`, named: siblings(item) };
  }
  if (host === "doi.org") {
    return { text: `https://dx.doi.org${path}`, named: siblings(path) };
  }
  const whole = [{ datasetId, resourceId }];
  const alone = [{ datasetId, resourceId: null }];
  const gone = `${random.text(8)}-${random.text(4)}-4${random.text(3)}-a${random.text(3)}-` +
    random.text(12);
  const { name } = catalogue.dataset(dataset);
  const isHosted = path.includes("/download/");
  switch (random.below(isHosted ? 6 : 3)) {
    case 0:
      return {
        text: `https://${PORTAL_HOST}/dataset/${name}/resource/${resourceId}`,
        named: whole,
      };
    case 1:
      return {
        text: `https://${PORTAL_HOST}/api/3/action/package_show?id=${datasetId}`,
        named: alone,
      };
    case 2:
      return {
        text: `https://${PORTAL_HOST}/api/3/action/resource_show?id=${resourceId}`,
        named: whole,
      };
    case 3: {
      const query = random.pick(["&limit=32000", "", "&q=Harbour"]);
      const text =
        `https://${host}/api/3/action/datastore_search?resource_id=${resourceId}${query}`;
      return { text, named: whole };
    }
    case 4: {
      const file = `${random.pick(["latest", "export", "daten_neu"])}.csv`;
      const text = `https://${host}/dataset/${datasetId}/resource/${resourceId}/download/${file}`;
      return { text, named: whole };
    }
    default: {
      const text = `https://${host}/dataset/${datasetId}/resource/${gone}/download/old_export.csv`;
      return { text, named: alone };
    }
  }
}
