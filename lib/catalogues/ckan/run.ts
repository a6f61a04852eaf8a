import type { DownloadRun } from "../../storage/download_run.ts";
import { PermanentFailure, TransientFailure } from "../../http/failures.ts";
import { formatCount } from "../../cli/progress.ts";
import { newestSealedRun, type SealedRun } from "../../storage/sealed_run.ts";
import { beginRun, resumeRun } from "../../pipeline/open_run.ts";
import { isRunOf } from "../../storage/shards.ts";
import type { Context } from "../../pipeline/stage.ts";
import type { Outcome } from "../../pipeline/run_log.ts";
import { CkanPortal, type PortalState } from "./portal.ts";
import { Harvest } from "./harvest.ts";
import { harvestChanges } from "./incremental_harvest.ts";
import { findParent, fullAt, isDue } from "./parent.ts";
import { type HarvestPlan, planHarvest } from "./plan.ts";
import { nothingNew, sealHarvest } from "./seal.ts";
import { assertStillCkan } from "../client.ts";
import { PageSize } from "../page_size.ts";

/** A harvest of a CKAN portal from its beginning, or from where it was left, to its seal. */

const KIND = "datasets";
const PLAN = "plan";

/** Harvests the portal, or goes on with the harvest that was not finished, or says nothing is new. */
export async function harvestCkan(context: Context): Promise<Outcome> {
  assertStillCkan(context.config);
  const { config, paths, env, force } = context;
  const portal = new CkanPortal(config, env, context);
  const identity = {
    endpoint: portal.endpoint,
    has_key: config.site.api_key_env !== undefined,
  };
  const asksAll = force || context.flags.full === true;
  const sealed = force ? undefined : await newestSealedRun(paths, KIND, isRunOf(undefined));
  let run = await resumeRun(context, KIND, identity, { accepts: (run) => !isReadToItsEnd(run) });
  if (run === undefined && !asksAll) {
    const outcome = await onlyWhatChanged(context, portal, sealed, identity);
    if (outcome !== undefined) return outcome;
  }
  const state = await portal.firstState();
  if (state.count === 0) throw portal.empty();
  run ??= await begin(context, identity, await planned(context, portal, state));
  try {
    return await harvest(context, portal, run);
  } finally {
    run.close();
  }
}

/** Undefined where everything is to be asked for. */
async function onlyWhatChanged(
  context: Context,
  portal: CkanPortal,
  sealed: SealedRun | undefined,
  identity: { endpoint: string; has_key: boolean },
): Promise<Outcome | undefined> {
  const { paths, config, log, now } = context;
  const isOld = (fullAt: string) => {
    const days = config.download.full_harvest_every;
    if (!isDue(fullAt, now(), days)) return false;
    log.info(`Everything is asked for: the last time was ${fullAt}, at least ${days} days ago`);
    return true;
  };
  const parent = await findParent(paths, KIND, identity);
  if (parent !== undefined) {
    return isOld(parent.fullAt)
      ? undefined
      : await harvestChanges(context, portal, parent, identity);
  }
  if (sealed === undefined) return undefined;
  // a portal that gives no single fields: its count and newest change must do
  const state = await portal.firstState();
  if (state.count === 0) throw portal.empty();
  return holds(sealed, identity, state) && !isOld(fullAt(sealed.seal))
    ? nothingNew(context, sealed, state)
    : undefined;
}

/** A run that is sealed although something is missing: nothing in it can be gone on with. */
export function isReadToItsEnd({ previousSeal }: DownloadRun): boolean {
  return previousSeal?.details.is_whole === true;
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

/** How the portal is read; a failure becomes a sentence on what to do. */
export async function planned(
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

/** Begins a run with its plan. */
export async function begin(
  context: Context,
  identity: Record<string, unknown>,
  plan: HarvestPlan,
): Promise<DownloadRun> {
  const run = await beginRun(context, KIND, identity);
  await run.append(PLAN, null, { plan }, context.now());
  return run;
}

/** Reads a run to its end and seals it. */
export async function harvest(
  context: Context,
  portal: CkanPortal,
  run: DownloadRun,
): Promise<Outcome> {
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
  return await sealHarvest(context, reading, end);
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
