import { sitePaths } from "../../lib/storage/paths.ts";
import { parseConfig } from "../../lib/pipeline/config.ts";
import type { Context } from "../../lib/pipeline/stage.ts";

const SILENT = {
  info: () => {},
  warn: () => {},
  bar: () => ({ advance: () => {}, end: () => {} }),
};

/** What a stage gets when it runs without a process of its own; it says nothing. */
export function contextFor(
  artifacts: string,
  endpointUrl: string,
  download: string,
  more: { flags?: Record<string, unknown>; now?: () => number; signal?: AbortSignal } = {},
): Context {
  // an invented clock runs on all the same: the pace of requests waits for it
  const [given, started] = [more.now, performance.now()];
  const now = given === undefined ? Date.now : () => given() + (performance.now() - started);
  return {
    stage: "test",
    config: parseConfig(
      `[site]\nshort_name = "harvested"\npackage_search_endpoint_url = "${endpointUrl}"\n` +
        `[download]\nrequests_per_second = 1e6\n${download}\n`,
      "harvested.toml",
    ),
    paths: sitePaths(artifacts, "harvested"),
    force: false,
    flags: more.flags ?? {},
    env: () => undefined,
    log: SILENT,
    fetch: globalThis.fetch,
    now: () => new Date(now()),
    random: Math.random,
    signal: more.signal ?? new AbortController().signal,
    waitFactor: 0.02,
  };
}
