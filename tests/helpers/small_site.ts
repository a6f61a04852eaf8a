import { join } from "node:path";
import { runTask } from "./run_task.ts";
import { CONFIG_TEXT, smallSite } from "./small_snapshots.ts";

/** Runs a task on the small site. */
export type Run = (task: string, ...args: string[]) => ReturnType<typeof runTask>;

/** Gives a test an empty artifacts directory with the small site's config, and clears it away. */
export async function inSmallSite(
  test: (site: ReturnType<typeof smallSite>, run: Run) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    const config = join(root, "small.toml");
    await Deno.writeTextFile(config, CONFIG_TEXT);
    await test(
      smallSite(root),
      (task, ...args) => runTask(task, "--config-file", config, "--artifacts-dir", root, ...args),
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
