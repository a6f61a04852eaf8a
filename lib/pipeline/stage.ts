/**
 * The frame of every stage: flags, config, lock, run record, one-line errors, exit status.
 *
 * @module
 */
import { lockName, type SitePaths, sitePaths } from "../storage/paths.ts";
import { Interruption, reportError, runCommand } from "../cli/command.ts";
import { type Config, readConfig } from "./config.ts";
import type { Environment } from "../cli/environment.ts";
import { fullDisk, messageOf } from "../cli/errors.ts";
import {
  artifactsDirOf,
  type Command,
  configFileOf,
  type Given,
  type Option,
  SITE_OPTIONS,
  type Surroundings,
} from "../cli/flags.ts";
import type { Effects } from "../http/client.ts";
import { lock } from "./lock.ts";
import { createLog, formatSeconds, type Log, standardError } from "../cli/progress.ts";
import { appendRun, type Outcome, type RunRecord } from "./run_log.ts";

import { nameOfShard, readShard, type Shard, SHARD_OPTION } from "../storage/shards.ts";

/** What a stage says of itself, and its one verb. */
export interface Stage extends Command {
  /** Whether it takes `--input FILE`. */
  takesInput?: boolean;
  /** Whether it takes `--shard I/N`. */
  takesShard?: boolean;
  /** Whether no other stage of the site may run meanwhile. */
  isAlone?: boolean;
  run(context: Context): Promise<Outcome>;
}

/**
 * Everything a stage works with. Network, clock, randomness, signals and log come in here and
 * nowhere else; a context can be given to any HTTP client.
 */
export interface Context extends Effects {
  stage: string;
  config: Config;
  paths: SitePaths;
  force: boolean;
  /** The snapshot to use instead of the newest. */
  input?: string;
  /** The part of the work that this process has; undefined where it has all. */
  shard?: Shard;
  /** The stage's own flags. */
  flags: Record<string, unknown>;
  env: Environment;
  log: Log;
}

const INPUT: Option = {
  name: "input",
  value: "FILE",
  help: "use this snapshot instead of the newest",
};
/** How long a stage may take to end by itself after a signal. */
const GRACE_MS = 1000;

/** Runs a stage as a script: flags from the command line, exit status to the shell. */
export async function runAsScript(stage: Stage): Promise<never> {
  Deno.exit(await runStage(stage, Deno.args));
}

/**
 * Runs a stage with command-line arguments and, where given, another environment; gives its exit status.
 * @param onRun gets what goes into the list of runs; a stage that does not begin has nothing there
 */
export function runStage(
  stage: Stage,
  args: string[],
  surroundings?: Partial<Surroundings>,
  onRun: (run: RunRecord) => void = () => {},
): Promise<number> {
  const options = [
    ...(stage.takesInput ? [INPUT] : []),
    ...(stage.options ?? []),
    ...(stage.takesShard ? [SHARD_OPTION] : []),
    ...SITE_OPTIONS,
  ];
  return runCommand({ ...stage, options }, args, async (given) => {
    const config = await readConfig(configFileOf(given));
    return await record(stage, config, given, onRun);
  }, surroundings);
}

async function record(
  stage: Stage,
  config: Config,
  given: Given,
  onRun: (run: RunRecord) => void,
): Promise<number> {
  const paths = sitePaths(artifactsDirOf(given), config.site.short_name);
  const shard = stage.takesShard ? readShard(given) : undefined;
  const part = shard && nameOfShard(shard);
  const unlock = await lock(paths, lockName(stage.name, part), { alone: stage.isAlone });
  const log = createLog(
    [stage.name, part].filter(Boolean).join(" "),
    standardError(given.env("NO_COLOR") !== undefined, given.stderr),
  );
  const started = new Date();
  const debug = given.flags.debug === true;
  const end = (rest: Partial<Outcome> & Pick<RunRecord, "status" | "exit" | "error">) => {
    const finished = new Date();
    const run: RunRecord = {
      stage: stage.name,
      ...(part === undefined ? {} : { shard: part }),
      started_at: started.toISOString(),
      finished_at: finished.toISOString(),
      seconds: (finished.getTime() - started.getTime()) / 1000,
      ...rest,
    };
    try {
      appendRun(paths, run);
    } catch (error) {
      // the stage has ended as it has, with or without its line; a failure was reported already
      if (rest.error === undefined) log.warn(`no line in ${paths.runs}: ${messageOf(error)}`);
    }
    onRun(run);
    return rest.exit;
  };
  const fail = (thrown: unknown) => {
    const error = fullDisk(thrown, paths.root) ?? thrown;
    const status = error instanceof Interruption ? "interrupted" : "failed";
    return end({
      status,
      exit: reportError(stage, error, debug, given.stderr),
      error: messageOf(error),
    });
  };
  const { signal, stopListening } = listenForSignals((interruption) => {
    // a query that runs inside DuckDB hears no signal; nothing half done is visible, so it may be cut
    Deno.exit(fail(interruption));
  });
  try {
    const outcome = await stage.run({
      stage: stage.name,
      config,
      paths,
      force: given.flags.force === true,
      input: given.flags.input as string | undefined,
      shard,
      flags: given.flags,
      env: given.env,
      log,
      fetch: globalThis.fetch,
      now: () => new Date(),
      random: Math.random,
      signal,
      sharers: shard?.of,
      waitFactor: given.waitFactor,
    });
    const incomplete = outcome.reasons.length > 0;
    for (const reason of outcome.reasons) log.warn(`incomplete: ${reason}`);
    const seconds = (Date.now() - started.getTime()) / 1000;
    log.info(`${outcome.summary} · ${formatSeconds(seconds)}`);
    const status = incomplete ? "incomplete" : outcome.upToDate ? "up_to_date" : "complete";
    return end({ ...outcome, status, exit: incomplete ? 3 : 0 });
  } catch (error) {
    return fail(error);
  } finally {
    stopListening();
    unlock();
  }
}

/**
 * SIGINT gives exit status 130, SIGTERM 143, as shells do. The signal goes to everything that waits;
 * what has not ended after a moment is ended by `cut`.
 */
export function listenForSignals(cut: (interruption: Interruption) => void) {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (exit: number) => {
    const interruption = new Interruption(exit);
    if (controller.signal.aborted) return cut(interruption);
    controller.abort(interruption);
    timer = setTimeout(() => cut(interruption), GRACE_MS);
  };
  const signals: [Deno.Signal, () => void][] = [["SIGINT", () => stop(130)]];
  if (Deno.build.os !== "windows") signals.push(["SIGTERM", () => stop(143)]);
  for (const [name, listener] of signals) Deno.addSignalListener(name, listener);
  return {
    signal: controller.signal,
    stopListening: () => {
      clearTimeout(timer);
      for (const [name, listener] of signals) Deno.removeSignalListener(name, listener);
    },
  };
}
