import { relative } from "node:path";
import type { DownloadRun } from "../storage/download_run.ts";
import { beginRun, resumeRun } from "../pipeline/open_run.ts";
import { nameOfShard, type Shard } from "../storage/shards.ts";
import type { Context } from "../pipeline/stage.ts";
import type { Outcome } from "../pipeline/run_log.ts";
import { CkanPortal } from "./ckan/portal.ts";
import { begin, harvest, isReadToItsEnd, planned } from "./ckan/run.ts";
import { assertStillCkan } from "./client.ts";
import { harvestDataGov, identityOfDataGov } from "./dcat/data_gov.ts";
import { harvestDcatUs, identityOfDcatUs } from "./dcat/data_json.ts";

/**
 * A harvest by one of several processes: each reads a range of ids. What cannot be asked for a range
 * (a portal without them, a data.json, data.gov's cursors) shard 0 reads whole, and the others seal
 * a run without anything in it. A shard is always read in full.
 */

const KIND = "datasets";
/** Shards that began a day apart no longer belong together (whole_downloads.ts): an older run is begun anew. */
const RESUMABLE_MS = 12 * 3600 * 1000;

/** Harvests what falls to the shard, or goes on with that. */
export async function harvestShard(context: Context, shard: Shard): Promise<Outcome> {
  const { config } = context;
  switch (config.site.api) {
    case "ckan":
      return await harvestCkanShard(context, shard);
    case "dcat_us":
      if (shard.index > 0) return await sealEmpty(context, identityOfDcatUs(config), shard);
      return await harvestDcatUs(context);
    case "data_gov":
      if (shard.index > 0) return await sealEmpty(context, identityOfDataGov(config), shard);
      return await harvestDataGov(context);
  }
}

async function harvestCkanShard(context: Context, shard: Shard): Promise<Outcome> {
  assertStillCkan(context.config);
  const { config, env } = context;
  const portal = new CkanPortal(config, env, context);
  const { hasRanges } = await explained(portal, () => portal.probe());
  const asked = {
    endpoint: portal.endpoint,
    has_key: config.site.api_key_env !== undefined,
    // shards that found out different things about the portal do not belong together
    split: hasRanges ? "ids" : "none",
  };
  if (hasRanges) portal.shard = shard;
  else if (shard.index > 0) return await sealEmpty(context, asked, shard);
  const state = await portal.firstState();
  if (state.count === 0) {
    if (hasRanges) return await sealEmpty(context, asked, shard);
    throw portal.empty();
  }
  const run = await resumeRun(context, KIND, asked, {
    accepts: (run) => !isReadToItsEnd(run) && !isTooOld(context, run),
  }) ?? await begin(context, asked, await planned(context, portal, state));
  try {
    return await harvest(context, portal, run);
  } finally {
    run.close();
  }
}

function isTooOld({ now }: Context, run: DownloadRun): boolean {
  return now().getTime() - Date.parse(run.startedAt) > RESUMABLE_MS;
}

async function sealEmpty(
  context: Context,
  asked: Record<string, unknown>,
  shard: Shard,
): Promise<Outcome> {
  const { paths, now } = context;
  const run = await beginRun(context, KIND, asked);
  const counts = { datasets: 0, duplicates: 0 };
  try {
    await run.seal({ complete: true, reasons: [], counts }, now());
  } finally {
    run.close();
  }
  return {
    summary: `Nothing to read for shard ${nameOfShard(shard)}`,
    reasons: [],
    counts,
    inputs: [],
    outputs: [`${relative(paths.root, run.folder)}/manifest.json`],
  };
}

async function explained<Result>(portal: CkanPortal, ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw portal.explained(error);
  }
}
