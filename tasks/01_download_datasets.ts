// Harvests every dataset of a portal, as the portal gives them: CKAN, a data.json, or data.gov.
// Reads: the portal's package_search, its data.json, or data.gov's search API
// Writes: artifacts/{site}/downloads/datasets/{run}/
import { harvestCkan } from "../lib/catalogues/ckan/run.ts";
import { harvestDataGov } from "../lib/catalogues/dcat/data_gov.ts";
import { harvestDcatUs } from "../lib/catalogues/dcat/data_json.ts";
import { harvestShard } from "../lib/catalogues/sharded.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";

export const stage: Stage = {
  name: "01_download_datasets",
  action: "download datasets",
  description: "Harvest every dataset of the portal: catalogue API → downloads/datasets/",
  options: [{ name: "full", help: "ask for every dataset, not only for what changed" }],
  takesShard: true,
  run: downloadDatasets,
};

/** Harvests the portal, or goes on with the harvest that was not finished, or says nothing is new. */
export async function downloadDatasets(context: Context): Promise<Outcome> {
  if (context.shard !== undefined) return await harvestShard(context, context.shard);
  switch (context.config.site.api) {
    case "ckan":
      return await harvestCkan(context);
    case "dcat_us":
      return await harvestDcatUs(context);
    case "data_gov":
      return await harvestDataGov(context);
  }
}

if (import.meta.main) await runAsScript(stage);
