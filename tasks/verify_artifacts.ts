/**
 * Reads every artifact, here and in the bucket, and compares it with the manifests.
 * Reads: artifacts/, gs://$GCP_BUCKET/
 * Writes: nothing
 */
import { join } from "node:path";
import { walk } from "@std/fs/walk";
import { listSites } from "../lib/storage/paths.ts";
import { openBucket } from "../lib/backup/bucket.ts";
import { ChecksumIndex } from "../lib/backup/local_artifacts.ts";
import { BUCKET_OPTIONS, bucketContext } from "../lib/backup/bucket.ts";
import { listFiles } from "../lib/backup/local_artifacts.ts";
import { groupObjects, newestVersion, type StoredArtifact } from "../lib/backup/objects.ts";
import { type Expected, type Place, type PlacedFile, verifyPlace } from "../lib/backup/verify.ts";
import type { CloudStorage } from "../lib/backup/bucket.ts";
import { runCommand } from "../lib/cli/command.ts";
import { StageError } from "../lib/cli/errors.ts";
import type { Command, Given } from "../lib/cli/flags.ts";
import { formatBytes, formatCount, type Log } from "../lib/cli/progress.ts";

const command: Command = {
  name: "verify_artifacts",
  action: "vouch for the artifacts",
  description: "Read every artifact, here and in the bucket, and compare it with the manifests",
  options: [
    { name: "site", value: "NAME", help: "only this site; default all" },
    { name: "local", help: "only this machine; does not use the bucket" },
    ...BUCKET_OPTIONS,
  ],
};

if (import.meta.main) Deno.exit(await runCommand(command, Deno.args, verifyArtifacts));

/** Names every file that is damaged, cut or missing on standard output; gives the exit status. */
export async function verifyArtifacts(given: Given): Promise<number> {
  const { root, endpoint, log, effects } = await bucketContext(command.name, given);
  const site = given.flags.site as string | undefined;
  const storage = given.flags.local ? undefined : openBucket(given.env, endpoint, effects);
  const { stored } = groupObjects(await storage?.list() ?? []);
  const wanted = [...stored.values()].filter((it) => site === undefined || it.site === site);

  const sites = site === undefined ? await listSites(root) : [site];
  const faults = await verify(log, await localPlace(root, sites, stored));
  for (const half of await halfFiles(root, sites)) {
    log.info(`Left by a run that was cut, or being written: ${half}`);
  }
  if (storage) faults.push(...await verify(log, bucketPlace(storage, wanted)));
  for (const fault of faults) console.log(fault);
  if (faults.length === 0) return 0;
  throw new StageError(
    `${formatCount(faults.length)} ${faults.length === 1 ? "fault" : "faults"}: ${
      faults[0]
    }: move ` +
      `damaged files away and run "deno task restore_artifacts"`,
  );
}

async function verify(log: Log, place: Place): Promise<string[]> {
  const total = place.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const bar = log.bar(`Reading ${place.name}`, "bytes", total);
  const faults = await verifyPlace(place, (bytes) => bar.advance(bytes));
  bar.end();
  const { name, files: { length } } = place;
  log.info(
    `${name}: ${formatCount(length)} files (${formatBytes(total)}), ${
      faults.length === 0 ? "all as they should be" : `${formatCount(faults.length)} faults`
    }`,
  );
  return faults;
}

/** This machine. Files that never change are also held to what the bucket has. */
async function localPlace(
  root: string,
  sites: string[],
  stored: Map<string, StoredArtifact>,
): Promise<Place> {
  const indexes = new Map<string, ChecksumIndex>();
  for (const site of sites) indexes.set(site, await ChecksumIndex.open(root, site));
  const files: PlacedFile[] = [];
  for (const file of await listFiles(root, sites)) {
    const known: Expected[] = [];
    const crc32c = indexes.get(file.site)!.get(file.path, file.bytes, file.mtime);
    if (crc32c) known.push({ says: "the last backup", crc32c });
    const there = stored.get(file.path);
    const isFixed = file.kind.startsWith("snapshot") || file.run?.file.endsWith(".gz");
    if (there && isFixed) {
      const { bytes, crc32c } = newestVersion(there);
      known.push({ says: "the bucket", bytes, crc32c });
    }
    files.push({ ...file, label: file.path, isNewest: true, known });
  }
  return { name: root, files, read: ({ path }) => readFile(join(root, path)) };
}

async function* readFile(file: string) {
  yield* (await Deno.open(file)).readable;
}

/** The bucket, older versions included. */
function bucketPlace(storage: CloudStorage, artifacts: StoredArtifact[]): Place {
  const files = artifacts.flatMap((artifact) =>
    artifact.versions.map((version) => ({
      ...artifact,
      label: storage.url(version.name),
      bytes: version.bytes,
      object: version,
      isNewest: version === newestVersion(artifact),
      known: [{ says: "the bucket's list", bytes: version.bytes, crc32c: version.crc32c }],
    }))
  );
  const objects = new Map(files.map(({ label, object }) => [label, object]));
  return { name: storage.url(""), files, read: ({ label }) => storage.read(objects.get(label)!) };
}

async function halfFiles(root: string, sites: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of sites.flatMap((site) => [join(root, site), join(root, "read_only", site)])) {
    try {
      for await (const { path } of walk(folder, { match: [/\.part$/, /\/\.building_/] })) {
        found.push(path);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return found.sort();
}
