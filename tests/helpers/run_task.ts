/** Runs a task as a user does, with the very command of deno.json. */
export function runTask(task: string, ...args: string[]): Promise<Ran> {
  return runTaskWith({}, task, ...args);
}

/** The same with these variables in the task's environment. */
export async function runTaskWith(
  env: Record<string, string>,
  task: string,
  ...args: string[]
): Promise<Ran> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", task, ...args],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

/** How a task ended. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}
