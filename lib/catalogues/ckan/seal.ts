import { relative } from "node:path";
import { StageError } from "../../cli/errors.ts";
import { formatCount } from "../../cli/progress.ts";
import type { Context } from "../../pipeline/stage.ts";
import type { Outcome } from "../../pipeline/run_log.ts";
import type { SealedRun } from "../../storage/sealed_run.ts";
import type { PortalState } from "./portal.ts";
import type { Harvest } from "./harvest.ts";
import type { Changes } from "./changes.ts";
import { broughtBy, keepIndex } from "./harvest_index.ts";
import { pageEntries } from "./plan.ts";
import type { Sweep } from "./list_ids.ts";

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
    pages: pageEntries(run.entries()).length,
    requests: reading.portal.http.requests,
  };
  context.log.info(completeness(counts));
  const reasons = reasonsOf(reading.reasons, end, counts);
  await keepIndex(run, broughtBy(reading), context.now());
  const { isKeyset, hasRanges, hasFields } = plan;
  await run.seal({
    complete: reasons.length === 0,
    reasons,
    counts,
    details: {
      is_whole: reading.isWhole,
      paging: { isKeyset, hasRanges, hasFields },
      full_at: context.now().toISOString(),
      // where datasets went meanwhile, or may have been skipped, the next run looks again
      state: end === undefined || counts.gone > 0 || (counts.missing > 0 && !plan.hasRanges)
        ? null
        : end,
    },
  }, context.now());
  const summary = `${formatCount(seen.size)} datasets in ${folderOf(context, run.folder)}`;
  return outcomeOf(context, run.folder, summary, reasons, counts);
}

/** Seals a run of what changed: with those before it, it is a whole harvest. */
export async function sealChanges(
  context: Context,
  changes: Changes,
  first: Sweep,
  end: PortalState | undefined,
): Promise<Outcome> {
  const { parent, portal } = changes;
  const { run } = changes.reading!;
  const datasets = parent.held.size;
  const atEnd = end?.count ?? first.count;
  const counts = {
    at_start: first.count,
    at_end: atEnd,
    datasets,
    ...changes.counts,
    duplicates: 0,
    missing: Math.max(0, atEnd - datasets),
    gone: Math.max(0, datasets - atEnd),
    pages: pageEntries(run.entries()).length,
    requests: portal.http.requests,
  };
  const reasons = reasonsOf(changes.reasons, end, counts);
  await keepIndex(run, parent.held, context.now());
  await run.seal({
    complete: reasons.length === 0,
    reasons,
    counts,
    details: {
      is_whole: changes.reasons.length === 0,
      parent: parent.run.name,
      paging: parent.paging,
      full_at: parent.fullAt,
      state: null,
    },
  }, context.now());
  const summary = `${formatCount(counts.changed)} datasets new or changed, ${
    formatCount(counts.removed)
  } gone, ${formatCount(datasets)} with those of ${parent.run.name}, in ${
    folderOf(context, run.folder)
  }`;
  return outcomeOf(context, run.folder, summary, reasons, counts);
}

/** The end of a harvest that would bring what an earlier one has. */
export function nothingNew(context: Context, sealed: SealedRun, state: PortalState): Outcome {
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

function reasonsOf(
  known: string[],
  end: PortalState | undefined,
  counts: { missing: number; at_end: number },
): string[] {
  const reasons = [...known];
  if (end === undefined) reasons.push("the portal did not say at the end how many datasets it has");
  if (counts.missing > 0) {
    reasons.push(
      `${formatCount(counts.missing)} of the ${
        formatCount(counts.at_end)
      } datasets that the portal counts did not come`,
    );
  }
  return reasons;
}

function outcomeOf(
  context: Context,
  folder: string,
  summary: string,
  reasons: string[],
  counts: Record<string, number>,
): Outcome {
  const outputs = [`${relative(context.paths.root, folder)}/manifest.json`];
  return { summary, reasons, counts, inputs: [], outputs };
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
function folderOf(context: Context, folder: string): string {
  return relative(".", folder).startsWith("..")
    ? folder
    : `${context.paths.root}/${relative(context.paths.root, folder)}`;
}
