/**
 * A copy of the project in which one change at a time is made and tried.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDir } from "@std/fs/ensure-dir";
import type { Mutant } from "./mutants.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** A change that makes a loop endless is noticed, too. */
const LONGEST_SECONDS = 60;

/** A copy of the project's files. */
export interface Copy {
  root: string;
  /** Whether tests pass without any change, by their names; each is asked once. */
  passing: Map<string, boolean>;
  remove(): Promise<void>;
}

/**
 * How a change was taken: no test failed ("survived"), its text is not in the file exactly once
 * ("outdated"), or its tests fail without it, too ("tests fail").
 */
export interface Result {
  mutant: Mutant;
  outcome: "noticed" | "survived" | "outdated" | "tests fail";
  seconds: number;
}

/** Copies what git knows, changes that are not committed included. */
export async function copyProject(): Promise<Copy> {
  const folder = await Deno.makeTempDir({ prefix: "mutate_" });
  const root = join(folder, "project");
  const { stdout } = await new Deno.Command("git", {
    args: ["ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    cwd: ROOT,
  }).output();
  for (const name of new TextDecoder().decode(stdout).split("\0")) {
    if (name === "" || !await exists(join(ROOT, name))) continue;
    await ensureDir(dirname(join(root, name)));
    await Deno.copyFile(join(ROOT, name), join(root, name));
  }
  // tests find recorded answers beside the project
  const shared = join(ROOT, "..", "shared");
  if (await exists(shared)) await Deno.symlink(shared, join(folder, "shared"));
  return { root, passing: new Map(), remove: () => Deno.remove(folder, { recursive: true }) };
}

/** Makes the change, runs its tests, and takes the change back. */
export async function tryMutant(copy: Copy, mutant: Mutant): Promise<Result> {
  const started = performance.now();
  const result = (outcome: Result["outcome"]): Result => ({
    mutant,
    outcome,
    seconds: (performance.now() - started) / 1000,
  });
  const file = join(copy.root, mutant.file);
  const text = await exists(file) ? await Deno.readTextFile(file) : "";
  if (text.split(mutant.find).length !== 2) return result("outdated");
  const tests = JSON.stringify([mutant.tests, mutant.filter]);
  if (!copy.passing.has(tests)) copy.passing.set(tests, await passes(copy.root, mutant));
  if (!copy.passing.get(tests)) return result("tests fail");
  await Deno.writeTextFile(file, text.replace(mutant.find, () => mutant.replace));
  try {
    return result(await passes(copy.root, mutant) ? "survived" : "noticed");
  } finally {
    await Deno.writeTextFile(file, text);
  }
}

async function passes(root: string, { tests, filter }: Mutant): Promise<boolean> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--quiet", "--no-check", "--fail-fast", "-A"],
      ...(filter === undefined ? [] : ["--filter", filter]),
      ...tests,
    ],
    cwd: root,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), 1000 * LONGEST_SECONDS);
  const { success } = await child.status;
  clearTimeout(timer);
  return success;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
