import { dirname } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { type SitePaths, sitePaths } from "./artifacts.ts";
import { type Config, readConfig } from "./config.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import { messageOf, UsageError } from "./errors.ts";
import { type Command, readFlags, usage } from "./flags.ts";
import type { Outside } from "./http.ts";
import { lock } from "./lock.ts";
import { createLog, formatSeconds, type Log, standardError } from "./progress.ts";

/** The frame of every stage: flags, config, lock, run record, one-line errors, exit status. */

/** What a stage says of itself, and its one verb. */
export interface Stage extends Command {
  /** What it does, as it stands after "Cannot": "clean datasets". */
  action: string;
  run(context: Context): Promise<Outcome>;
}

/** Everything a stage works with; the outside world comes in here and nowhere else. */
export interface Context {
  stage: string;
  config: Config;
  paths: SitePaths;
  force: boolean;
  /** The snapshot to use instead of the newest. */
  input?: string;
  /** The stage's own flags. */
  flags: Record<string, unknown>;
  env: Environment;
  log: Log;
  /** For HTTP clients. */
  outside: Outside;
  now: () => Date;
}

/** How a stage ended, when it did not throw. */
export interface Outcome {
  /** The last line, for the person who waits: what was made and where it lies. */
  summary: string;
  /** Why the result is not complete; with any the exit status is 3. */
  reasons: string[];
  counts: Record<string, number>;
  /** Files it was made from and files it made, under the artifacts directory. */
  inputs: string[];
  outputs: string[];
  /** Nothing was to be done. */
  upToDate?: boolean;
}

/** One line of `runs.ndjson`. */
export interface RunRecord extends Partial<Outcome> {
  stage: string;
  started_at: string;
  finished_at: string;
  seconds: number;
  status: "complete" | "incomplete" | "up_to_date" | "failed" | "interrupted";
  exit: number;
  error?: string;
}

/** Thrown into everything that waits when the person or the system ends the run. */
class Interruption extends Error {
  constructor(readonly exit: number) {
    super("stopped");
  }
}

/** Runs a stage as a script: flags from the command line, exit status to the shell. */
export async function runAsScript(stage: Stage): Promise<never> {
  Deno.exit(await runStage(stage, Deno.args));
}

/** Runs a stage with command-line arguments and gives its exit status. */
export async function runStage(stage: Stage, args: string[]): Promise<number> {
  const env = await readEnvironment();
  let flags: Record<string, unknown> = {};
  try {
    flags = readFlags(stage, args);
    if (flags.help) {
      console.log(usage(stage));
      return 0;
    }
    const file = (flags["config-file"] as string | undefined) ?? env("CONFIG_PATH");
    if (!file) {
      throw new UsageError(
        "no config file given: pass --config-file configs/<site>.toml or set CONFIG_PATH",
      );
    }
    const root = (flags["artifacts-dir"] as string | undefined) ?? env("ARTIFACTS_DIR");
    const config = await readConfig(file);
    return await record(stage, config, sitePaths(root ?? "artifacts", config.site.short_name), {
      flags,
      env,
    });
  } catch (error) {
    return report(stage, error, flags.debug === true);
  }
}

async function record(
  stage: Stage,
  config: Config,
  paths: SitePaths,
  given: { flags: Record<string, unknown>; env: Environment },
): Promise<number> {
  const unlock = await lock(paths, stage.name);
  const controller = new AbortController();
  const stopListening = onSignals((exit) => controller.abort(new Interruption(exit)));
  const log = createLog(stage.name, standardError(given.env("NO_COLOR") !== undefined));
  const started = new Date();
  const end = async (rest: Omit<RunRecord, "stage" | "started_at" | "finished_at" | "seconds">) => {
    const finished = new Date();
    await appendRun(paths, {
      stage: stage.name,
      started_at: started.toISOString(),
      finished_at: finished.toISOString(),
      seconds: (finished.getTime() - started.getTime()) / 1000,
      ...rest,
    });
    return rest.exit;
  };
  try {
    const outcome = await stage.run({
      stage: stage.name,
      config,
      paths,
      force: given.flags.force === true,
      input: given.flags.input as string | undefined,
      flags: given.flags,
      env: given.env,
      log,
      outside: {
        fetch: globalThis.fetch,
        now: Date.now,
        random: Math.random,
        signal: controller.signal,
        log,
      },
      now: () => new Date(),
    });
    const incomplete = outcome.reasons.length > 0;
    for (const reason of outcome.reasons) log.warn(`incomplete: ${reason}`);
    const seconds = (Date.now() - started.getTime()) / 1000;
    log.info(`${outcome.summary} · ${formatSeconds(seconds)}`);
    const status = incomplete ? "incomplete" : outcome.upToDate ? "up_to_date" : "complete";
    return await end({ ...outcome, status, exit: incomplete ? 3 : 0 });
  } catch (error) {
    const exit = report(stage, error, given.flags.debug === true);
    const status = error instanceof Interruption ? "interrupted" : "failed";
    return await end({ status, exit, error: messageOf(error) });
  } finally {
    stopListening();
    unlock();
  }
}

/** The error as one line on standard error; gives the exit status. */
function report(stage: Stage, error: unknown, debug: boolean): number {
  if (debug && error instanceof Error) console.error(error.stack);
  if (error instanceof Interruption) {
    console.error(`Stopped: what was finished is kept, the same command goes on from there`);
    return error.exit;
  }
  const lines = error instanceof UsageError ? error.faults : [messageOf(error)];
  for (const line of lines) console.error(`Cannot ${stage.action}: ${line}`);
  return error instanceof UsageError ? 2 : 1;
}

/** SIGINT gives 130, SIGTERM 143, as shells do. */
function onSignals(stop: (exit: number) => void): () => void {
  const interrupt = () => stop(130);
  const terminate = () => stop(143);
  Deno.addSignalListener("SIGINT", interrupt);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", terminate);
  return () => {
    Deno.removeSignalListener("SIGINT", interrupt);
    if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGTERM", terminate);
  };
}

async function appendRun(paths: SitePaths, run: RunRecord): Promise<void> {
  await ensureDir(dirname(paths.runs));
  await Deno.writeTextFile(paths.runs, JSON.stringify(run) + "\n", { append: true });
}
