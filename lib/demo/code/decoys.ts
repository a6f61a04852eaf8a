/** Texts that look like mentions of the catalogue and name nothing by the contract. */

import { type CatalogueIndex, partsOf } from "../city/catalogue_index.ts";
import { DASHBOARD_HOST, FILE_HOST, PORTAL_HOST, SOCRATA_HOST, WFS_HOST } from "../city/urls.ts";
import type { Form, Mention } from "./mentions.ts";
import type { Random } from "../random.ts";

const HOLDS_ID = /[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{32}|\/api\/views\/|doi\.org/;

function decoy(text: string, form: Form = "url"): Mention {
  return { text, form, kind: undefined, named: [] };
}

/** A decoy near this dataset; undefined when it would name something after all. */
export function makeDecoy(
  catalogue: CatalogueIndex,
  dataset: number,
  random: Random,
): Mention | undefined {
  const usable = catalogue.usable(dataset);
  if (usable.length === 0) return undefined;
  const { url, datasetId, resourceId } = random.pick(usable);
  const isPlain = !HOLDS_ID.test(url) && /^[!-~]+$/.test(url) && !url.includes("?");
  switch (random.below(14)) {
    case 0:
    case 1:
    case 2: {
      const longer = url + random.pick(["0", "7", "-old", ".bak", "/meta", "_v2.csv"]);
      if (!isPlain || catalogue.samePath(longer).length > 0) return undefined;
      return decoy(longer);
    }
    case 3:
    case 4: {
      const { scheme, host, path } = partsOf(url)!;
      const shouted = path.replace(/[a-z]+(?=[^\/]*$)/, (word) => word.toUpperCase());
      const other = `${scheme}://${host}${shouted}`;
      if (!isPlain || catalogue.samePath(other).length > 0) return undefined;
      return decoy(other);
    }
    case 5:
      return decoy(
        `https://data.saltholm.example/dataset/${datasetId}/resource/${resourceId}/download/a.csv`,
      );
    case 6: {
      const id = /\/api\/views\/(\w{4}-\w{4})\//.exec(url)?.[1];
      return id === undefined
        ? undefined
        : decoy(`https://data.saltholm.example/resource/${id}.json`);
    }
    case 7:
      return decoy(resourceId, "bare");
    case 8:
      return decoy(random.pick([PORTAL_HOST, FILE_HOST, SOCRATA_HOST]), "bare");
    case 9:
      return decoy(
        `https://${PORTAL_HOST}/` +
          random.pick(["api/3/action/", "dataset/", "organization/parks-and-green-spaces"]),
      );
    case 10:
      return decoy(`https://${PORTAL_HOST}/api/3/action/datastore_search?resource_id=RESOURCE_ID`);
    case 11: {
      const folder = `https://${FILE_HOST}/open-data/`;
      return catalogue.datasetsUnder(folder) > 1 ? decoy(folder) : undefined;
    }
    case 12: {
      const shared = random.chance(0.5)
        ? `https://${DASHBOARD_HOST}/view?r=${random.text(24)}`
        : `https://${WFS_HOST}/geoserver/ows?service=WFS&request=GetCapabilities`;
      const datasets = new Set(catalogue.samePath(shared).map((ref) => ref.dataset));
      return datasets.size > 1 ? decoy(shared) : undefined;
    }
    default: {
      const { name } = catalogue.dataset(dataset);
      return decoy(`https://${PORTAL_HOST}/dataset/${name}-draft`);
    }
  }
}
