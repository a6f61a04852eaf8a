/**
 * Runs stages of the pipeline where the disk dies with the machine, as in a container of a job:
 * gets from the bucket what the stages read, runs them, copies what came to the bucket.
 * Reads: gs://$GCP_BUCKET/: of the site, the newest of each database and of each download
 * Writes: what the stages write; gs://$GCP_BUCKET/
 */
import { runCommand } from "../lib/cli/command.ts";
import { readConfig } from "../lib/pipeline/config.ts";
import { type Command, configFileOf, type Given, SITE_OPTIONS } from "../lib/cli/flags.ts";
import { runStage } from "../lib/pipeline/stage.ts";
import { stage as backUpArtifacts } from "./11_back_up_artifacts.ts";
import { argumentsOf, PIPELINE_OPTIONS, runPipeline } from "./pipeline.ts";
import { restoreArtifacts } from "./restore_artifacts.ts";

const command: Command = {
  name: "run_in_container",
  action: "run in the container",
  description:
    "Restore from the bucket GCP_BUCKET what stages read, run them as pipeline does, back up what they made",
  options: [...PIPELINE_OPTIONS, ...SITE_OPTIONS],
};

/** A datetime that nothing is younger than: the newest of each is wanted. */
const END_OF_TIME = "99991231T235959Z";

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, runInContainer));

/** Gives the exit status of the stages, or that of a backup that failed. */
export async function runInContainer(given: Given): Promise<number> {
  const { flags } = given;
  const { site } = await readConfig(configFileOf(given));
  const wanted = { ...flags, site: site.short_name, time: END_OF_TIME };
  await restoreArtifacts({ ...given, flags: wanted }, { mayBeEmpty: true });
  const status = await runPipeline(given);
  if (status === 2) return status;
  // after a failed stage too: what those before it made is finished, and an incomplete run continues from there
  const backup = await runStage(backUpArtifacts, argumentsOf(flags), given);
  return backup === 0 ? status : backup;
}
