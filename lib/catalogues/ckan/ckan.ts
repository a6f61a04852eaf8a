/**
 * A CKAN portal as a catalogue: which harvest is made, resumed or not needed, and what it gives to the
 * tables.
 *
 * @module
 */

import { resumeRun } from "../../pipeline/open_run.ts";
import type { Outcome } from "../../pipeline/run_log.ts";
import type { Context } from "../../pipeline/stage.ts";
import type { DownloadRun } from "../../storage/download_run.ts";
import { newestSealedRun, sealedEntries, type SealedRun } from "../../storage/sealed_run.ts";
import { isRunOf, type Shard } from "../../storage/shards.ts";
import { type Catalogue, KIND, type RecordPage } from "../catalogue.ts";
import { assertStillCkan } from "../client.ts";
import { readPages } from "../kept_pages.ts";
import { sealEmpty } from "../seal.ts";
import { recordsOf } from "./answers.ts";
import { beginFullHarvest, isResumable, readFullHarvest } from "./full_harvest.ts";
import { findParent, hasParent, isDue, partsOf } from "./harvest_index.ts";
import { harvestChanges } from "./incremental_harvest.ts";
import { pageEntries } from "./page_reader.ts";
import { CkanPortal } from "./portal.ts";

export const ckan: Catalogue = { harvest, harvestShard, records, isConverted: false };

/** Shards that began a day apart no longer belong together (merged_downloads.ts). */
const RESUMABLE_MS = 12 * 3600 * 1000;

type Identity = Record<string, unknown>;

async function harvest(context: Context): Promise<Outcome> {
  const portal = portalOf(context);
  const identity = identityOf(context, portal);
  const run = await resumeRun(context, KIND, identity, { accepts: isResumable });
  if (run === undefined && !context.force && context.flags.full !== true) {
    const outcome = await harvestWhatChanged(context, portal, identity);
    if (outcome !== undefined) return outcome;
  }
  const state = await portal.firstState();
  if (state.count === 0) throw portal.empty();
  return await readToEnd(
    context,
    portal,
    run ?? await beginFullHarvest(context, portal, identity, state),
  );
}

/** Undefined where a full harvest is needed. */
async function harvestWhatChanged(
  context: Context,
  portal: CkanPortal,
  identity: Identity,
): Promise<Outcome | undefined> {
  const { paths, config, log, now } = context;
  const isOld = (fullAt: string) => {
    const days = config.download.full_harvest_every;
    if (!isDue(fullAt, now(), days)) return false;
    log.info(`Full harvest: the last one was ${fullAt}, at least ${days} days ago`);
    return true;
  };
  const parent = await findParent(paths, identity);
  if (parent !== undefined) {
    return isOld(parent.fullAt)
      ? undefined
      : await harvestChanges(context, portal, parent, identity);
  }
  const sealed = await newestSealedRun(paths, KIND, isRunOf(undefined));
  if (sealed?.seal.details.is_whole === true) {
    log.info("Full harvest: ids and times cannot be listed alone, which would show what changed");
  }
  return undefined;
}

/** Each shard reads a range of ids, always in full; without ranges shard 0 reads everything. */
async function harvestShard(context: Context, shard: Shard): Promise<Outcome> {
  const portal = portalOf(context);
  const { hasRanges } = await portal.orExplain(() => portal.probe());
  const identity = {
    ...identityOf(context, portal),
    // shards that found out different things about the portal do not belong together
    split: hasRanges ? "ids" : "none",
  };
  if (hasRanges) portal.shard = shard;
  else if (shard.index > 0) return await sealEmpty(context, identity, shard);
  const state = await portal.firstState();
  if (state.count === 0) {
    if (hasRanges) return await sealEmpty(context, identity, shard);
    throw portal.empty();
  }
  const isRecent = ({ startedAt }: DownloadRun) =>
    context.now().getTime() - Date.parse(startedAt) <= RESUMABLE_MS;
  const run = await resumeRun(context, KIND, identity, {
    accepts: (run) => isResumable(run) && isRecent(run),
  });
  return await readToEnd(
    context,
    portal,
    run ?? await beginFullHarvest(context, portal, identity, state),
  );
}

async function readToEnd(
  context: Context,
  portal: CkanPortal,
  run: DownloadRun,
): Promise<Outcome> {
  try {
    return await readFullHarvest(context, portal, run);
  } finally {
    run.close();
  }
}

function portalOf(context: Context): CkanPortal {
  assertStillCkan(context.config);
  return new CkanPortal(context.config, context.env, context);
}

/** What a run requests of its portal. */
function identityOf({ config }: Context, { endpoint }: CkanPortal): Identity {
  const { api_key_env, include_private } = config.site;
  return {
    endpoint,
    has_key: api_key_env !== undefined,
    ...(include_private ? { include_private } : {}),
  };
}

async function* records(context: Context, run: SealedRun): AsyncGenerator<RecordPage> {
  if (hasParent(run)) {
    for (const part of await partsOf(context.paths, run)) {
      for await (const { entry, bytes } of readPages(context, part.run, part.entries)) {
        yield recordsOf(bytes, part.isCurrent(entry));
      }
    }
    return;
  }
  // not as they were received: which range was faster must not decide which copy of a dataset counts
  const pages = pageEntries(await sealedEntries(run))
    .filter(({ file }) => file !== undefined)
    .sort((one, other) => one.range - other.range || one.page - other.page);
  for await (const { bytes } of readPages(context, run, pages)) yield recordsOf(bytes);
}
