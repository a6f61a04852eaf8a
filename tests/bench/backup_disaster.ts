import { dirname, join } from "node:path";
import { hashesOf, noise, writeConfig, writeRun, writeSnapshot } from "../helpers/artifact_tree.ts";
import { BUCKET, runTaskWith, taskArgs } from "../helpers/backup_tasks.ts";

/**
 * The worst day of a backup, run by hand: `deno run -A tests/bench/backup_disaster.ts`. A thousand artifacts and one of
 * 500 MB go up while a fifth of the requests fails and the process is killed, come down on an empty
 * machine, and one bit flips.
 */

const MB = 1_000_000;

/** Up through faults and a kill, down on an empty machine, one bit flipped. */
async function benchDisaster(scratch: string, files: number, bytes: number) {
  const server = await startServer(0.2);
  const root = join(scratch, "disaster");
  await writeRun(root, "20261124T030000Z", files - 5, true);
  await writeSnapshot(root, "final_20261125T040000Z", noise(bytes, 3));
  const config = await writeConfig(scratch, server.url);
  const env = { ARTIFACTS_DIR: root, ...BUCKET };
  const process = new Deno.Command(Deno.execPath(), {
    args: [...await taskArgs("11_back_up_artifacts"), "--config-file", config],
    env,
    stderr: "null",
  }).spawn();
  const killedAfter = await seconds(async () => {
    // the large file is under way once its session is kept
    const sessions = join(root, "small", "scratch", "uploads");
    while (!await Deno.stat(sessions).catch(() => undefined)) await sleep(20);
    await sleep(1000);
  });
  process.kill("SIGKILL");
  await process.status;
  const run = (task: string, ...args: string[]) =>
    runTaskWith(env, task, "--config-file", config, ...args);
  const up = await timed(() => run("11_back_up_artifacts"));
  const into = join(scratch, "empty_machine");
  const down = await timed(() => run("restore_artifacts", "--artifacts-dir", into));
  const isEqual = JSON.stringify(sorted(await hashesOf(root))) ===
    JSON.stringify(sorted(await hashesOf(into)));
  const rotten = join(into, "small/downloads/datasets/20261124T030000Z/000500.gz");
  const spoilt = await Deno.readFile(rotten);
  spoilt[100]! ^= 8;
  await Deno.writeFile(rotten, spoilt);
  const verified = await timed(() => run("verify_artifacts", "--local", "--artifacts-dir", into));
  server.stop();
  print(
    `${files} artifacts and ${bytes / MB} MB with 20 % faults, killed after ` +
      `${killedAfter.toFixed(1)} s: up again exit ${up.code} in ${
        up.time.toFixed(1)
      } s, down exit ` +
      `${down.code} in ${down.time.toFixed(1)} s, byte for byte ${isEqual}; verify exit ` +
      `${verified.code} in ${verified.time.toFixed(1)} s: ${verified.stdout.trim()}`,
  );
  if (up.code !== 0) print(up.stderr.trim().split("\n").at(-1)!);
  if (down.code !== 0) print(down.stderr.trim().split("\n").at(-1)!);
}

async function startServer(rate: number): Promise<{ url: string; stop(): void }> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(dirname(import.meta.dirname!), "helpers/serve_storage.ts"), `${rate}`],
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  return { url: value!.trim(), stop: () => process.kill("SIGKILL") };
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function timed<Result extends object>(work: () => Promise<Result>) {
  const start = performance.now();
  return { ...await work(), time: (performance.now() - start) / 1000 };
}

function sorted(hashes: Record<string, string>): [string, string][] {
  return Object.entries(hashes).sort();
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function print(line: string): void {
  console.log(line);
}

if (import.meta.main) {
  const scratch = await Deno.makeTempDir();
  try {
    await benchDisaster(scratch, 1000, 500 * MB);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}
