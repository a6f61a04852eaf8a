// Finds the lines of public code that may mention the catalogue's resources.
// Reads: newest snapshot clean_ckan_api; a code search, or a folder of checkouts
// Writes: artifacts/{site}/downloads/search_results/{run}/
import { relative } from "node:path";
import type { Backend, PlannedQuery } from "../lib/code_search/backend.ts";
import {
  BACKEND_OPTION,
  chosenBackend,
  ENDPOINT_OPTION,
  matchReader,
  openBackend,
  sourceOf,
} from "../lib/code_search/backends.ts";
import { readCatalogue } from "../lib/code_search/catalogue.ts";
import { describePlan, printPlan, reasonsOf } from "../lib/code_search/search_summary.ts";
import {
  fetchWholeFiles,
  type FilesEnd,
  filesReason,
  isFileEntry,
} from "../lib/code_search/whole_files.ts";
import type { CatalogueIndex } from "../lib/code_search/match/catalogue_index.ts";
import { passOf, runQueries } from "../lib/code_search/run_queries.ts";
import { type DownloadRun, isSameIdentity } from "../lib/storage/download_run.ts";
import { requireSnapshot } from "../lib/pipeline/inputs.ts";
import { formatCount } from "../lib/cli/progress.ts";
import { sealedEntries } from "../lib/storage/sealed_run.ts";
import { isOfShard, nameOfShard } from "../lib/storage/shards.ts";
import type { Snapshot } from "../lib/storage/snapshots.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";
import { type Download, newestOwnDownload } from "../lib/storage/merged_downloads.ts";
import { openRun } from "../lib/pipeline/open_run.ts";

const KIND = "search_results";

export const stage: Stage = {
  name: "04_download_search_results",
  action: "download search results",
  description: "Find the resource URLs in public code: clean_ckan_api → downloads/search_results/",
  takesInput: true,
  takesShard: true,
  options: [
    { name: "dry-run", help: "show the plan and send nothing" },
    { name: "recheck", help: "send every query again and add what is new" },
    BACKEND_OPTION,
    ENDPOINT_OPTION,
  ],
  run: downloadSearchResults,
};

/** Plans the searches, or continues with those of a run that is not complete, and keeps the answers. */
export async function downloadSearchResults(context: Context): Promise<Outcome> {
  const { config, paths, log, flags, force, shard } = context;
  const chosen = chosenBackend(context);
  const clean = await requireSnapshot(
    context,
    "clean_ckan_api",
    "03_clean_datasets",
    context.input,
  );
  const index = await readCatalogue(clean, {
    scratch: paths.scratch,
    portalHosts: config.site.portal_hosts,
    hostAliases: config.site.host_aliases,
    formats: config.code_search.formats,
  });
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const backend = openBackend(context, chosen, index, signal);
  const whole = await backend.plan();
  log.info(describePlan(whole, backend, index, config.code_search.whole_files));
  // what a query of the plan is split into stays with its shard
  const plan = whole.filter(({ id }) => isOfShard(shard, id));
  if (shard !== undefined) {
    log.info(`Shard ${nameOfShard(shard)}: ${formatCount(plan.length)} of these ${backend.unit}`);
  }
  if (flags["dry-run"] === true) {
    printPlan(plan);
    return ended(context, clean, undefined, {
      summary: `Nothing sent: the plan has ${
        formatCount(plan.length)
      } ${backend.unit} to begin with`,
    });
  }
  const { whole_files } = config.code_search;
  const identity = {
    backend: chosen.name,
    endpoint_url: chosen.endpointUrl,
    formats: config.code_search.formats,
    catalogue: clean.manifest.sha256,
    // where files come with the answers, answers without them are others
    ...(backend.readFile === undefined ? { whole_files } : {}),
  };
  const isOurs = (of: Record<string, unknown>) => of.backend === chosen.name;
  const sealed = await newestOwnDownload(paths, KIND, shard, isOurs);
  const isKnown = sealed !== undefined && isSameIdentity(sealed.identity, identity);
  const hasFiles = sealed?.runs.every(({ seal }) => seal.details.whole_files === true) === true ||
    !whole_files || backend.readFile === undefined;
  if (isKnown && !force && flags.recheck !== true && hasFiles && await hasAll(sealed, plan)) {
    return ended(context, clean, sealed, {
      summary: `Nothing new: all ${backend.unit} were answered on ${
        sealed.runs[0]!.seal.sealed_at.slice(0, 10)
      }, --recheck asks again → ${sealed.folder}`,
      upToDate: true,
    });
  }
  if (sealed !== undefined && !isKnown) {
    log.info("Catalogue or settings have changed since the last search: a new one begins");
  }
  const run = await openRun(context, KIND, identity, {
    among: isOurs,
    evenComplete: flags.recheck === true || !hasFiles,
  });
  try {
    const sealedPass = Number(run.previousSeal?.details.pass ?? 0);
    const pass = passOf(run, flags.recheck === true, sealedPass);
    return await search(context, { clean, backend, index, plan, run, pass, stop });
  } finally {
    await backend.close?.();
    run.close();
  }
}

async function search(context: Context, work: {
  clean: Snapshot;
  backend: Backend;
  index: CatalogueIndex;
  plan: PlannedQuery[];
  run: DownloadRun;
  pass: number;
  stop: AbortController;
}): Promise<Outcome> {
  const { clean, backend, index, plan, run, pass, stop } = work;
  const bar = context.log.bar("Searching", backend.unit, plan.length);
  let done = 0;
  const end = await runQueries(run, backend, plan, {
    pass,
    concurrency: context.config.code_search.concurrency,
    now: context.now,
    stop: (reason) => stop.abort(reason),
  }, (progress) => {
    const note = `${formatCount(progress.matches)} lines`;
    bar.advance(progress.done - done, { total: progress.planned, note });
    done = progress.done;
  });
  bar.end();
  const { leaves, sent } = end;
  const files = await wholeFiles(context, { backend, index, run });
  const reasons = reasonsOf(end, backend.unit);
  const ofFiles = files === null ? null : filesReason(files);
  if (ofFiles !== null) reasons.push(ofFiles);
  const entries = [...run.entries()].filter((entry) => !isFileEntry(entry));
  const matches = entries.reduce((sum, entry) => sum + Number(entry.matches), 0);
  const counts: Record<string, number> = {
    queries: entries.length,
    sent,
    leaves: leaves.length,
    matches,
    ...(files === null ? {} : {
      files: files.fetched,
      files_gone: files.gone,
      files_failed: files.failed,
    }),
  };
  const complete = reasons.length === 0;
  const details = { pass, whole_files: files !== null, source: sourceOf(backend) };
  await run.seal({ complete, reasons, counts, details }, context.now());
  const sealed = await newestOwnDownload(
    context.paths,
    KIND,
    context.shard,
    (of) => of.backend === backend.name,
  );
  return ended(context, clean, sealed, {
    summary: `${formatCount(sent)} ${backend.unit} searched, ${formatCount(matches)} lines found${
      files === null ? "" : `, ${formatCount(files.fetched)} files read whole`
    } → ${run.folder}`,
  });
}

/** Fetches the files that the lines leave open; null where the config or the backend does not. */
async function wholeFiles(
  context: Context,
  work: { backend: Backend; index: CatalogueIndex; run: DownloadRun },
): Promise<FilesEnd | null> {
  const { concurrency, whole_files } = context.config.code_search;
  const { backend, index, run } = work;
  if (!whole_files || backend.readFile === undefined) return null;
  const bar = context.log.bar("Fetching", "whole files");
  let before = 0;
  const readMatches = matchReader(backend.name);
  const options = { readMatches, index, concurrency, now: context.now };
  const end = await fetchWholeFiles(run, backend, options, (done, total) => {
    bar.advance(done - before, { total });
    before = done;
  });
  bar.end();
  return end;
}

/** Whether every query of the plan has its answer; checkouts come and go. */
async function hasAll(sealed: Download, plan: PlannedQuery[]): Promise<boolean> {
  if (!sealed.complete) return false;
  const entries = await Promise.all(sealed.runs.map(sealedEntries));
  const keys = new Set(entries.flat().map((entry) => entry.key));
  return plan.every((query) => keys.has(query.id));
}

function ended(
  context: Context,
  clean: Snapshot,
  sealed: Download | undefined,
  rest: { summary: string; upToDate?: boolean },
): Outcome {
  return {
    reasons: sealed?.reasons ?? [],
    counts: sealed?.counts ?? {},
    inputs: [clean.parent.file],
    outputs: sealed === undefined ? [] : [relative(context.paths.root, sealed.folder)],
    ...rest,
  };
}

if (import.meta.main) await runAsScript(stage);
