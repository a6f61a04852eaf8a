// Loads what is known of the repositories, their manifests and their packages into tables.
// Reads: newest sealed artifacts/{site}/downloads/repositories/{run}/ and
//        artifacts/{site}/downloads/dependents/{run}/, or all their shards
// Writes: snapshot reverse_dependencies with repositories, manifests, packages,
//         repository_packages, unanswered_repositories
import { relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { StageError } from "../lib/cli/errors.ts";
import { requireDownload } from "../lib/pipeline/inputs.ts";
import { buildModels } from "../lib/duckdb/models.ts";
import { formatCount } from "../lib/cli/progress.ts";
import { type PackageRecord, packageRecords } from "../lib/reverse_dependencies/package_index.ts";
import {
  type RepositoryAnswer,
  repositoryAnswers,
} from "../lib/reverse_dependencies/repository_answers.ts";
import { loadStaging } from "../lib/reverse_dependencies/staging.ts";
import { sealedEntries } from "../lib/storage/sealed_run.ts";
import { publishSnapshot } from "../lib/duckdb/publish_snapshot.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";
import { type Download, inputOf } from "../lib/storage/merged_downloads.ts";

const DATABASE = "reverse_dependencies";

/** The stage as the pipeline runs it. */
export const stage: Stage = {
  name: "08_insert_dependents",
  action: "insert dependents",
  description: "Load repositories, packages and dependents → snapshot reverse_dependencies",
  run: insertDependents,
};

/** Builds the tables from both downloads and publishes them. */
export async function insertDependents(context: Context): Promise<Outcome> {
  const repositories = await requireDownload(context, "repositories", "06_download_repositories");
  const dependents = await requireDownload(context, "dependents", "07_download_dependents");
  checkThatTheyFit(repositories, dependents);
  const reasons = [...new Set([...repositories.reasons, ...dependents.reasons])];
  const { snapshot, upToDate } = await publishSnapshot(context, {
    database: DATABASE,
    stage: stage.name,
    parents: [...repositories.parents, ...dependents.parents],
    complete: reasons.length === 0,
    reasons,
  }, async (db) => {
    context.log.info(`Loading ${repositories.name} and ${dependents.name}`);
    await loadStaging(db, {
      repositories: answersOf(repositories),
      packages: recordsOf(dependents),
      unanswered: repositories.runs.flatMap(({ seal }) => {
        const { unanswered, not_asked } = seal.details as unknown as Unanswered;
        return [...unanswered, ...not_asked];
      }),
    });
    await buildModels(db, DATABASE, context.log);
    await db.run("detach staging");
  });
  const { tables } = snapshot.manifest;
  const what = `${formatCount(tables.repositories ?? 0)} repositories and ${
    formatCount(tables.packages ?? 0)
  } packages in ${snapshot.file}`;
  return {
    summary: upToDate ? `Nothing new to insert: ${what}` : `Inserted ${what}`,
    reasons: [],
    counts: tables,
    inputs: [...repositories.parents, ...dependents.parents].map(({ file }) => file),
    outputs: [relative(context.paths.root, snapshot.file)],
    upToDate,
  };
}

interface Unanswered {
  unanswered: { repository: string; reason: string }[];
  not_asked: { repository: string; reason: string }[];
}

async function* answersOf(repositories: Download): AsyncGenerator<RepositoryAnswer> {
  for (const run of repositories.runs) {
    yield* repositoryAnswers(run.folder, await sealedEntries(run));
  }
}

async function* recordsOf(dependents: Download): AsyncGenerator<PackageRecord> {
  for (const run of dependents.runs) {
    yield* packageRecords(run.folder, await sealedEntries(run));
  }
}

/** Packages of other repositories than those at hand would be taken for theirs. */
function checkThatTheyFit(repositories: Download, dependents: Download): void {
  if (isDeepStrictEqual(dependents.identity.repositories, inputOf(repositories))) return;
  throw new StageError(
    `the newest download of dependents, "${dependents.name}", does not belong to the newest one of repositories, "${repositories.name}": run "deno task 07_download_dependents" first`,
  );
}

if (import.meta.main) await runAsScript(stage);
