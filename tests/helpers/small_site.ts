import { join } from "node:path";
import { canRunHere, runHere } from "./run_here.ts";
import { type Ran, runTask } from "./run_task.ts";
import { CONFIG_TEXT, smallSite } from "./small_snapshots.ts";

/** Runs a task on the small site. */
export type Run = (task: string, ...args: string[]) => Promise<Ran>;

/** Writes the small site's config into an empty artifacts directory. */
export async function smallSiteIn(
  root: string,
): Promise<{ site: ReturnType<typeof smallSite>; run: Run }> {
  const config = join(root, "small.toml");
  await Deno.writeTextFile(config, CONFIG_TEXT);
  const run: Run = (task, ...args) => {
    const all = ["--config-file", config, "--artifacts-dir", root, ...args];
    return canRunHere(task) ? runHere({}, task, ...all) : runTask(task, ...all);
  };
  return { site: smallSite(root), run };
}

/** Gives a test an empty artifacts directory with the small site's config, and removes it. */
export async function inSmallSite(
  test: (site: ReturnType<typeof smallSite>, run: Run) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    const { site, run } = await smallSiteIn(root);
    await test(site, run);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
