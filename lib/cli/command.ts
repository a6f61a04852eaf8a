/**
 * The frame of every command: flags, help, one-line errors, exit status.
 *
 * @module
 */
import { readEnvironment } from "./environment.ts";
import { fullDisk, messageOf, printable, UsageError } from "./errors.ts";
import { type Command, type Given, readFlags, type Surroundings, usage } from "./flags.ts";
import { writeError } from "./progress.ts";

/** Thrown into everything that waits when the person or the system ends the run. */
export class Interruption extends Error {
  constructor(readonly exit: number) {
    super("stopped");
  }
}

/**
 * Runs a command with the arguments of the command line and gives its exit status.
 * @param surroundings what is not given is the process's own
 */
export async function runCommand(
  command: Command,
  args: string[],
  body: (given: Given) => Promise<number>,
  surroundings: Partial<Surroundings> = {},
): Promise<number> {
  const { stderr = writeError, waitFactor = 1 } = surroundings;
  let flags: Record<string, unknown> = {};
  try {
    flags = readFlags(command, args);
    if (flags.help) {
      console.log(usage(command));
      return 0;
    }
    const env = surroundings.env ?? await readEnvironment();
    return await body({ flags, env, stderr, waitFactor });
  } catch (error) {
    return reportError(command, error, flags.debug === true, stderr);
  }
}

/** Prints an error as one line on standard error, with its stack where requested; gives the exit status. */
export function reportError(
  command: Command,
  error: unknown,
  debug: boolean,
  stderr: (text: string) => void,
): number {
  if (debug && error instanceof Error) stderr(`${error.stack}\n`);
  if (error instanceof Interruption) {
    stderr("Stopped: finished work is kept, run the same command again to continue\n");
    return error.exit;
  }
  const lines = error instanceof UsageError ? error.faults : [messageOf(fullDisk(error) ?? error)];
  for (const line of lines) stderr(`${printable(`Cannot ${command.action}: ${line}`)}\n`);
  return error instanceof UsageError ? 2 : 1;
}
