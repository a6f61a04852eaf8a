/** A repository that lists the catalogue instead of using it: one page per dataset. */

import type { CatalogueIndex } from "../city/catalogue_index.ts";
import { PORTAL_HOST } from "../city/urls.ts";
import type { Place } from "./mentions.ts";
import type { DemoFile } from "./repository.ts";

const LARGEST = 400;

/** Pages of up to 400 datasets, with the places on them. */
export function mirrorFiles(catalogue: CatalogueIndex): { files: DemoFile[]; places: Place[] } {
  const files: DemoFile[] = [];
  const places: Place[] = [];
  for (let index = 0; index < Math.min(catalogue.size, LARGEST); index++) {
    const resources = catalogue.usable(index).filter(({ url }) => /^[!-~]+$/.test(url));
    if (resources.length === 0) continue;
    const { id, name, title } = catalogue.dataset(index);
    const path = `datasets/${name}.md`;
    const page = `https://${PORTAL_HOST}/dataset/${name}`;
    const lines = [`# ${title.trim()}`, "", `| Catalog | [Link](${page}) |`];
    const named = [{ datasetId: id, resourceId: null }];
    places.push({ text: page, form: "url", kind: "landing_page", named, path, line: 3 });
    for (const url of new Set(resources.map((resource) => resource.url))) {
      lines.push(`| Data | [file](${url}) |`);
      const refs = catalogue.exact(url);
      places.push({
        text: url,
        form: "url",
        kind: "exact",
        named: refs.map(({ datasetId, resourceId }) => ({ datasetId, resourceId })),
        path,
        line: lines.length,
      });
    }
    files.push({ path, text: lines.join("\n") + "\n" });
  }
  return { files, places };
}
