/**
 * Locks: a stage's own, and one of the whole site that every stage shares and `prune` has alone.
 * Each is the system's lock on an open file, so that it is gone with its owner, however that ended.
 * The file holds the owner, the host, the start and, renewed all the time, the last sign of life: on a network drive
 * another host's lock may outlive its owner.
 *
 * @module
 */
import { hostname } from "node:os";
import { join } from "node:path";
import { ensureDir } from "@std/fs/ensure-dir";
import { listNames, type SitePaths } from "../storage/paths.ts";
import { StageError } from "../cli/errors.ts";

const HEARTBEAT_MS = 10_000;
/** Whoever looks whether a stage runs holds its lock for a moment. */
const LOOKS = { most: 4, pauseMs: 10 };
/** The file that represents the whole site. */
const SITE = "site.in_use";

/**
 * Takes the stage's lock, which others see by its name.
 * @param alone no other stage of the site may be at work meanwhile
 * @returns what gives the lock back
 * @throws {StageError} that names who holds it.
 */
export async function lock(
  paths: Pick<SitePaths, "locks">,
  stage: string,
  { alone = false, heartbeatMs = HEARTBEAT_MS } = {},
): Promise<() => void> {
  await ensureDir(paths.locks);
  const own = await open(join(paths.locks, `${stage}.lock`));
  let site: Deno.FsFile | undefined;
  try {
    if (!await tryFor(own)) {
      throw new StageError(
        `another run of "${stage}" is running (${await ownerOf(
          paths,
          stage,
        )}): wait for it to end or stop it`,
      );
    }
    const owner = `process ${Deno.pid} on ${hostname()} since ${new Date().toISOString()}`;
    own.truncateSync();
    sign(own, owner);
    site = await open(join(paths.locks, SITE));
    if (!await site.tryLock(alone)) throw new StageError(await describeOthers(paths, stage));
    const timer = setInterval(() => sign(own, owner), heartbeatMs);
    // a stage that forgets its lock does not keep the process alive
    Deno.unrefTimer(timer);
    return () => {
      clearInterval(timer);
      site!.close();
      own.close();
    };
  } catch (error) {
    site?.close();
    own.close();
    throw error;
  }
}

/** The stages that run now, each with its owner's words. */
export async function runningStages(paths: Pick<SitePaths, "locks">): Promise<Map<string, string>> {
  const running = new Map<string, string>();
  for (const name of await listNames(paths.locks, (entry) => entry.name.endsWith(".lock"))) {
    const file = await Deno.open(join(paths.locks, name));
    const stage = name.replace(/\.lock$/, "");
    // a shared lock can be had exactly when no one holds the stage's own
    if (!await file.tryLock(false)) running.set(stage, await ownerOf(paths, stage));
    file.close();
  }
  return running;
}

async function tryFor(file: Deno.FsFile): Promise<boolean> {
  for (let look = 1; !await file.tryLock(true); look++) {
    if (look === LOOKS.most) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOKS.pauseMs));
  }
  return true;
}

function open(file: string): Promise<Deno.FsFile> {
  return Deno.open(file, { read: true, write: true, create: true });
}

/** Writes over what was there: both lines have the same length, so a full disk has room for it. */
function sign(file: Deno.FsFile, owner: string): void {
  try {
    file.seekSync(0, Deno.SeekMode.Start);
    file.writeSync(new TextEncoder().encode(`${owner}, last sign ${new Date().toISOString()}\n`));
  } catch {
    // the lock holds without these words
  }
}

async function ownerOf(paths: Pick<SitePaths, "locks">, stage: string): Promise<string> {
  const text = await Deno.readTextFile(join(paths.locks, `${stage}.lock`)).catch(() => "");
  return text.trim() || "just started";
}

async function describeOthers(paths: Pick<SitePaths, "locks">, stage: string): Promise<string> {
  const others = [...await runningStages(paths)].filter(([name]) => name !== stage)
    .map(([name, owner]) => `"${name}" is running (${owner})`);
  return `${
    others.join(", ") || "another stage of the site is running"
  }: wait for it to end or stop it`;
}
