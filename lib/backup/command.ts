import { readConfig } from "../pipeline/config.ts";
import { artifactsDirOf, type Given, type Option } from "../cli/flags.ts";
import type { Effects } from "../http/client.ts";
import { createLog, type Log, standardError } from "../cli/progress.ts";

/** What the bucket's commands, which are no stages of one site, have in common. */

/** Flags of these commands; the config is only for another endpoint. */
export const BUCKET_OPTIONS: Option[] = [
  {
    name: "config-file",
    value: "FILE",
    help: "a config whose backup.api_endpoint is to be used; or CONFIG_PATH; default none",
  },
  {
    name: "artifacts-dir",
    value: "DIR",
    help: "the artifacts directory; or ARTIFACTS_DIR; default artifacts",
  },
];

/** What such a command works with. */
export interface BucketContext {
  root: string;
  endpoint: string;
  log: Log;
  effects: Effects;
}

/** Reads what the flags and the environment say. */
export async function bucketContext(name: string, given: Given): Promise<BucketContext> {
  const file = (given.flags["config-file"] as string | undefined) ?? given.env("CONFIG_PATH");
  const config = file ? await readConfig(file) : undefined;
  const log = createLog(name, standardError(given.env("NO_COLOR") !== undefined, given.stderr));
  return {
    root: artifactsDirOf(given),
    endpoint: config?.backup.api_endpoint ?? "",
    log,
    effects: {
      fetch: globalThis.fetch,
      now: () => new Date(),
      random: Math.random,
      waitFactor: given.waitFactor,
      signal: new AbortController().signal,
      log,
    },
  };
}
