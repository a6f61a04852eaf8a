// Downloads facts and root manifests of every repository in which anything was found.
// Reads: newest snapshot <backend>_api (url_mentions, search_results); the APIs of GitHub, GitLab
//        and Bitbucket
// Writes: artifacts/{site}/downloads/repositories/{run}/
import { relative } from "node:path";
import type { DownloadRun } from "../lib/storage/download_run.ts";
import { Database } from "../lib/duckdb/database.ts";
import { StageError } from "../lib/cli/errors.ts";
import { requireSnapshot } from "../lib/pipeline/inputs.ts";
import { formatCount } from "../lib/cli/progress.ts";
import { CodeHosts } from "../lib/reverse_dependencies/code_hosts.ts";
import { parseRepository, type RepositoryRef } from "../lib/reverse_dependencies/repository_ref.ts";
import { answeredIn } from "../lib/reverse_dependencies/repository_answers.ts";
import { isOfShard } from "../lib/storage/shards.ts";
import type { Snapshot } from "../lib/storage/snapshots.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";
import { completeDownload, openRun } from "../lib/pipeline/open_run.ts";

const KIND = "repositories";

const FOUND_REPOSITORIES = new URL(
  "../sql/code_search/queries/mentioning_repositories.sql",
  import.meta.url,
);

/** The stage as the pipeline runs it. */
export const stage: Stage = {
  name: "06_download_repositories",
  action: "download repositories",
  description: "Metadata and root manifests of every repository found → downloads/repositories/",
  takesInput: true,
  takesShard: true,
  run: downloadRepositories,
};

/** Asks the code hosts about every repository found, the most-starred first. */
export async function downloadRepositories(context: Context): Promise<Outcome> {
  const { config, log, shard } = context;
  const database = `${config.code_search.backend}_api`;
  const found = await requireSnapshot(context, database, "05_insert_search_results", context.input);

  const identity = { snapshot: found.parent, ...config.repositories };
  const complete = await completeDownload(context, KIND, identity);
  if (complete !== undefined) {
    return {
      summary: `Nothing new: ${complete.folder} has every repository of ${found.name}`,
      reasons: [],
      counts: complete.counts,
      inputs: [found.parent.file],
      outputs: complete.parents.map(({ file }) => file),
      upToDate: true,
    };
  }
  const repositories = (await foundRepositories(context, found, database))
    .filter((repository) => isOfShard(shard, repository.toLowerCase()));
  const run = await openRun(context, KIND, identity);
  try {
    log.info(`${formatCount(repositories.length)} repositories of ${found.name}`);
    return await download(context, run, repositories, found);
  } finally {
    run.close();
  }
}

/** Every repository with a mention, the most-starred first. */
async function foundRepositories(
  context: Context,
  found: Snapshot,
  database: string,
): Promise<string[]> {
  const db = await Database.open(context.paths.scratch);
  try {
    await db.attach(found.file, "found");
    const rows = await db.rows<{ repository: string }>(await Deno.readTextFile(FOUND_REPOSITORIES));
    return rows.map(({ repository }) => repository);
  } catch (error) {
    throw new StageError(
      `${found.name} cannot be read as a snapshot of "${database}": ${
        String(error).split("\n")[0]
      }: run "deno task 05_insert_search_results --force"`,
    );
  } finally {
    db.close();
  }
}

async function download(
  context: Context,
  run: DownloadRun,
  repositories: string[],
  found: Snapshot,
): Promise<Outcome> {
  const { config, env, log, now, paths } = context;
  const read = repositories.map((repository) =>
    parseRepository(repository, config.repositories.gitlab_hosts)
  );
  const refs = read.filter((ref): ref is RepositoryRef => "service" in ref);
  const notAsked = read.filter((ref) => "reason" in ref);
  const on = (service: string) => refs.filter((ref) => ref.service === service);

  const bar = log.bar("Querying code hosts", "repositories", refs.length);
  const known = answeredIn(run.entries());
  bar.advance(known.graphql.size + known.closed.size);
  const hosts = new CodeHosts(config, env, context, run, { bar, now });
  if (!hosts.hasToken && on("github").length > 0) {
    log.warn(
      "no GITHUB_TOKEN: GitHub answers 60 requests an hour, that is about 20 repositories, most-starred first; with a token (it needs no permission) it is thousands a minute",
    );
  }
  await hosts.askGithub(on("github"));
  await hosts.askGitlab(on("gitlab"));
  await hosts.askBitbucket(on("bitbucket"));
  bar.end();

  const { graphql, closed, failed } = answeredIn(run.entries());
  const unanswered = refs.map(({ repository }) => repository)
    .filter((name) => !graphql.has(name) && !closed.has(name))
    .map((repository) => ({ repository, reason: failed.get(repository) ?? "not yet asked" }));
  const reasons = [...hosts.reasons];
  if (unanswered.length > 0) {
    reasons.push(`${unanswered.length} of ${refs.length} repositories have no answer yet`);
  }
  const counts = {
    repositories: repositories.length,
    answered: refs.length - unanswered.length,
    unanswered: unanswered.length,
    not_asked: notAsked.length,
    requests: Object.values(hosts.requests).reduce((sum, count) => sum + count, 0),
    graphql_queries: hosts.requests.graphql ?? 0,
  };
  await run.seal({
    complete: reasons.length === 0,
    reasons,
    counts,
    details: { unanswered, not_asked: notAsked },
  }, now());
  return {
    summary: `${formatCount(counts.answered)} repositories answered with ${
      formatCount(counts.requests)
    } requests, ${formatCount(counts.not_asked)} on hosts without a client → ${run.folder}`,
    reasons,
    counts,
    inputs: [found.parent.file],
    outputs: [`${relative(paths.root, run.folder)}/manifest.json`],
  };
}

if (import.meta.main) await runAsScript(stage);
