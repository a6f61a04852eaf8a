import { hostname } from "node:os";
import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { listNames, type SitePaths } from "./artifacts.ts";
import { StageError } from "./errors.ts";

/**
 * Takes the stage's lock. It is the system's lock on an open file, so that it is gone with its owner, however that ended.
 * @throws {StageError} that names who holds it.
 */
export async function lock(paths: SitePaths, stage: string): Promise<() => void> {
  await ensureDir(paths.locks);
  const file = await Deno.open(join(paths.locks, `${stage}.lock`), {
    read: true,
    write: true,
    create: true,
  });
  if (!await file.tryLock(true)) {
    file.close();
    const owner = await Deno.readTextFile(join(paths.locks, `${stage}.lock`)).catch(() => "");
    throw new StageError(
      `another run of "${stage}" is at work (${
        owner.trim() || "just begun"
      }): wait for its end or stop it`,
    );
  }
  await file.truncate();
  const owner = `process ${Deno.pid} on ${hostname()} since ${new Date().toISOString()}\n`;
  await file.write(new TextEncoder().encode(owner));
  return () => file.close();
}

/** The stages that run now, each with its owner's words. */
export async function runningStages(paths: SitePaths): Promise<Map<string, string>> {
  const running = new Map<string, string>();
  for (const name of await listNames(paths.locks, (entry) => entry.name.endsWith(".lock"))) {
    const path = join(paths.locks, name);
    const file = await Deno.open(path);
    // a shared lock can be had exactly when nobody holds the stage's own
    if (!await file.tryLock(false)) {
      running.set(name.replace(/\.lock$/, ""), (await Deno.readTextFile(path)).trim());
    }
    file.close();
  }
  return running;
}
