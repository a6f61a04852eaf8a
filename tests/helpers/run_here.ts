/**
 * Runs stages and the pipeline in the test's own process: the same flags, output and exit status as
 * the command, without its start of 0.3 s. Signals, permissions and what a kill leaves are tested
 * with real processes (`run_task.ts`).
 * @module
 */
import { runStage, type Stage } from "../../lib/pipeline/stage.ts";
import { runPipelineCommand } from "../../tasks/pipeline.ts";
import type { Ran } from "./run_task.ts";

/** Retries wait so much less: what is tested is that they come, not how long they take. */
const WAIT_FACTOR = 0.05;

/**
 * Runs a stage, or `pipeline`, to its end.
 * @param env all that it sees of the environment
 */
export async function runHere(
  env: Record<string, string | undefined>,
  task: string,
  ...args: string[]
): Promise<Ran> {
  let stderr = "";
  const surroundings = {
    env: (name: string) => env[name] || undefined,
    stderr: (text: string) => {
      stderr += text;
    },
    waitFactor: WAIT_FACTOR,
  };
  const code = task === "pipeline"
    ? await runPipelineCommand(args, surroundings)
    : await runStage(await stageOf(task), args, surroundings);
  return { code, stdout: "", stderr };
}

async function stageOf(task: string): Promise<Stage> {
  const { stage } = await import(`../../tasks/${task}.ts`);
  return stage;
}

/** Whether `runHere()` can run this task. */
export function canRunHere(task: string): boolean {
  return /^(\d\d_|pipeline$)/.test(task);
}
