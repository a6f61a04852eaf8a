import { type Environment, readEnvironment } from "./environment.ts";
import { fullDisk, messageOf, UsageError } from "./errors.ts";
import { type Command, type Given, readFlags, usage } from "./flags.ts";

/** The frame of every command: flags, help, one-line errors, exit status. */

/** Thrown into everything that waits when the person or the system ends the run. */
export class Interruption extends Error {
  constructor(readonly exit: number) {
    super("stopped");
  }
}

/**
 * Runs a command with the arguments of the command line and gives its exit status.
 * @param env what the command takes for its environment; the process's own where it is not given
 */
export async function runCommand(
  command: Command,
  args: string[],
  body: (given: Given) => Promise<number>,
  env?: Environment,
): Promise<number> {
  let flags: Record<string, unknown> = {};
  try {
    flags = readFlags(command, args);
    if (flags.help) {
      console.log(usage(command));
      return 0;
    }
    return await body({ flags, env: env ?? await readEnvironment() });
  } catch (error) {
    return reportError(command, error, flags.debug === true);
  }
}

/** Tells an error as one line on standard error, with its stack where asked for; gives the exit status. */
export function reportError(command: Command, error: unknown, debug: boolean): number {
  if (debug && error instanceof Error) console.error(error.stack);
  if (error instanceof Interruption) {
    console.error("Stopped: what was finished is kept, the same command goes on from there");
    return error.exit;
  }
  const lines = error instanceof UsageError ? error.faults : [messageOf(fullDisk(error) ?? error)];
  for (const line of lines) console.error(`Cannot ${command.action}: ${line}`);
  return error instanceof UsageError ? 2 : 1;
}
