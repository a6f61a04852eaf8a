/**
 * Measures the backup against fake-gcs-server on this machine: the upload beside a bare loop of
 * parallel requests with the same bytes, and how long it takes to find nothing to do.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import CRC32C from "crc-32/crc32c";
import {
  checksumsOfArtifacts,
  listArtifacts,
  type LocalArtifact,
} from "../../lib/backup/local_artifacts.ts";
import { inParallel } from "../../lib/backup/parallel.ts";
import { planBackup } from "../../lib/backup/plan.ts";
import { IN_FLIGHT, uploadAll } from "../../lib/backup/backup.ts";
import { base64OfCrc32c } from "../../lib/storage/checksums.ts";
import { CloudStorage } from "../../lib/backup/bucket.ts";
import { formatBytes, formatCount, formatSeconds, type Log } from "../../lib/cli/progress.ts";
import { UploadSessions } from "../../lib/backup/upload.ts";
import { findFakeGcs, startFakeGcs } from "./fake_gcs.ts";
import { measureScript, printTable } from "./measure.ts";

/** Files and bytes a file. */
const SIZES: [files: number, bytes: number][] = [[1000, 20_000], [100, 2_000_000], [8, 64_000_000]];
/** The best of so many counts, ours and the loops in turn. */
const ROUNDS = 3;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const silent: Log = {
  info: () => {},
  warn: () => {},
  bar: () => ({ advance: () => {}, end: () => {} }),
};

/** Prints throughput beside a bare loop's, and what a backup of unchanged files costs. */
export async function benchBackup(scratch: string, [unchanged = 0]: number[]): Promise<void> {
  const program = await findFakeGcs();
  if (program === undefined) {
    console.log("Skipped, the backup: fake-gcs-server is neither in PATH nor in ~/go/bin");
    return;
  }
  const rows: string[][] = [];
  for (const [files, bytes] of SIZES) rows.push(await throughput(scratch, program, files, bytes));
  printTable(
    `Upload to fake-gcs-server, best of ${ROUNDS}; loops of one request a file, without and with a checksum that the service checks`,
    ["files", "ours", "bare loop", "ratio", "with checksum", "ratio", "requests"],
    rows,
  );
  await idle(scratch, program, unchanged);
}

async function throughput(scratch: string, program: string, files: number, bytes: number) {
  const root = join(scratch, `of_${bytes}`);
  await writeFiles(root, files, bytes);
  const { artifacts } = await listArtifacts(root);
  const sums = await checksumsOfArtifacts(root, artifacts);
  const best = { ours: Infinity, bare: Infinity, checked: Infinity };
  let requests = 0;
  // each on a server of its own, which keeps everything in memory and gets slower by it
  const measure = async (
    way: keyof typeof best,
    work: (storage: CloudStorage) => Promise<void>,
  ) => {
    const server = await startFakeGcs(program);
    try {
      const storage = await openBucket(server.url);
      const before = storage.requests;
      best[way] = Math.min(best[way], await seconds(() => work(storage)));
      if (way === "ours") requests = storage.requests - before;
    } finally {
      await server.stop();
    }
  };
  for (let round = 0; round < ROUNDS; round++) {
    await measure("ours", (storage) => ours(storage, root, artifacts, sums));
    await measure("bare", (storage) => loop(storage, root, artifacts, bareRequest));
    await measure("checked", (storage) => loop(storage, root, artifacts, checkedRequest));
  }
  await Deno.remove(root, { recursive: true });
  const speed = (time: number) => `${formatBytes(files * bytes / time)}/s`;
  return [
    `${formatCount(files)} of ${formatBytes(bytes)}`,
    speed(best.ours),
    speed(best.bare),
    (best.bare / best.ours).toFixed(2),
    speed(best.checked),
    (best.checked / best.ours).toFixed(2),
    formatCount(requests),
  ];
}

async function ours(
  storage: CloudStorage,
  root: string,
  artifacts: LocalArtifact[],
  sums: Map<string, string>,
): Promise<void> {
  const plan = planBackup(artifacts, sums, new Map());
  const sessions = new UploadSessions(join(root, "sessions"));
  const { uploaded } = await uploadAll(storage, root, plan, sessions, silent.bar("", ""));
  if (uploaded !== artifacts.length) throw new Error("not everything was uploaded");
}

type Send = (
  url: string,
  name: string,
  body: Uint8Array<ArrayBuffer>,
  crc32c: string,
) => Promise<Response>;

/** A parallel loop of one request a file: read, sum up, send, compare the answer. */
async function loop(storage: CloudStorage, root: string, artifacts: LocalArtifact[], send: Send) {
  const url = `${storage.address.endpoint}/upload/storage/v1/b/${storage.address.bucket}/o`;
  await inParallel(artifacts, IN_FLIGHT.small, async ({ path }) => {
    const body = await Deno.readFile(join(root, path));
    const crc32c = base64OfCrc32c(CRC32C.buf(body));
    const stored = await (await send(url, encodeURIComponent(path), body, crc32c)).json();
    if (Number(stored.size) !== body.length || stored.crc32c !== crc32c) {
      throw new Error(`"${path}" did not arrive as it is`);
    }
  });
}

/** What is damaged on the way is noticed when it is in the bucket. */
const bareRequest: Send = (url, name, body) =>
  fetch(`${url}?uploadType=media&ifGenerationMatch=0&name=${name}`, { method: "POST", body });

/** The service refuses what is damaged on the way, as the backup needs it: nothing is ever overwritten. */
const checkedRequest: Send = (url, name, body, crc32c) => {
  const head = `--part\r\ncontent-type: application/json\r\n\r\n${JSON.stringify({ crc32c })}\r\n` +
    `--part\r\ncontent-type: application/octet-stream\r\n\r\n`;
  return fetch(`${url}?uploadType=multipart&ifGenerationMatch=0&name=${name}`, {
    method: "POST",
    headers: { "content-type": "multipart/related; boundary=part" },
    body: Buffer.concat([Buffer.from(head), body, Buffer.from("\r\n--part--\r\n")]),
  });
};

/** A backup that finds everything in its place. */
async function idle(scratch: string, program: string, files: number): Promise<void> {
  const root = join(scratch, "unchanged");
  await writeFiles(root, files, 500);
  // in its memory it looks through all objects for each new one
  const server = await startFakeGcs(program, join(scratch, "bucket"));
  try {
    const storage = await openBucket(server.url);
    const config = join(scratch, "bench.toml");
    await Deno.writeTextFile(
      config,
      `[site]\nshort_name = "bench"\npackage_search_endpoint_url = "http://127.0.0.1:1/"\n` +
        `[backup]\napi_endpoint = "${server.url}"\n`,
    );
    Deno.env.set("GCP_BUCKET", storage.address.bucket);
    Deno.env.set("GCP_PROJECT", storage.address.project);
    const script = join(ROOT, "tasks/11_back_up_artifacts.ts");
    const args = ["--config-file", config, "--artifacts-dir", root];
    const up = await measureScript(script, args);
    const again = await measureScript(script, args);
    const requestsOf = (stderr: string) => /· ([\d,]+ requests)/.exec(stderr)?.[1] ?? stderr;
    const cells = (ran: typeof up) => [
      String(ran.exit),
      formatSeconds(ran.seconds),
      requestsOf(ran.stderr),
      formatBytes(ran.peakBytes),
    ];
    printTable(`A backup of ${formatCount(files)} files as a command`, [
      "",
      "exit",
      "time",
      "requests",
      "peak memory",
    ], [["first", ...cells(up)], ["unchanged", ...cells(again)]]);
  } finally {
    await server.stop();
    await Deno.remove(root, { recursive: true });
  }
}

async function openBucket(url: string): Promise<CloudStorage> {
  const effects = {
    fetch: globalThis.fetch,
    now: () => new Date(),
    random: Math.random,
    signal: new AbortController().signal,
    log: silent,
  };
  const storage = new CloudStorage({ project: "bench", bucket: "ours", endpoint: url }, effects);
  await makeBucket(url, "ours");
  // the first request of a process loads what the client needs
  await storage.list();
  return storage;
}

async function makeBucket(url: string, bucket: string): Promise<void> {
  await fetch(`${url}/storage/v1/b?project=bench`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: bucket }),
  }).then((response) => response.text());
}

/** Files of noise, each another. */
async function writeFiles(root: string, files: number, bytes: number): Promise<void> {
  const folder = join(root, "bench", "delivery");
  await Deno.mkdir(folder, { recursive: true });
  const content = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65_536) {
    crypto.getRandomValues(content.subarray(at, at + 65_536));
  }
  const number = new DataView(content.buffer);
  for (let file = 0; file < files; file++) {
    number.setUint32(0, file);
    await Deno.writeFile(join(folder, `${String(file).padStart(6, "0")}.bin`), content);
  }
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
