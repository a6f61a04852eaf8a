// Builds and checks the tables of who mentions which data, from catalogue and code search.
// Reads: newest snapshot clean_ckan_api and newest <backend>_api of every backend; where they
//        exist also ckan_api (for topics), earlier clean_ckan_api (for what changed), earlier
//        <backend>_api (for the trend) and reverse_dependencies (for facts of the repositories)
// Writes: read_only/{site}/final_{datetime}.db and its manifest
import { allSnapshots, attachInputs, findInputs } from "../lib/final/inputs.ts";
import { makeJudgements } from "../lib/final/judgements.ts";
import { requireSnapshot } from "../lib/pipeline/inputs.ts";
import { urlReader } from "../lib/code_search/match/urls.ts";
import { buildModels } from "../lib/duckdb/models.ts";
import { formatCount } from "../lib/cli/progress.ts";
import { publishSnapshot } from "../lib/duckdb/publish_snapshot.ts";
import { readSnapshot } from "../lib/storage/snapshots.ts";
import { type Context, runAsScript, type Stage } from "../lib/pipeline/stage.ts";
import type { Outcome } from "../lib/pipeline/run_log.ts";

/** The stage as the pipeline runs it. */
export const stage: Stage = {
  name: "09_build_final",
  action: "build the final tables",
  description: "Build and check the final tables: clean_ckan_api + <backend>_api → snapshot final",
  takesInput: true,
  run: buildFinal,
};

/** Unites the newest snapshots into the final tables. */
export async function buildFinal(context: Context): Promise<Outcome> {
  const { paths, config } = context;
  const given = context.input === undefined ? undefined : await readSnapshot(paths, context.input);
  const replaces = (database: string) =>
    given?.manifest.database === database ? context.input : undefined;
  const clean = await requireSnapshot(
    context,
    "clean_ckan_api",
    "03_clean_datasets",
    replaces("clean_ckan_api"),
  );
  const wanted = `${config.code_search.backend}_api`;
  await requireSnapshot(context, wanted, "05_insert_search_results", replaces(wanted));
  const inputs = await findInputs(paths, clean, given);

  const parents = allSnapshots(inputs);
  const newest = [clean, ...inputs.searches.map((it) => it.snapshot), inputs.dependents];
  const reasons = [...new Set(newest.flatMap((snapshot) => snapshot?.manifest.reasons ?? []))];
  const { snapshot, upToDate } = await publishSnapshot(context, {
    database: "final",
    stage: stage.name,
    parents: parents.map((it) => it.parent),
    complete: reasons.length === 0,
    reasons,
    settings: {
      portal_hosts: config.site.portal_hosts,
      host_aliases: config.site.host_aliases,
      own_owners: config.site.own_owners,
    },
  }, async (db) => {
    const backends = inputs.searches.map((it) => it.backend).join(", ");
    context.log.info(`Uniting the catalogue with what was found through ${backends}`);
    const { portal_hosts: portalHosts, host_aliases: hostAliases } = config.site;
    const readUrl = urlReader(hostAliases);
    await attachInputs(db, inputs, { portalHosts, readUrl }, context.log);
    await makeJudgements(db, config.site);
    await buildModels(db, "final", context.log);
  });

  const { tables } = snapshot.manifest;
  const pairs = tables.final_dataset_repository_mappings ?? 0;
  const repositories = tables.final_repositories ?? 0;
  return {
    summary: upToDate
      ? `Nothing new: ${snapshot.file} is up to date`
      : `${formatCount(repositories)} repositories, ${formatCount(pairs)} pairs of dataset and ` +
        `repository → ${snapshot.file}`,
    reasons,
    counts: tables,
    inputs: parents.map((it) => it.parent.file),
    outputs: [snapshot.parent.file],
    upToDate,
  };
}

if (import.meta.main) await runAsScript(stage);
