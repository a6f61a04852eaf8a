/**
 * Runs the stages 01 to 10 in order: from a portal's catalogue to the report.
 * Reads: what each stage reads.
 * Writes: what each stage writes.
 */
import { runCommand } from "../lib/cli/command.ts";
import {
  type Command,
  type Given,
  type Option,
  SITE_OPTIONS,
  type Surroundings,
} from "../lib/cli/flags.ts";
import { UsageError } from "../lib/cli/errors.ts";
import { type StageEnd, summaryTable } from "../lib/pipeline/summary.ts";
import { runStage, type Stage } from "../lib/pipeline/stage.ts";
import { runAllSites } from "./pipeline/all_sites.ts";
import { stage as downloadDatasets } from "./01_download_datasets.ts";
import { stage as insertDatasets } from "./02_insert_datasets.ts";
import { stage as cleanDatasets } from "./03_clean_datasets.ts";
import { stage as downloadSearchResults } from "./04_download_search_results.ts";
import { stage as insertSearchResults } from "./05_insert_search_results.ts";
import { stage as downloadRepositories } from "./06_download_repositories.ts";
import { stage as downloadDependents } from "./07_download_dependents.ts";
import { stage as insertDependents } from "./08_insert_dependents.ts";
import { stage as buildFinal } from "./09_build_final.ts";
import { stage as deliver } from "./10_deliver.ts";

/** The stages in the order in which they run. */
export const STAGES: Stage[] = [
  downloadDatasets,
  insertDatasets,
  cleanDatasets,
  downloadSearchResults,
  insertSearchResults,
  downloadRepositories,
  downloadDependents,
  insertDependents,
  buildFinal,
  deliver,
];

/**
 * Stages that may fail where incomplete is allowed: of 01 and 04 an earlier download may be, and
 * the final tables do without the news of 06 to 08.
 */
const MAY_FAIL = [
  downloadDatasets,
  downloadSearchResults,
  downloadRepositories,
  downloadDependents,
  insertDependents,
];

/** The flags of what runs several stages of one site, beside those of every stage. */
export const PIPELINE_OPTIONS: Option[] = [
  { name: "from", value: "NN", help: "start with this stage; default 01" },
  { name: "to", value: "NN", help: "end with this stage; default 10" },
  {
    name: "accept-loss",
    help: "accept a catalogue that lost more than a fifth of its datasets as the truth",
  },
  {
    name: "allow-incomplete",
    help:
      "continue with the results of earlier runs where a download fails (01, 04, 06 to 08); status 3",
  },
];

const command: Command = {
  name: "pipeline",
  action: "run the pipeline",
  description: "Run the stages 01 to 10 in order; what is up to date is left as it is",
  options: [
    ...PIPELINE_OPTIONS,
    { name: "all", value: "DIR", help: "run every config of this folder, one site after another" },
    ...SITE_OPTIONS,
  ],
};

if (import.meta.main) Deno.exit(await runPipelineCommand(Deno.args));

/** Runs the command with these arguments and gives its exit status. */
export function runPipelineCommand(
  args: string[],
  surroundings?: Partial<Surroundings>,
): Promise<number> {
  return runCommand(command, args, runPipelines, surroundings);
}

/** Runs the pipeline of one site, or of all whose configs are in a folder. */
export function runPipelines(given: Given): Promise<number> {
  const { all } = given.flags as { all?: string };
  if (all === undefined) return runPipeline(given);
  if (given.flags["config-file"] !== undefined) {
    throw new UsageError("--all and --config-file exclude each other: name a folder or one file");
  }
  chosenStages(given.flags);
  return runAllSites(all, given, runPipeline);
}

/**
 * Runs the stages that were requested and gives the exit status. It continues after a stage that ends with 3, and then ends with
 * 3 itself; where incomplete is allowed also after a download that failed. At any other fault it stops.
 */
export async function runPipeline(given: Given): Promise<number> {
  const stages = chosenStages(given.flags);
  const ends: StageEnd[] = [];
  let status = 0;
  for (const stage of stages) {
    const started = performance.now();
    const end: StageEnd = { stage: stage.name, exit: 0, seconds: 0 };
    end.exit = await runStage(
      stage,
      argumentsFor(stage, given.flags),
      given,
      (run) => end.run = run,
    );
    end.seconds = (performance.now() - started) / 1000;
    ends.push(end);
    if (end.exit === 0) continue;
    const goesOn = end.exit === 3 ||
      end.exit === 1 && given.flags["allow-incomplete"] === true && MAY_FAIL.includes(stage);
    status = goesOn ? 3 : end.exit;
    if (!goesOn) break;
    if (end.exit === 1) given.stderr(`${stage.name} failed: continuing with earlier results\n`);
  }
  // a wrong config is recognized by its faults alone
  if (status !== 2) {
    given.stderr(["", ...summaryTable(stages.map(({ name }) => name), ends), ""].join("\n"));
  }
  return status;
}

function chosenStages(flags: Record<string, unknown>): Stage[] {
  const numbers = STAGES.map(({ name }) => name.slice(0, 2));
  const numberOf = (flag: string, otherwise: string) => {
    const number = String(flags[flag] ?? otherwise).padStart(2, "0");
    if (numbers.includes(number)) return number;
    throw new UsageError(
      `--${flag} "${flags[flag]}" is not a stage: there are ${numbers.join(", ")}`,
    );
  };
  const [from, to] = [numberOf("from", "01"), numberOf("to", "10")];
  const chosen = STAGES.filter((_, index) => numbers[index]! >= from && numbers[index]! <= to);
  if (chosen.length > 0) return chosen;
  throw new UsageError(`no stage is left from ${from} to ${to}: --from must not be after --to`);
}

/** The flags that every stage understands, handed on. */
export function argumentsOf(flags: Record<string, unknown>): string[] {
  const args: string[] = [];
  for (const name of ["config-file", "artifacts-dir"]) {
    if (flags[name]) args.push(`--${name}`, String(flags[name]));
  }
  for (const name of ["force", "debug"]) if (flags[name]) args.push(`--${name}`);
  return args;
}

/** The same, with the flags that only one stage understands. */
function argumentsFor(stage: Stage, flags: Record<string, unknown>): string[] {
  const isAccepted = flags["accept-loss"] === true && stage === downloadDatasets;
  return [...argumentsOf(flags), ...(isAccepted ? ["--accept-loss"] : [])];
}
