import { join } from "node:path";
import { writeConfig, writeTree } from "./artifact_tree.ts";
import { StorageServer } from "./storage_server.ts";

/** The backup's tasks as a user runs them, against a bucket of one test. */

export interface Bench {
  server: StorageServer;
  folder: string;
  /** The artifacts directory with the small site in it. */
  root: string;
  run(task: string, ...args: string[]): Promise<Ran>;
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** The command line of a task, with the permissions that deno.json gives it. */
export async function taskArgs(task: string): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  return (tasks[task].command as string).split(" ").slice(1);
}

export async function runTaskWith(
  env: Record<string, string>,
  task: string,
  ...args: string[]
): Promise<Ran> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: [...await taskArgs(task), ...args],
    env: { NO_COLOR: "1", CONFIG_PATH: "", ...env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

export const BUCKET = { GCP_BUCKET: "bucket", GCP_PROJECT: "project" };

/** A server, a folder with the small site, and its tasks; all gone at the end. */
export async function withBucket(body: (bench: Bench) => Promise<void>): Promise<void> {
  const server = await StorageServer.start();
  const folder = await Deno.makeTempDir();
  try {
    const root = join(folder, "artifacts");
    await writeTree(root);
    const config = await writeConfig(folder, server.url);
    const run = (task: string, ...args: string[]) =>
      runTaskWith(
        { ARTIFACTS_DIR: root, ...BUCKET },
        task,
        "--config-file",
        config,
        ...args,
      );
    await body({ server, folder, root, run });
  } finally {
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  }
}
