/** Clients and download runs for tests of code hosts and package indexes. */

import { join } from "node:path";
import { sitePaths } from "../../lib/storage/paths.ts";
import { DownloadRun } from "../../lib/storage/download_run.ts";
import { type Effects, HttpClient } from "../../lib/http/client.ts";
import { Database } from "../../lib/duckdb/database.ts";
import { buildModels } from "../../lib/duckdb/models.ts";
import type { PackageRecord } from "../../lib/reverse_dependencies/package_index.ts";
import {
  type RepositoryAnswer,
  repositoryAnswers,
} from "../../lib/reverse_dependencies/repository_answers.ts";
import { loadStaging } from "../../lib/reverse_dependencies/staging.ts";

export function effectsOf(fetchWith = globalThis.fetch): Effects {
  return {
    fetch: fetchWith,
    now: () => new Date(),
    random: () => 0,
    signal: new AbortController().signal,
    log: { info: () => {}, warn: () => {} },
    waitFactor: 0.02,
  };
}

export function clientOf(attempts = 3, timeoutSeconds = 5, signal?: AbortSignal): HttpClient {
  return new HttpClient({
    name: "the host",
    timeoutSeconds,
    attempts,
    requestsPerSecond: 1000,
    concurrency: 1,
    headers: { authorization: "Bearer token-of-the-test" },
  }, { ...effectsOf(), ...(signal === undefined ? {} : { signal }) });
}

/** Runs something with a fresh download run, which is removed afterwards. */
export async function withRun(work: (run: DownloadRun) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "run_" });
  const paths = sitePaths(join(folder, "artifacts"), "town");
  const run = await DownloadRun.begin(paths, "repositories", {}, new Date());
  try {
    await work(run);
  } finally {
    run.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Everything that a run says of repositories, by name. */
export async function answersOf(run: DownloadRun): Promise<Map<string, RepositoryAnswer>> {
  const answers = new Map<string, RepositoryAnswer>();
  for await (const answer of repositoryAnswers(run.folder, [...run.entries()])) {
    if (answers.has(answer.repository)) throw new Error(`${answer.repository} came twice`);
    answers.set(answer.repository, answer);
  }
  return answers;
}

/** The rows of a table of `reverse_dependencies` built from these answers and records. */
export async function buildTable<Row = Record<string, unknown>>(
  table: string,
  answers: Iterable<RepositoryAnswer>,
  records: Iterable<PackageRecord> = [],
): Promise<Row[]> {
  const db = await Database.open();
  try {
    await loadStaging(db, { repositories: each(answers), packages: each(records), unanswered: [] });
    await db.run("attach ':memory:' as built; use built");
    await buildModels(
      db,
      "reverse_dependencies",
      effectsOf().log as Parameters<typeof buildModels>[2],
    );
    return await db.rows<Row>(`select * from built.${table}`);
  } finally {
    db.close();
  }
}

async function* each<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}
