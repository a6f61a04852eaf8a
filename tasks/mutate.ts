/**
 * Changes one line of the code at a time and runs the tests that guard it: a change that no test
 * notices is a rule that no test holds. Works on copies; the project's own files stay as they are.
 * Reads: tests/mutants/*.toml, the project's files
 * Writes: temporary folders, removed at the end
 */
import { runCommand } from "../lib/cli/command.ts";
import { UsageError } from "../lib/cli/errors.ts";
import type { Command, Given } from "../lib/cli/flags.ts";
import { createLog, formatSeconds, standardError } from "../lib/cli/progress.ts";
import { type Mutant, readMutants, sampleOf } from "./mutate/mutants.ts";
import { copyProject, type Result, tryMutant } from "./mutate/trial.ts";

const command: Command = {
  name: "mutate",
  action: "try the changes",
  description:
    "Change the code line by line and show which changes no test notices: --only, --sample",
  options: [
    { name: "only", value: "AREA", help: "the changes of one file of tests/mutants" },
    { name: "sample", value: "N", help: "so many of the changes, chosen by --seed" },
    { name: "seed", value: "N", help: "another number, another sample; default 1" },
  ],
};

/** Trials at once: each runs its tests in a process of its own. */
const PARALLEL = 2;

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, mutate));

/** Tries the chosen changes; the exit status is 1 where one went unnoticed or could not be made. */
export async function mutate({ flags, env }: Given): Promise<number> {
  const log = createLog("mutate", standardError(env("NO_COLOR") !== undefined));
  const all = await readMutants(flags.only as string | undefined);
  const chosen = sampleOf(all, numberOf(flags, "sample"), numberOf(flags, "seed") ?? 1);
  const results: Result[] = [];
  const bar = log.bar("Trying", "changes", chosen.length);
  const queue = [...chosen];
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    const copy = await copyProject();
    try {
      for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
        results.push(await tryMutant(copy, mutant));
        bar.advance(1);
      }
    } finally {
      await copy.remove();
    }
  }));
  bar.end();
  const failed = results.filter(({ outcome }) => outcome !== "noticed");
  for (const { mutant, outcome, seconds } of failed) {
    console.log(`${outcome}: ${nameOf(mutant)} (${formatSeconds(seconds)}): ${mutant.loses}`);
  }
  console.log(
    `${results.length - failed.length} of ${results.length} changes noticed`,
  );
  return failed.length === 0 ? 0 : 1;
}

function nameOf({ area, id, file }: Mutant): string {
  return `${area}/${id} in ${file}`;
}

function numberOf(flags: Record<string, unknown>, name: string): number | undefined {
  if (flags[name] === undefined) return undefined;
  const number = Number(flags[name]);
  if (!Number.isInteger(number) || number < 1) {
    throw new UsageError(`--${name} "${flags[name]}" is not a whole number above 0`);
  }
  return number;
}
