// Downloads the packages that the repositories publish, with how many others depend on them.
// Reads: newest sealed artifacts/{site}/downloads/repositories/{run}/, or all its shards; the
//        package index
// Writes: artifacts/{site}/downloads/dependents/{run}/
import { relative } from "node:path";
import type { DownloadRun } from "../lib/storage/download_run.ts";
import { requireDownload } from "../lib/pipeline/inputs.ts";
import { formatCount } from "../lib/cli/progress.ts";
import { singleTryClient } from "../lib/reverse_dependencies/rate_limits.ts";
import {
  askedRepositories,
  type DeclaredPackages,
  declaredPurls,
  readDeclaredPackages,
} from "../lib/reverse_dependencies/declared_packages.ts";
import { packageRecords } from "../lib/reverse_dependencies/package_index.ts";
import { PackageIndex } from "../lib/reverse_dependencies/package_index.ts";
import { isOfShard } from "../lib/storage/shards.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";
import { userAgent } from "../lib/http/client.ts";
import { type Download, inputOf } from "../lib/storage/merged_downloads.ts";
import { completeDownload, openRun } from "../lib/pipeline/open_run.ts";

const KIND = "dependents";

/** The stage as the pipeline runs it. */
export const stage: Stage = {
  name: "07_download_dependents",
  action: "download dependents",
  description: "Packages of the repositories and what depends on them → downloads/dependents/",
  takesShard: true,
  run: downloadDependents,
};

/** Asks the package index by repository, then by the names that this did not confirm. */
export async function downloadDependents(context: Context): Promise<Outcome> {
  const { config } = context;
  const repositories = await requireDownload(context, "repositories", "06_download_repositories");
  const identity = { repositories: inputOf(repositories), ...config.dependents };
  const complete = await completeDownload(context, KIND, identity);
  if (complete !== undefined) {
    return {
      summary: `Nothing new: ${complete.folder} has the packages of ${repositories.name}`,
      reasons: [],
      counts: complete.counts,
      inputs: repositories.parents.map(({ file }) => file),
      outputs: complete.parents.map(({ file }) => file),
      upToDate: true,
    };
  }
  const run = await openRun(context, KIND, identity);
  try {
    return await download(context, run, repositories);
  } finally {
    run.close();
  }
}

async function download(
  context: Context,
  run: DownloadRun,
  repositories: Download,
): Promise<Outcome> {
  const { config, env, log, now, paths } = context;
  const declared = (await readDeclaredPackages(repositories.runs))
    .filter(({ repository }) => isOfShard(context.shard, repository.toLowerCase()));
  const asked = askedRepositories(declared);
  const client = singleTryClient("package index", { "user-agent": userAgent(env) }, context);
  const index = new PackageIndex(config.dependents.packages_api_url, client, run, now);

  const bar = log.bar("Looking up packages", "repositories", declared.length);
  const asWhole = declared.length / Math.max(1, asked.purls.length + asked.urls.length);
  const advance = (count: number) => bar.advance(Math.round(count * asWhole));
  await index.lookUp(asked.purls, advance);
  for (const url of asked.urls) {
    await index.lookUpRepository(url);
    advance(1);
  }
  bar.end();
  const open = declaredPurls(declared, await confirmedNames(run, declared));
  log.info(`${formatCount(open.length)} declared names are not confirmed by their repository`);
  await index.lookUp(open, () => {});

  const failed = [...index.failed].map(([asked, reason]) => ({ asked, reason }));
  const reasons = failed.length === 0
    ? []
    : [`${failed.length} look-ups of packages have no answer: ${failed[0]!.reason}`];
  const counts = {
    repositories: declared.length,
    declared: declared.reduce((sum, repository) => sum + repository.declared.length, 0),
    looked_up: asked.purls.length + asked.urls.length + open.length,
    requests: client.requests,
  };
  await run.seal({
    complete: reasons.length === 0,
    reasons,
    counts,
    details: { failed },
  }, now());
  return {
    summary: `Packages of ${formatCount(counts.repositories)} repositories looked up with ${
      formatCount(counts.requests)
    } requests → ${run.folder}`,
    reasons,
    counts,
    inputs: repositories.parents.map(({ file }) => file),
    outputs: [`${relative(paths.root, run.folder)}/manifest.json`],
  };
}

/** The names that the index itself ties to a repository requested, as "repository package". */
async function confirmedNames(
  run: DownloadRun,
  repositories: DeclaredPackages[],
): Promise<Set<string>> {
  const confirmed = new Set<string>();
  const asked = new Set(repositories.flatMap(({ keys }) => keys));
  for await (const record of packageRecords(run.folder, [...run.entries()])) {
    if (record.repository_key === null || !asked.has(record.repository_key)) continue;
    confirmed.add(`${record.repository_key} ${record.package_key}`);
  }
  return confirmed;
}

if (import.meta.main) await runAsScript(stage);
