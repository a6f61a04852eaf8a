// Loads what is known of the repositories, their manifests and their packages into tables.
// Reads: newest sealed artifacts/{site}/downloads/repositories/{run}/ and
//        artifacts/{site}/downloads/dependents/{run}/
// Writes: snapshot reverse_dependencies with repositories, manifests, packages,
//         repository_packages, unanswered_repositories
import { relative } from "node:path";
import { StageError } from "../lib/errors.ts";
import { requireSealedRun } from "../lib/inputs.ts";
import { buildModels } from "../lib/models.ts";
import { formatCount } from "../lib/progress.ts";
import { packageRecords } from "../lib/reverse_dependencies/package_records.ts";
import { repositoryAnswers } from "../lib/reverse_dependencies/repository_answers.ts";
import { loadStaging } from "../lib/reverse_dependencies/staging.ts";
import { sealedEntries, type SealedRun } from "../lib/sealed_runs.ts";
import { publishSnapshot } from "../lib/snapshots.ts";
import { type Context, type Outcome, runAsScript, type Stage } from "../lib/stage.ts";

const DATABASE = "reverse_dependencies";

/** Raised when the same answers are read in another way. */
const READING = 1;

/** The stage as the pipeline runs it. */
export const stage: Stage = {
  name: "08_insert_dependents",
  action: "insert dependents",
  description: "Load repositories, packages and dependents → snapshot reverse_dependencies",
  run: insertDependents,
};

/** Builds the tables from both downloads and publishes them. */
export async function insertDependents(context: Context): Promise<Outcome> {
  const repositories = await requireSealedRun(context, "repositories", "06_download_repositories");
  const dependents = await requireSealedRun(context, "dependents", "07_download_dependents");
  checkThatTheyFit(repositories, dependents);
  const reasons = [...new Set([...repositories.seal.reasons, ...dependents.seal.reasons])];
  const { snapshot, upToDate } = await publishSnapshot(context, {
    database: DATABASE,
    stage: stage.name,
    parents: [repositories.parent, dependents.parent],
    complete: reasons.length === 0,
    reasons,
    settings: { reading: READING },
  }, async (db) => {
    context.log.info(`Loading ${repositories.name} and ${dependents.name}`);
    const { unanswered, not_asked } = repositories.seal.details as unknown as Unanswered;
    await loadStaging(db, context.paths.scratch, {
      repositories: repositoryAnswers(repositories.folder, await sealedEntries(repositories)),
      packages: packageRecords(dependents.folder, await sealedEntries(dependents)),
      unanswered: [...unanswered, ...not_asked],
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
    inputs: [repositories.parent.file, dependents.parent.file],
    outputs: [relative(context.paths.root, snapshot.file)],
    upToDate,
  };
}

interface Unanswered {
  unanswered: { repository: string; reason: string }[];
  not_asked: { repository: string; reason: string }[];
}

/** Packages of other repositories than those at hand would be taken for theirs. */
function checkThatTheyFit(repositories: SealedRun, dependents: SealedRun): void {
  const parent = dependents.seal.identity.repositories as { sha256?: string } | undefined;
  if (parent?.sha256 === repositories.parent.sha256) return;
  throw new StageError(
    `the newest download of dependents, "${dependents.name}", does not belong to the newest one of repositories, "${repositories.name}": run "deno task 07_download_dependents" first`,
  );
}

if (import.meta.main) await runAsScript(stage);
