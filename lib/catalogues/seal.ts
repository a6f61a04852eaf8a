/**
 * The end of a harvest, for every kind of catalogue: the seal, and what the stage reports.
 *
 * @module
 */

import { relative } from "node:path";
import { formatCount } from "../cli/progress.ts";
import { beginRun } from "../pipeline/open_run.ts";
import type { Outcome } from "../pipeline/run_log.ts";
import type { Context } from "../pipeline/stage.ts";
import type { DownloadRun } from "../storage/download_run.ts";
import type { SealedRun } from "../storage/sealed_run.ts";
import { nameOfShard, type Shard } from "../storage/shards.ts";
import { KIND } from "./catalogue.ts";
import { describeFolder, judgeLoss, withhold } from "./plausibility.ts";

/** What a harvest has come to. */
export interface HarvestEnd {
  /** What was received, as the summary says it; the folder follows. */
  received: string;
  /** Why it is not complete. */
  reasons: string[];
  counts: Record<string, number>;
  /** What a later harvest, or 02, has to know. */
  details: Record<string, unknown>;
  /** Whether it was read to its end; one that was not is resumed. */
  isWhole?: boolean;
}

/** Seals a run that has come to its end, if what it has is plausible. */
export async function sealHarvest(
  context: Context,
  run: DownloadRun,
  { received, reasons, counts, details, isWhole = true }: HarvestEnd,
): Promise<Outcome> {
  const datasets = counts.datasets ?? 0;
  const withheld = await judgeLoss(context, run, datasets, isWhole);
  if (withheld !== undefined) {
    const folder = await withhold(context, run, datasets, withheld, isWhole);
    return {
      summary: `${received}, not passed on, in ${describeFolder(context, folder)}`,
      reasons: [...reasons, withheld.reason],
      counts,
      inputs: [],
      outputs: [],
    };
  }
  await run.seal({ complete: reasons.length === 0, reasons, counts, details }, context.now());
  return {
    summary: `${received} in ${describeFolder(context, run.folder)}`,
    reasons,
    counts,
    inputs: [],
    outputs: [`${relative(context.paths.root, run.folder)}/manifest.json`],
  };
}

/** The end of a harvest that would receive what an earlier one has. */
export function nothingNew(context: Context, sealed: SealedRun, what: string): Outcome {
  const { reasons, counts } = sealed.seal;
  return {
    summary: `Nothing new: ${what} ${describeFolder(context, sealed.folder)}`,
    reasons,
    counts,
    inputs: [],
    outputs: [sealed.parent.file],
    upToDate: true,
  };
}

/** Seals a run without anything in it: shard 0 reads what cannot be divided. */
export async function sealEmpty(
  context: Context,
  identity: Record<string, unknown>,
  shard: Shard,
): Promise<Outcome> {
  const run = await beginRun(context, KIND, identity);
  const counts = { datasets: 0, duplicates: 0 };
  try {
    const outcome = await sealHarvest(context, run, {
      received: "",
      reasons: [],
      counts,
      details: {},
    });
    return { ...outcome, summary: `Nothing to read for shard ${nameOfShard(shard)}` };
  } finally {
    run.close();
  }
}

/** "450 datasets". */
export function datasetsOf(count: number): string {
  return `${formatCount(count)} datasets`;
}
