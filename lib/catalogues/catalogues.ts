/**
 * The kinds of catalogues, by the name that `site.api` has in a config and `api` in a run.
 *
 * @module
 */

import type { Config } from "../pipeline/config.ts";
import type { Catalogue } from "./catalogue.ts";
import { ckan } from "./ckan/ckan.ts";
import { dataGov } from "./dcat/data_gov.ts";
import { dataJson } from "./dcat/data_json.ts";

const CATALOGUES: Record<Config["site"]["api"], Catalogue> = {
  ckan,
  dcat_us: dataJson,
  data_gov: dataGov,
};

/** The catalogue of a kind; runs of CKAN portals do not name theirs. */
export function catalogueOf(api: unknown = "ckan"): Catalogue {
  return CATALOGUES[api as keyof typeof CATALOGUES] ?? CATALOGUES.ckan;
}
