import { relative } from "node:path";
import { StageError } from "../errors.ts";
import { formatCount } from "../progress.ts";
import type { Context, Outcome } from "../stage.ts";
import type { PortalState } from "./ckan.ts";
import type { Harvest } from "./ckan_harvest.ts";

/** The end of a harvest of a CKAN portal: what the portal counted against what came. */

/** Seals a run that has come to its end, and says what came and what did not. */
export async function sealHarvest(
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

/** A run's folder as a person would type it. */
export function folderOf(context: Context, folder: string): string {
  return relative(".", folder).startsWith("..")
    ? folder
    : `${context.paths.root}/${relative(context.paths.root, folder)}`;
}
