/**
 * Makes the bucket of the backup, or checks the one there is.
 * Reads: the settings of gs://$GCP_BUCKET/
 * Writes: gs://$GCP_BUCKET/ where there is none
 */
import { openBucket } from "../lib/backup/bucket.ts";
import type { BucketSettings } from "../lib/backup/bucket.ts";
import { BUCKET_OPTIONS, bucketContext } from "../lib/backup/bucket.ts";
import { runCommand } from "../lib/cli/command.ts";
import { StageError, UsageError } from "../lib/cli/errors.ts";
import type { Command, Given } from "../lib/cli/flags.ts";

const command: Command = {
  name: "create_bucket",
  action: "create the bucket",
  description: "Create the bucket GCP_BUCKET, or check the existing one",
  options: [
    { name: "location", value: "PLACE", help: "e.g. EUROPE-WEST6 or EU; or GCP_LOCATION" },
    ...BUCKET_OPTIONS.filter(({ name }) => name !== "artifacts-dir"),
  ],
};

const TWO_WEEKS_SECONDS = 14 * 24 * 3600;

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, createBucket));

/** Makes the bucket; of one that is there already it says what differs. Gives the exit status. */
export async function createBucket(given: Given): Promise<number> {
  const { endpoint, effects } = await bucketContext(command.name, given);
  const storage = openBucket(given.env, endpoint, effects);
  const location = (given.flags.location as string | undefined) ?? given.env("GCP_LOCATION");
  if (!location) {
    throw new UsageError(
      "no location given: pass --location PLACE (e.g. EUROPE-WEST6) or set GCP_LOCATION",
    );
  }
  const wanted: BucketSettings = {
    location: location.toUpperCase(),
    softDeleteSeconds: TWO_WEEKS_SECONDS,
    hasUniformAccess: true,
    preventsPublicAccess: true,
  };
  const found = await storage.settings();
  if (found === undefined) {
    await storage.create(wanted);
    console.log(`${storage.url("")} made in ${wanted.location}: ${describe(wanted).join(", ")}`);
    return 0;
  }
  const differences = differencesOf(found, wanted);
  if (differences.length > 0) {
    throw new StageError(
      `${storage.url("")} is there and differs: ${differences.join("; ")}: change it with ` +
        `"gcloud storage buckets update" or name another bucket`,
    );
  }
  console.log(`${storage.url("")} is there as wanted: ${describe(found).join(", ")}`);
  return 0;
}

function describe(settings: BucketSettings): string[] {
  return [
    `location ${settings.location}`,
    `soft delete ${settings.softDeleteSeconds / 86400} days`,
    `uniform access ${settings.hasUniformAccess ? "on" : "off"}`,
    `public access prevention ${settings.preventsPublicAccess ? "on" : "off"}`,
  ];
}

/** A longer soft delete is no difference that matters. */
function differencesOf(found: BucketSettings, wanted: BucketSettings): string[] {
  const kept = Math.max(found.softDeleteSeconds, wanted.softDeleteSeconds);
  const targets = describe({ ...wanted, softDeleteSeconds: kept });
  const here = { ...found, location: found.location.toUpperCase() };
  return describe(here).flatMap((text, index) =>
    text === targets[index] ? [] : [`${text}, expected ${targets[index]}`]
  );
}
