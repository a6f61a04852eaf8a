/**
 * Harvests every dataset of a portal, as the portal returns them: CKAN, a data.json, or data.gov.
 *
 * Reads: the portal's package_search, its data.json, or data.gov's search API
 * Writes: artifacts/{site}/downloads/datasets/{run}/
 *
 * @module
 */

import { catalogueOf } from "../lib/catalogues/catalogues.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";

export const stage: Stage = {
  name: "01_download_datasets",
  action: "download datasets",
  description: "Harvest every dataset of the portal: catalogue API → downloads/datasets/",
  options: [
    { name: "full", help: "fetch every dataset, not only what changed" },
    {
      name: "accept-loss",
      help: "accept a catalogue that lost more than a fifth of its datasets as the truth",
    },
  ],
  takesShard: true,
  run: downloadDatasets,
};

/** Harvests the portal, resumes the harvest that was not finished, or reports nothing new. */
export async function downloadDatasets(context: Context): Promise<Outcome> {
  const catalogue = catalogueOf(context.config.site.api);
  return context.shard === undefined
    ? await catalogue.harvest(context)
    : await catalogue.harvestShard(context, context.shard);
}

if (import.meta.main) await runAsScript(stage);
