import { CloudStorage } from "./cloud_storage.ts";
import type { Environment } from "../cli/environment.ts";
import { UsageError } from "../cli/errors.ts";
import type { Effects } from "../http/client.ts";
import { formatCount } from "../cli/progress.ts";

/**
 * The bucket that the environment names.
 * @throws {UsageError} that names the variables that are missing.
 */
export function openBucket(env: Environment, endpoint: string, effects: Effects): CloudStorage {
  const bucket = env("GCP_BUCKET");
  const project = env("GCP_PROJECT");
  if (bucket && project) return new CloudStorage({ bucket, project, endpoint }, effects);
  const missing = [!bucket && "GCP_BUCKET", !project && "GCP_PROJECT"].filter((name) => name);
  throw new UsageError(
    `${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not set: ` +
      `set ${missing.length > 1 ? "them" : "it"} in the environment or in .env`,
  );
}

/** `12 requests`, tries included. */
export function formatRequests({ requests }: CloudStorage): string {
  return `${formatCount(requests)} ${requests === 1 ? "request" : "requests"}`;
}
