import { dirname, join } from "node:path";
import { checksumsOfArtifacts, listArtifacts } from "../../lib/backup/local_artifacts.ts";
import { groupObjects } from "../../lib/backup/objects.ts";
import { inParallel } from "../../lib/backup/parallel.ts";
import { planBackup } from "../../lib/backup/plan.ts";
import { IN_FLIGHT, uploadAll } from "../../lib/backup/upload.ts";
import { CloudStorage } from "../../lib/cloud_storage.ts";
import { createLog } from "../../lib/progress.ts";
import { UploadSessions } from "../../lib/upload_sessions.ts";
import {
  hashesOf,
  noise,
  write,
  writeConfig,
  writeRun,
  writeSnapshot,
} from "../helpers/artifact_tree.ts";
import { BUCKET, runTaskWith, taskArgs } from "../helpers/backup_tasks.ts";

const MB = 1_000_000;
const silent = createLog("bench", {
  write: () => {},
  isTerminal: false,
  colour: false,
  now: () => performance.now(),
});

/** Measures the backup against a storage server of this machine; prints one line a figure. */
export async function benchBackup(scratch: string): Promise<void> {
  await benchThroughput(scratch, "1,000 files of 20 kB", 1000, 20_000);
  await benchThroughput(scratch, "200 files of 2 MB", 200, 2 * MB);
  await benchThroughput(scratch, "8 files of 64 MB", 8, 64 * MB);
  await benchUnchanged(scratch, 10_000);
  await benchDisaster(scratch, 1000, 500 * MB);
}

/** The upload and a bare loop of parallel requests with the same bytes, to the same server. */
async function benchThroughput(scratch: string, what: string, files: number, bytes: number) {
  const server = await startServer(0);
  const root = join(scratch, `throughput_${files}`);
  const content = noise(bytes, 1);
  for (let at = 0; at < files; at++) {
    const minute = new Date(Date.UTC(2026, 0, 1, 0, 0, at)).toISOString().slice(0, 19);
    content.set(noise(8, at));
    await writeSnapshot(root, `final_${minute.replace(/[-:]/g, "")}Z`, content);
  }
  const { artifacts } = await listArtifacts(root);
  const sums = await checksumsOfArtifacts(root, artifacts);
  const databases = artifacts.filter(({ kind }) => kind === "snapshot");
  const total = databases.reduce((sum, artifact) => sum + artifact.bytes, 0);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < 5; round++) {
    ours.push(
      await seconds(async () => {
        const address = { project: "p", bucket: `ours${round}`, endpoint: server.url };
        const outside = {
          fetch,
          now: Date.now,
          random: Math.random,
          signal: new AbortController().signal,
          log: silent,
        };
        const storage = new CloudStorage(address, outside);
        const plan = planBackup(
          // every round under names of its own
          databases.map((it) => ({ ...it })),
          sums,
          groupObjects([]).stored,
        );
        for (const upload of plan.waves.flat()) upload.name = `ours${round}/${upload.name}`;
        const sessions = new UploadSessions(join(scratch, "sessions"));
        const result = await uploadAll(storage, root, plan, sessions, silent.bar("", "bytes"));
        if (result.uploaded !== databases.length) throw new Error("not everything was uploaded");
      }),
    );
    bare.push(
      await seconds(() =>
        inParallel(databases, IN_FLIGHT, async ({ path }) => {
          const name = encodeURIComponent(`bare${round}/${path}`);
          const url = `${server.url}/upload/storage/v1/b/b/o?uploadType=media&name=${name}`;
          const body = await Deno.readFile(join(root, path));
          await (await fetch(url, { method: "POST", body })).text();
        })
      ),
    );
  }
  server.stop();
  const speed = (times: number[]) => total / MB / Math.min(...times);
  print(
    `upload, ${what}: ${speed(ours).toFixed(0)} MB/s, bare loop ${speed(bare).toFixed(0)} MB/s, ` +
      `ratio ${(speed(ours) / speed(bare)).toFixed(2)}`,
  );
  await Deno.remove(root, { recursive: true });
}

/** A backup that finds everything in its place. */
async function benchUnchanged(scratch: string, files: number) {
  const server = await startServer(0);
  const root = join(scratch, "unchanged");
  // run.json, journal, seal and the list of runs are artifacts too
  await writeRun(root, "20261124T030000Z", files - 4, true);
  await write(root, "small/runs.ndjson", "{}\n");
  const config = await writeConfig(scratch, server.url);
  const env = { ARTIFACTS_DIR: root, ...BUCKET };
  const backUp = () => runTaskWith(env, "11_back_up_artifacts", "--config-file", config);
  await backUp();
  let ran = await backUp();
  const time = await seconds(async () => void (ran = await backUp()));
  server.stop();
  print(`backup of ${files} unchanged artifacts: ${time.toFixed(1)} s · ${ran.stderr.trim()}`);
  await Deno.remove(root, { recursive: true });
}

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
    await benchBackup(scratch);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}
