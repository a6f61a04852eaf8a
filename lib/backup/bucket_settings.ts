import type { BucketMetadata } from "@google-cloud/storage";

/** Settings of a bucket, as far as this project cares. */
export interface BucketSettings {
  /** `EU`, `EUROPE-WEST6`. */
  location: string;
  /** How long a deleted object can be had back. */
  softDeleteSeconds: number;
  hasUniformAccess: boolean;
  preventsPublicAccess: boolean;
}

/** What the service says of a bucket, in this project's words; what it leaves out is off. */
export function settingsOf(metadata: BucketMetadata): BucketSettings {
  const access = metadata.iamConfiguration;
  return {
    location: metadata.location ?? "",
    softDeleteSeconds: Number(metadata.softDeletePolicy?.retentionDurationSeconds ?? 0),
    hasUniformAccess: access?.uniformBucketLevelAccess?.enabled === true,
    preventsPublicAccess: access?.publicAccessPrevention === "enforced",
  };
}

/** The settings as the service wants them for a new bucket. */
export function metadataOf(settings: BucketSettings) {
  return {
    location: settings.location,
    softDeletePolicy: { retentionDurationSeconds: settings.softDeleteSeconds },
    iamConfiguration: {
      uniformBucketLevelAccess: { enabled: settings.hasUniformAccess },
      publicAccessPrevention: settings.preventsPublicAccess ? "enforced" : "inherited",
    },
  };
}
