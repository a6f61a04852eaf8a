// Harvests every dataset of a portal, as the portal gives them: CKAN, a data.json, or data.gov.
// Reads: the portal's package_search, its data.json, or data.gov's search API
// Writes: artifacts/{site}/downloads/datasets/{run}/
import { relative } from "node:path";
import { CkanPortal, type PortalState } from "../lib/catalogues/ckan.ts";
import { Harvest, type HarvestPlan, planHarvest } from "../lib/catalogues/ckan_harvest.ts";
import { assertStillCkan } from "../lib/catalogues/client.ts";
import { harvestDataGov } from "../lib/catalogues/data_gov.ts";
import { harvestDcatUs } from "../lib/catalogues/dcat_us.ts";
import { PageSize } from "../lib/catalogues/page_size.ts";
import { DownloadRun } from "../lib/downloads.ts";
import { StageError } from "../lib/errors.ts";
import { PermanentFailure, TransientFailure } from "../lib/failures.ts";
import { formatCount } from "../lib/progress.ts";
import { newestSealedRun, type SealedRun } from "../lib/sealed_runs.ts";
import { type Context, type Outcome, runAsScript, type Stage } from "../lib/stage.ts";

const KIND = "datasets";
const PLAN = "plan";

export const stage: Stage = {
  name: "01_download_datasets",
  action: "download datasets",
  description: "Harvest every dataset of the portal: catalogue API → downloads/datasets/",
  run: downloadDatasets,
};

/** Harvests the portal, or goes on with the harvest that was not finished, or says nothing is new. */
export async function downloadDatasets(context: Context): Promise<Outcome> {
  switch (context.config.site.api) {
    case "ckan":
      return await harvestCkan(context);
    case "dcat_us":
      return await harvestDcatUs(context);
    case "data_gov":
      return await harvestDataGov(context);
  }
}

async function harvestCkan(context: Context): Promise<Outcome> {
  assertStillCkan(context.config);
  const { config, paths, env, outside, force } = context;
  const portal = new CkanPortal(config, env, outside);
  const identity = {
    endpoint: portal.endpoint,
    has_key: config.site.api_key_env !== undefined,
  };
  const state = await portal.firstState();
  if (state.count === 0) {
    throw new StageError(
      `"${portal.endpoint}" has no datasets at all: check that it is the portal you mean, and whether it wants a key`,
    );
  }
  const sealed = force ? undefined : await newestSealedRun(paths, KIND);
  let run = force ? undefined : await DownloadRun.resume(paths, KIND, identity);
  if (run !== undefined && isReadToItsEnd(run, sealed)) {
    run.close();
    run = undefined;
  }
  if (run === undefined && sealed !== undefined && holds(sealed, identity, state)) {
    return nothingNew(context, sealed, state);
  }
  run ??= await begin(context, identity, await planned(context, portal, state));
  try {
    return await harvest(context, portal, run);
  } finally {
    run.close();
  }
}

/** A run that is sealed although something is missing: nothing in it can be gone on with. */
function isReadToItsEnd(run: DownloadRun, sealed: SealedRun | undefined): boolean {
  return run.name === sealed?.name && sealed.seal.details.is_whole === true;
}

/** Whether a sealed harvest of the same portal has all that the portal holds now. */
function holds(sealed: SealedRun, identity: Record<string, unknown>, now: PortalState): boolean {
  const { state, is_whole } = sealed.seal.details as {
    state: PortalState | null;
    is_whole: boolean;
  };
  const asked = sealed.seal.identity;
  return is_whole === true && asked.endpoint === identity.endpoint &&
    asked.has_key === identity.has_key && now.newest !== null &&
    state?.count === now.count && state.newest === now.newest;
}

function nothingNew(context: Context, sealed: SealedRun, state: PortalState): Outcome {
  const { reasons, counts } = sealed.seal;
  return {
    summary: `Nothing new: ${
      formatCount(state.count)
    } datasets, newest change ${state.newest}, as in ${folderOf(context, sealed.folder)}`,
    reasons,
    counts,
    inputs: [],
    outputs: [sealed.parent.file],
    upToDate: true,
  };
}

async function planned(
  context: Context,
  portal: CkanPortal,
  state: PortalState,
): Promise<HarvestPlan> {
  try {
    return await planHarvest(portal, state, context.config.download);
  } catch (error) {
    throw portal.explained(error);
  }
}

async function begin(
  context: Context,
  identity: Record<string, unknown>,
  plan: HarvestPlan,
): Promise<DownloadRun> {
  const run = await DownloadRun.begin(context.paths, KIND, identity, context.now());
  await run.append(PLAN, null, { plan }, context.now());
  return run;
}

async function harvest(context: Context, portal: CkanPortal, run: DownloadRun): Promise<Outcome> {
  const { log, config, now } = context;
  const plan = run.get(PLAN)?.plan as HarvestPlan | undefined;
  if (plan === undefined) {
    // killed between the folder and its first line
    await run.append(
      PLAN,
      null,
      { plan: await planned(context, portal, await portal.state()) },
      now(),
    );
    return await harvest(context, portal, run);
  }
  const size = new PageSize(config.download.page_size, plan.isKeyset ? 1 : 2);
  const reading = new Harvest(portal, run, plan, size, now);
  log.info(
    `Reading ${formatCount(plan.state.count)} datasets of ${config.site.title} by ${
      plan.isKeyset ? "id" : "offset"
    }${plan.ranges.length > 1 ? ` in ${plan.ranges.length} ranges` : ""}`,
  );
  const bar = log.bar("Datasets", "datasets", plan.state.count);
  if (run.size > 1) await reading.recall(bar);
  await reading.readAll(config.download.concurrency, bar);
  const end = await stateAtEnd(portal);
  if (end !== undefined && reading.isWhole) {
    if (hasChanged(reading, end)) await reading.catchUp(bar);
    if (end.count > reading.seen.size) await reading.fillGaps(bar);
  }
  bar.end();
  return await seal(context, reading, end);
}

/** Undefined where the portal does not answer any more: what came is kept all the same. */
async function stateAtEnd(portal: CkanPortal): Promise<PortalState | undefined> {
  try {
    return await portal.state();
  } catch (error) {
    if (error instanceof TransientFailure || error instanceof PermanentFailure) return undefined;
    throw error;
  }
}

function hasChanged(reading: Harvest, end: PortalState): boolean {
  return end.newest !== reading.plan.state.newest || end.count > reading.seen.size;
}

async function seal(
  context: Context,
  reading: Harvest,
  end: PortalState | undefined,
): Promise<Outcome> {
  const { run, plan, seen } = reading;
  if (seen.size === 0) {
    throw new StageError(
      `not one page came (${reading.reasons.join("; ")}): run the same command again later`,
    );
  }
  const atEnd = end?.count ?? plan.state.count;
  const counts = {
    at_start: plan.state.count,
    at_end: atEnd,
    datasets: seen.size,
    duplicates: reading.rows - seen.size,
    missing: Math.max(0, atEnd - seen.size),
    gone: Math.max(0, seen.size - atEnd),
    pages: run.size - 1,
    requests: reading.portal.http.requests,
  };
  context.log.info(completeness(counts));
  const reasons = [...reading.reasons];
  if (end === undefined) reasons.push("the portal did not say at the end how many datasets it has");
  if (counts.missing > 0) {
    reasons.push(
      `${formatCount(counts.missing)} of the ${
        formatCount(atEnd)
      } datasets that the portal counts did not come`,
    );
  }
  await run.seal({
    complete: reasons.length === 0,
    reasons,
    counts,
    details: {
      is_whole: reading.isWhole,
      // where datasets went meanwhile, or may have been skipped, the next run looks again
      state: end === undefined || counts.gone > 0 || (counts.missing > 0 && !plan.hasRanges)
        ? null
        : end,
    },
  }, context.now());
  return {
    summary: `${formatCount(seen.size)} datasets in ${folderOf(context, run.folder)}`,
    reasons,
    counts,
    inputs: [],
    outputs: [`${relative(context.paths.root, run.folder)}/manifest.json`],
  };
}

function completeness(counts: Record<string, number>): string {
  const { at_start, at_end, datasets, duplicates, missing, gone } = counts as Record<
    "at_start" | "at_end" | "datasets" | "duplicates" | "missing" | "gone",
    number
  >;
  return [
    `The portal counted ${formatCount(at_start)} datasets at the start, ${
      formatCount(at_end)
    } at the end`,
    `${formatCount(datasets)} came`,
    `${formatCount(duplicates)} of them again`,
    `${formatCount(missing)} missing`,
    ...(gone > 0 ? [`${formatCount(gone)} deleted meanwhile`] : []),
  ].join(" · ");
}

function folderOf(context: Context, folder: string): string {
  return relative(".", folder).startsWith("..")
    ? folder
    : `${context.paths.root}/${relative(context.paths.root, folder)}`;
}

if (import.meta.main) await runAsScript(stage);
